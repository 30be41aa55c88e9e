"""Checks of what the values of a map can see of the image (C09)."""

from collections.abc import Iterator, Mapping, Sequence

from cnnstudio.core.analysis import Row
from cnnstudio.core.analysis.findings import Finding, Fix
from cnnstudio.core.analysis.receptive_field import AxisField
from cnnstudio.core.checks.context import CheckContext
from cnnstudio.core.kernels.padding import effective_kernel
from cnnstudio.core.layers import Window

_TINY = 0.25
_MANY = 2
_WHY_TOO_DEEP = (
    "A kernel whose input sees the whole image already finds no new context, only padding (Richter, Shenk, "
    'Byttner, Wiedenroth and Arpteg 2021, "Should You Go Deeper? Optimizing Convolutional Neural Network '
    'Architectures without Training").'
)
_WHY_TINY = "Global pooling averages what each value saw; none of them saw more than a small patch."


def layers_see_more_than_the_image(context: CheckContext) -> Iterator[Finding]:
    """C09: convolutions below the point where even the shortest path sees the whole image."""
    axis = _longest_axis(context)
    last = _last_map(context)
    if axis is None or last is None or last.receptive_field is None:
        return
    size = context.network.input_shape[axis] or 0
    if last.receptive_field[axis].size <= size:
        return
    idle = _beyond(context, axis, size)
    if len(idle) >= _MANY:
        yield Finding(
            "C09",
            "advice",
            idle[0].name,
            f"{idle[0].name} and {len(idle) - 1} more layers below it begin where each value sees all {size} "
            "pixels already. Use fewer layers, larger images, or skip connections.",
            _WHY_TOO_DEEP,
            () if any(row.layer.merges for row in context.analysis.rows) else (_fewer_layers(idle),),
        )


def _fewer_layers(idle: list[Row]) -> Fix:
    names = tuple(row.name for row in idle)
    return Fix(
        f"Remove {len(names)} layers",
        lambda project: project.with_network(project.network.removed(*names)),
    )


def _longest_axis(context: CheckContext) -> int | None:
    """The axis along which the images are longest; `None` where a size is open."""
    sizes = context.network.input_shape[:-1]
    if not sizes or None in sizes:
        return None
    return max(range(len(sizes)), key=lambda axis: sizes[axis] or 0)


def _last_map(context: CheckContext) -> Row | None:
    """The last layer whose result is a map larger than one value, or was made of one by a window."""
    return next((row for row in reversed(context.analysis.rows) if _is_map(row)), None)


def _is_map(row: Row) -> bool:
    if row.receptive_field is None or row.layer.family not in ("convolution", "pooling"):
        return False
    return not _is_global(row)


def _is_global(row: Row) -> bool:
    return row.layer.type.startswith("Global")


def _beyond(context: CheckContext, axis: int, size: int) -> list[Row]:
    """The convolutions whose input sees `size` pixels along every path from the image."""
    narrowest: dict[str, int] = {}
    idle: list[Row] = []
    for row in context.analysis.rows:
        if row.receptive_field is None or row.work is None:
            continue
        inputs, window = row.inputs, row.work.window
        seen = narrowest.get(inputs[0], 1) if len(inputs) == 1 else _narrowest(inputs, narrowest)
        if window is not None and window.kernel[axis] > 1:
            if seen >= size and row.layer.family == "convolution":
                idle.append(row)
            seen += _growth(window, row.receptive_field[axis], axis)
        narrowest[row.layer.name] = seen
    return idle


def _narrowest(inputs: Sequence[str], known: Mapping[str, int]) -> int:
    return min([known.get(name, 1) for name in inputs], default=1)


def _growth(window: Window, field: AxisField, axis: int) -> int:
    """How many pixels more a value sees after the window."""
    step = field.jump / window.strides[axis]
    return round((effective_kernel(window.kernel[axis], window.dilation[axis]) - 1) * step)


def last_map_sees_little(context: CheckContext) -> Iterator[Finding]:
    """C09: each value that a global pooling averages has seen a small patch only."""
    if not any(_is_global(row) for row in context.of_family("pooling")):
        return
    pooling = next((row for row in reversed(context.analysis.rows) if _is_global(row)), None)
    if pooling is None or not pooling.stands:
        return
    above = context.analysis.row(pooling.inputs[0])
    seen = little_seen(context, above)
    if seen is None:
        return
    yield Finding(
        "C09",
        "advice",
        above.name,
        f"The values that {pooling.name} takes together see {seen} pixels each. "
        "Add a pooling or convolutions with larger kernels or strides.",
        _WHY_TINY,
    )


def little_seen(context: CheckContext, row: Row) -> str | None:
    """`3 of 64`, where each value of a map sees less than a quarter of the image; else `None`."""
    axis, field = _longest_axis(context), row.receptive_field
    if axis is None or field is None or len(field) <= axis:
        return None
    size = context.network.input_shape[axis] or 0
    return f"{field[axis].size} of {size}" if field[axis].size < _TINY * size else None
