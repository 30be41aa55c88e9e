"""Checks of augmentation: whether what is compared with moves along (C15)."""

from collections.abc import Iterator

from cnnstudio.core.analysis.findings import Finding, removal_fix
from cnnstudio.core.checks.context import CheckContext
from cnnstudio.core.network.augmentation import augmentation_head


def moved_without_its_target(context: CheckContext) -> Iterator[Finding]:
    """C15: a layer moves the picture at random, and the task compares place by place."""
    task = context.project.task
    if not task.tells_of_places:
        return
    target = "mask" if task.needs_masks else "picture it is compared with"
    head = augmentation_head(context.network) if task.needs_masks else ()
    along = {layer.name for layer in head if layer.moves_masks}
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


def _why(needs_masks: bool) -> str:
    along = (
        " Masks are moved along by flips, rotations, zooms, translations, shears, perspectives and elastic "
        "changes that stand right below the Input."
    )
    return "Place for place it would learn what is not there." + (along if needs_masks else "")
