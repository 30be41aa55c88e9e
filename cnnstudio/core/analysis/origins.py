"""Where a size came from: the layer that made it, and its sum in words."""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Protocol

from msgspec import Struct

from cnnstudio.core.analysis.rows import Row
from cnnstudio.core.kernels.padding import effective_kernel
from cnnstudio.core.layers import Input, Layer, Window
from cnnstudio.core.network import MAX_LAYERS
from cnnstudio.core.values.shape import Shape, labels, shown_size

_FAR, _SHOWN = 64, 8
"""In a message: how many layers up a size is followed, and of how many inputs."""


class Origin(Struct, frozen=True):
    """The layer that made a size, and the arithmetic it did: `51 / 2 rounded down`."""

    size: int | None
    layer: str
    words: str

    @property
    def text(self) -> str:
        """`25 was made by pool1: 51 / 2 rounded down`."""
        before, after = self.around
        return f"{before}{self.layer}{after}"

    @property
    def around(self) -> tuple[str, str]:
        """What the text says before the layer's name, and behind it."""
        return f"{shown_size(self.size)} was made by ", f": {self.words}"


class HasRows(Protocol):
    """Knows the row of each layer by its name; an `Analysis` does."""

    def row(self, name: str) -> Row:
        """The row of the layer of that name."""


def origin(analysis: HasRows, layer_name: str, axis: int) -> Origin:
    """Who made the size along `axis` (0 is the first after the batch) of what leaves a layer that stands.

    Walks up through layers that pass the size on. IndexError for an axis the shape does not have.
    """
    row = analysis.row(layer_name)
    return _told(*_maker(analysis, row, range(len(row.output_shape or ()))[axis]))


def origins(analysis: HasRows, layer_name: str) -> tuple[Origin, ...]:
    """The origin of each size of what leaves a layer; empty for a layer without a shape."""
    row = analysis.row(layer_name)
    axes = range(len(row.output_shape or ()))
    return tuple([_told(*_maker(analysis, row, axis)) for axis in axes])


def _told(maker: Row, axis: int) -> Origin:
    return Origin((maker.output_shape or ())[axis], maker.name, _words(maker, axis))


def _maker(analysis: HasRows, row: Row, axis: int, farthest: int = MAX_LAYERS) -> tuple[Row, int]:
    """The row that made the size, and the axis there; at most `farthest` layers up."""
    for _ in range(farthest):
        passed = _passed_on(row, axis)
        if passed is None:
            break
        index, axis = passed
        row = analysis.row(row.inputs[index])
    return row, axis


# The rows above an edit stay the same ones, and a size can come from far up.
@lru_cache(maxsize=8_192)
def _passed_on(row: Row, axis: int) -> tuple[int, int] | None:
    """Which input, and which of its axes, the size came from; `None` when the layer made it itself."""
    layer, shape = row.layer, row.output_shape or ()
    if not layer.enabled:
        return 0, axis
    if not layer.keeps_places or (axis == len(shape) - 1 and _chooses_last(type(layer))):
        return None
    for index, arriving in enumerate(row.input_shapes):
        above = axis - len(shape) + len(arriving)
        if above >= 0 and arriving[above] == shape[axis]:
            return index, above
    return None


@cache
def _chooses_last(kind: type[Layer]) -> bool:
    """Whether the last size is a setting of the layer: its filters or units."""
    return not {"filters", "units"}.isdisjoint(kind.model_fields)


def _words(row: Row, axis: int) -> str:
    if isinstance(row.layer, Input):
        return "the size of one sample"
    shape, window = row.output_shape or (), row.work.window if row.work else None
    if window is not None and axis < len(window.kernel) and len(shape) == len(row.input_shapes[0]):
        words = _window_words(row.input_shapes[0][axis], shape[axis], window, axis)
        if words:
            return words
    return _sum_words(row, axis)


def _window_words(size: int | None, result: int | None, window: Window, axis: int) -> str:
    """`28 - 3 + 1`, `51 / 2 rounded down` or `(28 - 3) / 2 rounded down, + 1`; empty when none fits."""
    stride = window.strides[axis]
    if size is None or result is None or stride < 1 or stride != int(stride):
        return ""
    step, reach = int(stride), effective_kernel(window.kernel[axis], window.dilation[axis])
    if result == (size - reach) // step + 1:
        return _inside_words(size, reach, step)
    rest = " rounded up" if size % step else ""
    return f"{size} / {step}{rest}" if result == -(-size // step) else ""


def _inside_words(size: int, reach: int, step: int) -> str:
    if step == 1:
        return f"{size} - {reach} + 1"
    if reach == step:
        return f"{size} / {step}{' rounded down' if size % step else ''}"
    rest = " rounded down" if (size - reach) % step else ""
    return f"({size} - {reach}) / {step}{rest}, + 1"


def _sum_words(row: Row, axis: int) -> str:
    """The layer's own sum for that axis, without its result."""
    shape = row.output_shape or ()
    sums = {one.label: one.text for one in row.arithmetic()}
    text = sums.get(labels(shape)[axis]) or sums.get("joined axis") or "by its settings"
    return text.removesuffix(f" = {shown_size(shape[axis])}")


def differences(row: Row, rows: Mapping[str, Row]) -> tuple[str, ...]:
    """For inputs that do not fit together: a sentence for each odd size, naming the layer that made it."""
    if not row.layer.merges or len(row.input_shapes) < 2:
        return ()
    found: dict[str, None] = {}
    for axis in _odd_axes(row.input_shapes):
        for name in row.inputs[:_SHOWN]:
            size = range(len(rows[name].output_shape or ()))[axis]
            maker, made = _maker(_Lookup(rows), rows[name], size, _FAR)
            if _passed_on(maker, made) is None:
                found[f"{_told(maker, made).text}."] = None
    return tuple(found)


def _odd_axes(shapes: tuple[Shape, ...]) -> list[int]:
    """The axes, counted from the end, along which the shapes differ."""
    rank = min(len(shape) for shape in shapes)
    return [axis for axis in range(-rank, 0) if len({shape[axis] for shape in shapes}) > 1]


def maker(rows: Mapping[str, Row], name: str, axis: int) -> tuple[Row, int]:
    """The layer that made a size of what leaves the layer of that name, and the axis there."""
    return _maker(_Lookup(rows), rows[name], axis, _FAR)


class _Lookup(Struct, frozen=True):
    rows: Mapping[str, Row]

    def row(self, name: str) -> Row:
        return self.rows[name]
