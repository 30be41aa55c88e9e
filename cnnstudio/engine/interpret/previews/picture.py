"""The small picture of what leaves a layer: pure functions over arrays."""

from typing import Literal, TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]
Kind = Literal["image", "map", "sequence", "features"]
Source = Literal["trained", "untrained"]
Sources: TypeAlias = frozenset[Source]
"""Where the weights of a layer and of those above it come from; empty where none has weights."""

SIDE = 96
"""Most values kept along each axis of a map: a block shows fewer pixels than that."""
LONGEST = 256
"""Most values kept of a list of features."""
FIRST_MAPS = 4
_ROUNDING = 1e-4


class Preview(Struct, frozen=True, eq=False):
    """What one sample looks like after a layer, shrunk to the size of a thumbnail.

    `values` of a "map" are (height, width), mostly the mean of its maps; of an "image", which no weights have
    touched, its pixels, (height, width, 1 or 3); of a "sequence" (channels, length); of "features" a single
    row, (1, count).
    """

    kind: Kind
    values: Floats
    maps: Floats
    """The first few maps, (maps, height, width); empty for other kinds."""
    count: int
    """How many maps, channels or features leave the layer."""
    limits: tuple[float, float]
    """Lowest and highest value before shrinking, of what `values` show; values that are not finite are
    left out, and (0, 0) stands for none left."""
    sources: Sources = frozenset()
    is_example: bool = False
    """Whether it is one draw of a random layer; the layers below get the sample without it."""
    is_mean: bool = False
    """Whether `values` are the mean of several maps, and not the first one: the only one, or shown because
    the mean is the same everywhere."""


def preview_of(
    output: Floats, sources: Sources, is_pixels: bool = False, is_example: bool = False
) -> Preview | None:
    """The picture of one sample's output, without the batch axis; `None` for a rank that has none.

    `is_pixels` says that nothing but preprocessing has touched the sample yet.
    """
    if not output.size:
        return None
    none = np.zeros((0, 0, 0), np.float32)
    match output.ndim:
        case 3 if is_pixels and output.shape[-1] in (1, 3):
            return Preview(
                "image", _shrunk(output), none, output.shape[-1], _limits(output), sources, is_example
            )
        case 3:
            return _map(output, sources, is_example)
        case 2:
            turned = output.T
            return Preview("sequence", _shrunk(turned), none, len(turned), _limits(turned), sources)
        case 1:
            row = _shrunk_along(output[np.newaxis], 1, LONGEST)
            return Preview("features", row, none, output.size, _limits(output), sources)
        case _:
            return None


def _map(output: Floats, sources: Sources, is_example: bool) -> Preview:
    first = np.ascontiguousarray(np.moveaxis(_shrunk(output[..., :FIRST_MAPS]), -1, 0))
    # In double precision: the sum of many large values may not fit in float32.
    mean = output.mean(axis=-1, dtype=np.float64).astype(np.float32)
    is_mean = output.shape[-1] > 1 and not _cancels_out(mean, output)
    shown = mean if is_mean else output[..., 0]
    limits = _limits(shown)
    return Preview("map", _shrunk(shown), first, output.shape[-1], limits, sources, is_example, is_mean)


def _cancels_out(mean: Floats, output: Floats) -> bool:
    """Whether the mean is the same everywhere but for rounding, as after softmax, and the maps are not."""
    (low, high), (lowest, highest) = _limits(mean), _limits(output)
    return high - low < _ROUNDING * (highest - lowest)


def _limits(values: Floats) -> tuple[float, float]:
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


def _shrunk(values: Floats) -> Floats:
    """Means of neighbouring values, so that neither of the first two axes is longer than `SIDE`."""
    return _shrunk_along(_shrunk_along(values, 0, SIDE), 1, SIDE)


def _shrunk_along(values: Floats, axis: int, most: int) -> Floats:
    length = values.shape[axis]
    if length <= most:
        return values
    starts = np.linspace(0, length, most, endpoint=False).astype(np.intp)
    sizes = np.diff([*starts, length])
    sums = np.add.reduceat(values, starts, axis=axis, dtype=np.float64)
    along = [1] * values.ndim
    along[axis] = -1
    return (sums / sizes.reshape(along)).astype(np.float32)
