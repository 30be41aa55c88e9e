"""Arrays of weights made ready for the eye: filters, matrices, statistics, histograms."""

import math
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from cnnstudio.core.kernels.dead import DEAD
from cnnstudio.core.values.words import listed
from cnnstudio.engine.weights import KernelKind

FloatArray = NDArray[np.float32]
Scale = Literal["kernel", "layer"]
Range = tuple[float, float]

MAX_MATRIX_SIDE = 512
_BLOCK = 2**20
_NEARLY_ZERO = 1e-3


class Statistics(Struct, frozen=True):
    """What an array of weights is like; `zero_share` from 0 to 1, numbers that are not finite left out.

    An array without a finite number has zeros for `lowest` to `std`.
    """

    shape: tuple[int, ...]
    lowest: float
    highest: float
    mean: float
    std: float
    zero_share: float
    not_finite: int


class Histogram(Struct, frozen=True, eq=False):
    """How many weights (`counts`, of length n) lie between neighbours of `edges` (of length n + 1)."""

    counts: NDArray[np.int64]
    edges: NDArray[np.float64]


class Matrix(Struct, frozen=True, eq=False):
    """A large matrix made small; each cell is the weight furthest from zero in (rows, columns) of `block`."""

    values: FloatArray
    block: tuple[int, int]


class Mosaic(Struct, frozen=True, eq=False):
    """Kernels of one size side by side, `columns` in a row, each scaled to -1 .. 1 by its own limit.

    `values` (rows * kh, columns * kw); `limits` holds per kernel the number that became 1.
    """

    values: FloatArray
    tile: tuple[int, int]
    columns: int
    limits: FloatArray

    def place(self, index: int) -> tuple[int, int]:
        """The row and column of a kernel's first number in `values`."""
        row, column = divmod(index, self.columns)
        return row * self.tile[0], column * self.tile[1]


def statistics(values: NDArray[Any]) -> Statistics:
    """The figures of an array of any shape, an empty one included."""
    count, total, lowest, highest, zeros = 0, 0.0, np.inf, -np.inf, 0
    for block in _finite_blocks(values):
        count, total = count + block.size, total + float(block.sum())
        lowest, highest = min(lowest, float(block.min())), max(highest, float(block.max()))
        zeros += block.size - int(np.count_nonzero(block))
    if not count:
        return Statistics(values.shape, 0.0, 0.0, 0.0, 0.0, 0.0, int(values.size))
    mean = total / count
    squares = sum(float(np.square(block - mean).sum()) for block in _finite_blocks(values))
    std = math.sqrt(squares / count)
    return Statistics(values.shape, lowest, highest, mean, std, zeros / count, values.size - count)


def histogram(values: NDArray[Any], bins: int = 48) -> Histogram:
    """Count the finite numbers in equal bins; a constant array has one full bin around its value."""
    ends = [end for block in _finite_blocks(values) for end in (block.min(), block.max())]
    edges = np.histogram_bin_edges(np.array(ends), bins=bins)
    counts = np.zeros(bins, dtype=np.int64)
    for block in _finite_blocks(values):
        counts += np.histogram(block, bins=edges)[0]
    return Histogram(counts, edges)


def _finite_blocks(values: NDArray[Any]) -> Iterator[NDArray[np.float64]]:
    """The finite numbers in double precision, a block at a time: copies of large arrays fill the memory."""
    flat = values.reshape(-1)
    for start in range(0, flat.size, _BLOCK):
        block = flat[start : start + _BLOCK].astype(np.float64)
        finite = block[np.isfinite(block)]
        if finite.size:
            yield finite


def filters_of(kernel: NDArray[Any], kind: KernelKind) -> NDArray[Any]:
    """A kernel as (filters, kh, kw, channels), a view where it can be one.

    Kernels over one axis get kh = 1. A depthwise filter looks at one channel only, so channels is 1 and
    the filters are counted channel by channel, as Keras counts their maps.
    """
    whole = kernel[np.newaxis] if kernel.ndim == 3 else kernel
    match kind:
        case "depthwise":
            flat = whole.reshape(*whole.shape[:2], 1, -1)
            return np.moveaxis(flat, 3, 0)
        case "transpose":
            return np.moveaxis(whole, 2, 0)
        case "convolution":
            return np.moveaxis(whole, 3, 0)


