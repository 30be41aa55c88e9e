"""Checks of augmentation: whether what pictures are compared with is moved (C15) and mixed (C16) along."""

from collections.abc import Iterator

from cnnstudio.core.analysis.findings import Finding, Fix, removal_fix
from cnnstudio.core.checks.context import CheckContext
from cnnstudio.core.network.augmentation import augmentation_head
from cnnstudio.core.tasks import Classification
from cnnstudio.core.tasks.fixes import joined, labels_fix, loss_name_fix


def moved_without_its_target(context: CheckContext) -> Iterator[Finding]:
    """C15: a layer moves the picture at random, and the task compares place by place."""
    task = context.project.task
    if not task.tells_of_places:
        return
    target, along = _target(context), _going_along(context)
    for row in context.analysis.rows:
        if row.layer.moves_places and row.name not in along:
            yield Finding(
                "C15",
                "warning",
                row.name,
                f"{row.name} moves the picture at random, and the {target} stays where it was. Remove "
                f"{row.name}; layers that change colors or sharpness alone may stay.",
                _why(task.needs_masks),
                (removal_fix(f"Remove {row.name}", row.name),),
            )


def mixed_without_its_target(context: CheckContext) -> Iterator[Finding]:
    """C16: a layer mixes pictures, and what they are compared with is not mixed."""
    target, along = _target(context), _going_along(context)
    head = {layer.name for layer in augmentation_head(context.network)}
    for row in context.analysis.rows:
        if row.layer.mixes_labels and row.name not in along:
            yield Finding(
                "C16",
                "warning",
                row.name,
                f"{row.name} mixes pictures, and the {target} of each stays as it was. Remove {row.name}, or "
                "have one-hot labels, which are mixed too, and the layer right below the Input.",
                "Of two pictures in one the network would be told to see the first alone.",
                tuple(_mendings(context, row.name, row.name in head)),
            )


def _mendings(context: CheckContext, name: str, in_head: bool) -> Iterator[Fix]:
    task = context.project.task
    if in_head and isinstance(task, Classification) and task.labels == "integer":
        one_hot = (labels_fix("one-hot"), loss_name_fix("categorical_crossentropy"))
        yield joined("Use one-hot labels and categorical cross-entropy", *one_hot)
    yield removal_fix(f"Remove {name}", name)


def _going_along(context: CheckContext) -> set[str]:
    """The layers that change what pictures are compared with as they change the pictures."""
    task = context.project.task
    return {layer.name for layer in augmentation_head(context.network) if task.target_goes_along(layer)}


def _target(context: CheckContext) -> str:
    task = context.project.task
    if task.needs_masks:
        return "mask"
    return "picture it is compared with" if task.tells_of_places else "label"


def _why(needs_masks: bool) -> str:
    along = (
        " Masks are moved along by flips, rotations, zooms, translations, shears, perspectives and elastic "
        "changes that stand right below the Input."
    )
    return "Place for place it would learn what is not there." + (along if needs_masks else "")
