"""What the linter knows of each picture: measured once, from the pixels the network receives and from the
file.
"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.data.dataset import Dataset
from cnnstudio.engine.data.images import Indices, Pixels
from cnnstudio.engine.data.looking import file_of
from cnnstudio.engine.files.images import read_header, resized, to_channels
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested

Progress: TypeAlias = Callable[[int, int], None]
"""How many of how many pictures are done; called in the thread that measures."""

SMALL = 16
"""Side of the small gray pictures that are compared."""
_AT_ONCE = 64
_LUMA_CHANNELS = 1
_STRIP = 16
"""A border is a sixteenth of a side."""
BORDER, CORNERS, COLOR = "border", "corners", "color"


class Measures(Struct, frozen=True, eq=False):
    """An entry for each of `rows`, the rows of the catalog that take part; arrays of length (count,).

    `file_hash` and `pixel_hash` are 64 bits, 0 where there is nothing to hash; `height` and `width` those of
    the file, 0 where there is none. `lowest` and `highest` leave out a two-hundredth of the pixels at either
    end, 0 to 255. `sharpness` is the variance of the Laplacian over that of the pixels. `small` are
    (count, SMALL, SMALL) bytes. `places` are mean colors by name: of the border (count, 4 * channels), of the
    corners (count, 4 * channels), of the whole (count, channels).
    """

    rows: Indices
    readable: NDArray[np.bool_]
    file_hash: NDArray[np.uint64]
    pixel_hash: NDArray[np.uint64]
    height: NDArray[np.int32]
    width: NDArray[np.int32]
    lowest: NDArray[np.float32]
    highest: NDArray[np.float32]
    spread: NDArray[np.float32]
    sharpness: NDArray[np.float32]
    small: NDArray[np.uint8]
    places: dict[str, NDArray[np.float32]]


def measured(data: Dataset, progress: Progress, should_stop: ShouldStop) -> Measures:
    """Look at every picture that takes part. Blocks for the time of decoding them; StopRequested."""
    rows = np.flatnonzero(data.catalog.parts < 3)
    found = _empty(rows, int(data.facts.sample_shape[-1] or 1))
    for start in range(0, len(rows), _AT_ONCE):
        if should_stop():
            raise StopRequested
        _look_at(data, found, start, min(start + _AT_ONCE, len(rows)))
        progress(min(start + _AT_ONCE, len(rows)), len(rows))
    return found


def _look_at(data: Dataset, found: Measures, start: int, end: int) -> None:
    rows = found.rows[start:end]
    for place, pixels in zip(range(start, end), _pixels(data, rows), strict=True):
        path = file_of(data.choice, data.catalog.locators[int(found.rows[place])])
        if path is not None:
            _measure_file(found, place, path)
        if pixels is not None:
            found.readable[place] = True
            _measure_pixels(found, place, pixels)


def _pixels(data: Dataset, rows: Indices) -> list[Pixels | None]:
    """The pictures of some rows; None for one that cannot be read, however many these are."""
    try:
        taken = data.samples.read(rows)
    except StudioError:
        return [_one(data, int(row)) for row in rows]
    found: list[Pixels | None] = [None] * len(rows)
    kept = range(len(rows)) if taken.kept is None else taken.kept.tolist()
    for place, pixels in zip(kept, taken.pixels, strict=True):
        found[place] = pixels
    return found


def _one(data: Dataset, row: int) -> Pixels | None:
    try:
        return data.samples.one(row)[0]
    except StudioError:
        return None


def _measure_file(found: Measures, place: int, path: Path) -> None:
    with suppress(OSError):
        found.file_hash[place] = _hash(path.read_bytes())
    with suppress(StudioError):
        header = read_header(path)
        found.height[place], found.width[place] = header.height, header.width


def _measure_pixels(found: Measures, place: int, pixels: Pixels) -> None:
    found.pixel_hash[place] = _hash(f"{pixels.shape}".encode() + pixels.tobytes())
    gray = to_channels(pixels[..., :3], _LUMA_CHANNELS)[..., 0]
    found.lowest[place], found.highest[place] = np.percentile(gray, (0.5, 99.5))
    found.spread[place] = gray.std()
    found.sharpness[place] = _sharpness(gray)
    found.small[place] = resized(gray[:, :, np.newaxis], (SMALL, SMALL))[..., 0]
    for name, values in _mean_colors(pixels).items():
        found.places[name][place] = values


def _sharpness(gray: NDArray[np.uint8]) -> float:
    """The variance of the Laplacian, as blur takes it away (Pech-Pacheco et al. 2000), for the same
    contrast.
    """
    values = gray.astype(np.float32)
    if min(values.shape) < 3 or not values.var():
        return 0.0
    inner = values[1:-1, 1:-1]
    around = values[:-2, 1:-1] + values[2:, 1:-1] + values[1:-1, :-2] + values[1:-1, 2:]
    return float((around - 4 * inner).var() / values.var())


def _mean_colors(pixels: Pixels) -> dict[str, NDArray[np.float64]]:
    height, width = pixels.shape[:2]
    rows, columns = max(1, height // _STRIP), max(1, width // _STRIP)
    sides = (pixels[:rows], pixels[-rows:], pixels[:, :columns], pixels[:, -columns:])
    corners = [
        pixels[part, other]
        for part in (slice(rows), slice(-rows, None))
        for other in (slice(columns), slice(-columns, None))
    ]
    return {
        BORDER: np.concatenate([part.mean(axis=(0, 1)) for part in sides]),
        CORNERS: np.concatenate([part.mean(axis=(0, 1)) for part in corners]),
        COLOR: pixels.mean(axis=(0, 1)),
    }


def _hash(data: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little"))


def _empty(rows: Indices, channels: int) -> Measures:
    count = len(rows)
    return Measures(
        rows,
        np.zeros(count, bool),
        np.zeros(count, np.uint64),
        np.zeros(count, np.uint64),
        np.zeros(count, np.int32),
        np.zeros(count, np.int32),
        np.zeros(count, np.float32),
        np.zeros(count, np.float32),
        np.zeros(count, np.float32),
        np.zeros(count, np.float32),
        np.zeros((count, SMALL, SMALL), np.uint8),
        {
            BORDER: np.zeros((count, 4 * channels), np.float32),
            CORNERS: np.zeros((count, 4 * channels), np.float32),
            COLOR: np.zeros((count, channels), np.float32),
        },
    )
