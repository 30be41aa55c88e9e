"""Rows of arrays as pictures: which axis is which, and which numbers are black and white."""

from math import isqrt
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from cnnstudio.core.project.sources import Levels
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.data.images import Pixels
from cnnstudio.engine.files import deep
from cnnstudio.engine.files.deep import Extremes

_CHANNELS = (1, 3, 4)
_NUMBERS = "biuf"


class Form(Struct, frozen=True):
    """How the rows of an array lie: the picture's (height, width, channels), and a sentence where it is not
    told by the axes alone.
    """

    shape: tuple[int, int, int]
    channels_first: bool = False
    remark: str = ""


def form_of(shape: tuple[int, ...]) -> Form | None:
    """How pictures lie in an array of this shape, samples first; None where it holds no pictures.

    `(N, H, W)`, `(N, H, W, C)` and `(N, C, H, W)` with 1, 3 or 4 channels, and `(N, pixels)` of square
    pictures.
    """
    match shape:
        case (_, height, width):
            return Form((height, width, 1))
        case (_, height, width, channels) if channels in _CHANNELS:
            return Form((height, width, channels))
        case (_, channels, height, width) if channels in _CHANNELS:
            told = f"The axes {channels} × {height} × {width} are read as channels, height and width."
            return Form((height, width, channels), channels_first=True, remark=told)
        case (_, count):
            return _square(count)
        case _:
            return None


def _square(count: int) -> Form | None:
    for channels in (1, 3):
        side = isqrt(count // channels)
        if side > 1 and side * side * channels == count:
            told = f"Rows of {count:,} numbers are read as pictures of {side} × {side} × {channels}."
            return Form((side, side, channels), remark=told)
    return None


def extremes_of(values: NDArray[Any]) -> Extremes:
    """The lowest and highest of these numbers; bytes need none. StudioError for numbers that are not
    finite.
    """
    if values.dtype == np.uint8 or not values.size:
        return Extremes()
    if values.dtype.kind not in _NUMBERS:
        raise StudioError("The pictures are no numbers. Choose another array.")
    if values.dtype.kind == "f":
        _refuse_infinite(values)
    ends = float(values.min()), float(values.max())
    # Floats that are all whole, as a table or a careless conversion has them, are the bytes they were.
    whole = values.dtype.kind != "f" or (ends[1] > 1 and bool((values == np.round(values)).all()))
    return Extremes(whole=ends) if whole else Extremes(real=ends)


def _refuse_infinite(values: NDArray[Any]) -> None:
    wrong = ~np.isfinite(values.reshape(len(values), -1)).all(axis=1)
    if wrong.any():
        raise StudioError(
            f"{int(wrong.sum()):,} of {len(values):,} pictures hold numbers that are not finite (NaN), the "
            "first "
            f"of them picture {int(wrong.argmax()) + 1:,}. Replace these numbers, or leave the pictures out."
        )


def as_pictures(values: NDArray[Any], form: Form, levels: Levels | None) -> Pixels:
    """Rows (count, ...) as pictures (count, height, width, channels) of bytes."""
    height, width, channels = form.shape
    if form.channels_first:
        values = values.reshape(-1, channels, height, width).transpose(0, 2, 3, 1)
    pictures = values.reshape(-1, height, width, channels)
    if pictures.dtype != np.uint8:
        pictures = _as_bytes(pictures, levels or Levels())
    if channels == 4:
        # As of a file, transparent parts lie on white.
        share = pictures[..., 3:].astype(np.float32) / 255
        pictures = np.rint(pictures[..., :3] * share + 255 * (1 - share)).astype(np.uint8)
    return np.ascontiguousarray(pictures)


def _as_bytes(values: NDArray[Any], levels: Levels) -> Pixels:
    if values.dtype.kind == "f" and levels.real is None:
        levels = Levels(real=levels.whole)
    return deep.as_bytes(values.astype(np.int64) if values.dtype.kind == "b" else values, levels)


def seen_shape(form: Form) -> tuple[int, int, int]:
    """The shape of a sample, its transparency laid on white."""
    height, width, channels = form.shape
    return (height, width, 3 if channels == 4 else channels)
