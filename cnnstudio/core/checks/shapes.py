"""Checks of how maps and features follow each other (S codes).

What leaves a layer without a shape is said by the layer itself, as a `LayerError`.
"""

from collections.abc import Iterator
from math import ceil

from cnnstudio.core.analysis import Row
from cnnstudio.core.analysis.findings import Finding, Fix, insertion_fix, settings_fix
from cnnstudio.core.analysis.mending import cautious
from cnnstudio.core.checks.context import CheckContext
from cnnstudio.core.kernels.padding import effective_kernel
from cnnstudio.core.layers import (
    Dense,
    Flatten,
    Layer,
    Window,
    ZeroPadding1D,
    ZeroPadding2D,
    ZeroPadding3D,
)
from cnnstudio.core.layers.pooling import GLOBAL_AVERAGE
from cnnstudio.core.layers.windows import AXES
from cnnstudio.core.values.shape import Shape, shown

_BY_PLACE = (
    "activation",
    "dense",
    "merging",
    "normalization",
    "preprocessing",
    "regularization",
    "reshaping",
)
"""Families whose layers work on each place of a map by itself."""
_WHY_UNSEEN = (
    "The window moves in steps of its stride and stops when it no longer fits, so what is left over at the "
    "edge takes no part. Padding 'same' adds zeros there instead."
)
_WHY_IDLE = "Keras gives such a layer a shape, and TensorFlow refuses when the first image arrives."
_WHY_GAPS = "The stride is longer than the window, so values between two windows take no part."


def dense_on_a_map(context: CheckContext) -> Iterator[Finding]:
    """S02: Dense applied to a map works on its last axis only, and nothing below brings the places together.

    Where a window or a global pooling does so further down, the Dense is a 1 x 1 convolution by another
    name, as in ConvNeXt (Liu et al. 2022, section 2.6).
    """
    on_maps = [row for row in context.standing(Dense) if _is_map(row.input_shapes[0])]
    apart = _places_apart(context) if on_maps else set()
    for row in on_maps:
        if row.name not in apart:
            continue
        shape = row.input_shapes[0]
        yield Finding(
            "S02",
            "warning",
            row.name,
            f"{row.name} (Dense) looks at the last axis only here: a {shown(shape)} map arrives. "
            "Put a Flatten or a global pooling above it.",
            "Keras applies Dense to each position of a map by itself, so pixels never meet.",
            tuple(_flattening_fixes(row.name, len(shape))),
        )


def _is_map(shape: Shape) -> bool:
    """Whether there is more than one place."""
    return any(size != 1 for size in shape[:-1])


def _places_apart(context: CheckContext) -> set[str]:
    """The layers with a path to a Flatten, or to the end of a network that is to tell one thing of the
    whole image, on which no layer brings places together."""
    apart: set[str] = set()
    for row in reversed(context.analysis.rows):
        takers = context.takers.get(row.name, ())
        ends = not takers and not context.project.task.tells_of_places
        if ends or any(isinstance(one.layer, Flatten) or _goes_on_apart(one, apart) for one in takers):
            apart.add(row.name)
    return apart


def _goes_on_apart(row: Row, apart: set[str]) -> bool:
    """Whether the layer leaves every place by itself, and so do those below it."""
    if row.name not in apart or row.layer.family == "pooling":
        return False
    window = row.work.window if row.work else None
    if window is not None:
        return max(window.kernel, default=1) == 1
    return row.layer.family in _BY_PLACE and row.layer.keeps_places


def _flattening_fixes(name: str, rank: int) -> Iterator[Fix]:
    for label, layer in _flatteners(rank):
        yield insertion_fix(f"Insert {label}", name, layer)


def _flatteners(rank: int) -> Iterator[tuple[str, Layer]]:
    yield "Flatten", Flatten(name="flatten")
    if rank in GLOBAL_AVERAGE:
        pooling = GLOBAL_AVERAGE[rank]
        yield "global average pooling", pooling.model_validate({"name": "global_pool"})


def stride_does_not_tile(context: CheckContext) -> Iterator[Finding]:
    """S04: rows or columns that no window ever looks at."""
    for row in context.of_family("convolution", "pooling"):
        window = row.work.window if row.work else None
        if window is None or max(window.strides) <= 1 or getattr(row.layer, "padding", "") != "valid":
            continue
        unseen = [
            sentence
            for axis, name in enumerate(AXES[len(window.kernel)])
            if (sentence := _unseen(context, row, window, axis, name))
        ]
        if unseen:
            gaps = any("between" in sentence for sentence in unseen)
            yield _untiled(row, unseen, gaps, (_tiling_fix(row, gaps),))


def _unseen(context: CheckContext, row: Row, window: Window, axis: int, axis_name: str) -> str:
    """`the last column`, `the last 2 rows`, `1 of every 3 columns between the windows`; empty for none."""
    size, stride = row.input_shapes[0][axis], ceil(window.strides[axis])
    reach = effective_kernel(window.kernel[axis], window.dilation[axis])
    one = {"depth": "plane", "height": "row", "width": "column"}.get(axis_name, "step")
    if size is None or stride <= 1 or reach == 1:
        return ""
    if reach < stride:
        gap = stride - reach
        return f"{gap} of every {stride} {one}s between the windows" if size > stride else ""
    left = (size - reach) % stride - _zeros_at_end(context, row, axis)
    if left <= 0:
        return ""
    return f"the last {one}" if left == 1 else f"the last {left} {one}s"


def _zeros_at_end(context: CheckContext, row: Row, axis: int) -> int:
    """Rows or columns of padding at the end, which nobody misses."""
    layer = context.analysis.row(row.inputs[0]).layer
    if isinstance(layer, ZeroPadding2D | ZeroPadding3D):
        return layer.padding[axis][1]
    return layer.padding[1] if isinstance(layer, ZeroPadding1D) else 0


def _untiled(row: Row, unseen: list[str], gaps: bool, fixes: tuple[Fix, ...]) -> Finding:
    return Finding(
        "S04",
        "advice",
        row.name,
        f"{row.name} ({row.layer.type}) never sees {' and '.join(unseen)} of each "
        f"{shown(row.input_shapes[0][:-1])} map. "
        + ("Use a stride of the window's size." if gaps else "Use padding 'same', or another input size."),
        _WHY_GAPS if gaps else _WHY_UNSEEN,
        fixes,
    )


def _tiling_fix(row: Row, gaps: bool) -> Fix:
    window = row.work.window if row.work else None
    if gaps and window is not None:
        steps = zip(window.kernel, window.dilation, window.strides, strict=True)
        strides = tuple(min(effective_kernel(k, d), int(s)) for k, d, s in steps)
        return settings_fix("Use a stride of the window's size", row.name, strides=strides, padding="same")
    return settings_fix("Use padding 'same'", row.name, padding="same")


def layer_will_not_run(context: CheckContext) -> Iterator[Finding]:
    """S08: settings that have a shape in Keras and that TensorFlow will not compute on a CPU."""
    for kind, rows in context.analysis.by_type.items():
        if kind.caution is Layer.caution:
            continue
        for row in rows:
            caution = row.layer.caution(row.input_shapes)
            if caution:
                message = f"{row.name} ({row.layer.type}): {caution}"
                yield Finding("S08", "warning", row.name, message, _WHY_IDLE, cautious(row))