def planes(filters: NDArray[Any], channel: int | None) -> FloatArray:
    """One map (kh, kw) per filter: the slice of a channel, or for None the mean over all."""
    if channel is None:
        return np.asarray(filters.mean(axis=3, dtype=np.float64), dtype=np.float32)
    return filters[:, :, :, channel].astype(np.float32)


def mosaic(kernels: FloatArray, scale: Scale, layer_limit: float) -> Mosaic:
    """Lay kernels (n, kh, kw) side by side, n of at least 1, each scaled so that zero stays zero.

    With scale "kernel" each is divided by its own largest magnitude, with "layer" all by `layer_limit`.
    A dead kernel is shown as zeros; numbers that are not finite stay so.
    """
    count, height, width = kernels.shape
    limits = magnitudes(kernels) if scale == "kernel" else np.full(count, layer_limit, dtype=np.float32)
    divisors = np.where(limits >= DEAD, limits, np.inf).astype(np.float64)
    scaled = (kernels / divisors[:, np.newaxis, np.newaxis]).astype(np.float32)
    columns = int(np.ceil(np.sqrt(count)))
    rows = -(-count // columns)
    padded = np.zeros((rows * columns, height, width), dtype=np.float32)
    padded[:count] = scaled
    grid = padded.reshape(rows, columns, height, width).swapaxes(1, 2)
    return Mosaic(grid.reshape(rows * height, columns * width), (height, width), columns, limits)


def magnitudes(kernels: NDArray[Any]) -> FloatArray:
    """Per kernel (first axis) the largest distance from zero, 0 where nothing is finite."""
    flat = kernels.reshape(len(kernels), -1)
    limits = np.zeros(len(flat), dtype=np.float32)
    step = max(1, _BLOCK // max(1, flat.shape[1]))
    for start in range(0, len(flat), step):
        block = np.abs(flat[start : start + step])
        limits[start : start + step] = np.where(np.isfinite(block), block, 0).max(axis=1, initial=0)
    return limits


def remarks(filters: NDArray[Any]) -> tuple[str, ...]:
    """Say in words which filters (filters, kh, kw, channels) are dead, all but dead, or constant."""
    flat = filters.reshape(len(filters), -1)
    limits = magnitudes(filters)
    zero = (flat == 0).all(axis=1)
    # Where nothing is finite the largest magnitude is 0 too.
    nearly = ~zero & (limits < DEAD) & np.isfinite(flat).all(axis=1)
    dead = zero | nearly
    faint = ~dead & (limits < _NEARLY_ZERO * limits.max(initial=0))
    several = flat.shape[1] > 1
    constant = ~dead & (flat == flat[:, :1]).all(axis=1) & several
    found = (
        (zero, "dead: all weights are 0"),
        (nearly, f"dead: all weights are practically 0, below {DEAD:.0e}"),
        (faint & ~constant, "all but dead: below a thousandth of the largest weight"),
        (constant, "constant: all weights are the same"),
    )
    return tuple(_remark(np.flatnonzero(which), what) for which, what in found if which.any())


def shown_matrix(values: NDArray[Any], side: int = MAX_MATRIX_SIDE) -> Matrix:
    """A matrix (rows, columns) with at most `side` cells along each axis.

    A larger one is cut into equal blocks of which the number furthest from zero is kept.
    """
    block = (-(-values.shape[0] // side), -(-values.shape[1] // side))
    if block == (1, 1):
        return Matrix(values.astype(np.float32), block)
    starts = [np.arange(0, values.shape[axis], block[axis]) for axis in (0, 1)]
    highest = np.maximum.reduceat(np.maximum.reduceat(values, starts[0], axis=0), starts[1], axis=1)
    lowest = np.minimum.reduceat(np.minimum.reduceat(values, starts[0], axis=0), starts[1], axis=1)
    return Matrix(np.where(highest >= -lowest, highest, lowest).astype(np.float32), block)


def _remark(indices: NDArray[np.intp], what: str, limit: int = 6) -> str:
    names = [str(index) for index in indices[:limit].tolist()]
    if len(indices) == 1:
        return f"Filter {names[0]} is {what}."
    if len(indices) > limit:
        return f"{len(indices)} filters are {what} ({', '.join(names)} and more)."
    return f"Filters {listed(names)} are {what}."
