"""Checks of the Input and the last layer against the data, the task and the loss (C01, C02)."""

from collections.abc import Iterator

from cnnstudio.core.analysis import Row
from cnnstudio.core.analysis.edits import Edit
from cnnstudio.core.analysis.findings import Finding, Fix, settings_fix
from cnnstudio.core.checks.context import CheckContext, activation_of
from cnnstudio.core.project import Project
from cnnstudio.core.project.data import MAX_SIDE, Colors
from cnnstudio.core.tasks import Head
from cnnstudio.core.values.shape import Shape, fits, shown

_KEEPING_CHANNELS = ("activation", "normalization", "pooling", "regularization")
_COLORS: dict[int, Colors] = {1: "gray", 3: "color"}

_VOLUME = 4
"""Axes of a sample that no picture has: a volume, or the frames of a film."""


def output_fits_task(context: CheckContext) -> Iterator[Finding]:
    """C01: the last layer gives something of another shape than the task asks for."""
    head = _head(context)
    if head is not None and context.facts is not None:
        yield from context.project.task.shape_findings(head, context.facts)


def head_fits_loss(context: CheckContext) -> Iterator[Finding]:
    """C02: last activation, loss and labels disagree."""
    head = _head(context)
    if head is not None:
        yield from context.project.task.loss_findings(head)


def _head(context: CheckContext) -> Head | None:
    """What the task judges; `None` while the last layer has no shape."""
    last, training = context.last, context.project.training
    if last.output_shape is None:
        return None
    maker = _maker(context, last)
    return Head(last, activation_of(last), training.loss, training.from_logits, maker)


def _maker(context: CheckContext, row: Row) -> Row | None:
    """Up from the last layer, through those that leave the channels as they are."""
    while row.layer.family in _KEEPING_CHANNELS and len(row.inputs) == 1:
        row = context.analysis.row(row.inputs[0])
    return row if {"filters", "units"} & vars(row.layer).keys() else None


def input_fits_data(context: CheckContext) -> Iterator[Finding]:
    """C01: the Input's shape is not that of the data's samples."""
    facts = context.facts
    if facts is None or fits(context.network.input_shape, facts.sample_shape):
        return
    name = context.network.input.name
    sample = shown(facts.sample_shape)
    if len(context.network.input_shape) == _VOLUME:
        yield _volumes_are_missing(context, facts.title, sample)
        return
    yield Finding(
        "C01",
        "error",
        name,
        f"{name} does not take the samples of {facts.title}, which are {sample}. Set its shape to that.",
        "The network can only be fed what its Input describes.",
        (
            settings_fix(f"Set {sample}", name, shape=facts.sample_shape),
            *_other_pictures(context.network.input_shape),
        ),
    )


def _other_pictures(shape: Shape) -> Iterator[Fix]:
    """The pictures brought to the size of the Input instead, for a network that is made for that size."""
    sizes = [size for size in shape if size is not None]
    if len(shape) != 3 or len(sizes) < 3 or max(sizes[:2]) > MAX_SIDE or sizes[2] not in _COLORS:
        return
    yield Fix(f"Bring the pictures to {shown(shape)}", _prepared((sizes[0], sizes[1]), _COLORS[sizes[2]]))


def _prepared(size: tuple[int, int], colors: Colors) -> Edit:
    def apply(project: Project) -> Project:
        changes = {"size": size, "colors": colors}
        preparation = project.data.preparation.model_copy(update=changes)
        return project.with_data(project.data.with_preparation(preparation))

    return apply


def _volumes_are_missing(context: CheckContext, title: str, sample: str) -> Finding:
    """No source of data gives volumes or films, so no other shape would do."""
    name, shape = context.network.input.name, shown(context.network.input_shape)
    return Finding(
        "C01",
        "error",
        name,
        f"{name} takes volumes or films of {shape}, and {title} holds {sample}: data of that kind "
        "are missing. Export the network and train it where you have them.",
        "CNN Studio reads images; shapes, parameters and code of such a network are right all the same.",
    )
