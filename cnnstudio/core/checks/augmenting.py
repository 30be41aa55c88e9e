"""Checks of augmentation: whether what is compared with moves along (C15)."""

from collections.abc import Iterator

from cnnstudio.core.analysis.findings import Finding, removal_fix
from cnnstudio.core.checks.context import CheckContext


def moved_without_its_target(context: CheckContext) -> Iterator[Finding]:
    """C15: a layer moves the picture at random, and the task compares place by place."""
    task = context.project.task
    if not task.tells_of_places:
        return
    target = "mask" if task.needs_masks else "picture it is compared with"
    for row in context.analysis.rows:
        if row.layer.moves_places:
            yield Finding(
                "C15",
                "warning",
                row.name,
                f"{row.name} moves the picture at random, and the {target} stays where it was. Remove "
                f"{row.name}; "
                "layers that change colors or sharpness alone may stay.",
                "The layers of the network see the picture only. Place for place it would learn what is not "
                "there.",
                (removal_fix(f"Remove {row.name}", row.name),),
            )
