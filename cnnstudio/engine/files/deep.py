"""Pictures of more than 8 bits a value, and of real numbers: which of their numbers are black and white.

Such a file seldom says it: a camera of 12 bits writes 0 to 4,095 into 16. So it is told by the numbers: the
least usual depth that holds them all.
"""

from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin

from cnnstudio.core.project.sources import Levels
from cnnstudio.core.values.words import listed, with_minus

DEEP_MODES = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")
_WHOLE_ENDS = (1, 2**8 - 1, 2**10 - 1, 2**12 - 1, 2**14 - 1, 2**16 - 1)
_REAL_ENDS = (1, 255)
_SCALED_BY_PILLOW = ("PPM", "JPEG2000")
"""Their files say how deep they are, and Pillow has brought whole numbers to 16 bits already."""
_UNSIGNED = (1,)

Ends: TypeAlias = tuple[float, float]


class Extremes(Struct, frozen=True):
    """The lowest and highest of the whole and of the real numbers in some pictures; None without any."""

    whole: Ends | None = None
    real: Ends | None = None


def numbers_of(picture: Image.Image) -> NDArray[Any]:
    """The numbers (height, width) of a deep picture, as they stand in the file."""
    numbers = np.asarray(picture)
    # Pillow's mode of 32 bits is signed: from 2**31 on, those of an unsigned file would be negative.
    wrapped = numbers.dtype == np.int32 and _tag(picture, TiffImagePlugin.SAMPLEFORMAT) == _UNSIGNED
    return numbers.view(np.uint32) if wrapped else numbers


def extremes_of(picture: Image.Image) -> Extremes:
    """What one deep picture holds; numbers that are not finite do not count. Where the file says how deep
    it is, that is the highest.
    """
    numbers = numbers_of(picture)
    finite = numbers[np.isfinite(numbers)]
    if finite.size == 0:
        return Extremes()
    ends = float(finite.min()), float(finite.max())
    if numbers.dtype.kind == "f":
        return Extremes(real=ends)
    return Extremes(whole=(ends[0], max(ends[1], _said_end(picture))))


def joined(extremes: Iterable[Extremes]) -> Extremes:
    """What several pictures hold together."""
    several = list(extremes)
    return Extremes(_around(one.whole for one in several), _around(one.real for one in several))


def levels_of(extremes: Extremes) -> Levels:
    """What is black and what white in pictures that hold these numbers.

    From 0 to the least of 1, 255, 1,023, 4,095, 16,383 and 65,535 that holds all whole numbers, or of
    1 and 255 for real ones, else to the highest. Where some are negative, from the lowest to the
    highest, or -1 to 1 for real ones within.
    """
    whole = None if extremes.whole is None else _ends(extremes.whole, _WHOLE_ENDS)
    if extremes.real is None:
        return Levels(whole=whole)
    low, high = extremes.real
    centered = -1 <= low < 0 and high <= 1
    return Levels(whole=whole, real=(-1.0, 1.0) if centered else _ends(extremes.real, _REAL_ENDS))


def completed(levels: Levels | None, own: Levels) -> Levels:
    """The levels that are given, and those of the pictures themselves for a kind of numbers without any."""
    return own if levels is None else Levels(whole=levels.whole or own.whole, real=levels.real or own.real)


def sentence_about(levels: Levels) -> str:
    """What is black and what white in several pictures, for a person; empty for no levels."""
    told = ends_text(levels)
    return f"Deep pictures are scaled alike: {told}." if told else ""


def ends_text(levels: Levels) -> str:
    """`whole numbers from 0 (black) to 4,095 (white)`; empty for no levels."""
    kinds = {"whole": levels.whole, "real": levels.real}
    told = [
        f"{kind} numbers from {_number(ends[0])} (black) to {_number(ends[1])} (white)"
        for kind, ends in kinds.items()
        if ends is not None
    ]
    return listed(told)


def _number(value: float) -> str:
    return with_minus(f"{value:,.0f}" if value == round(value) else f"{value:.4g}")


def as_bytes(numbers: NDArray[Any], levels: Levels) -> NDArray[np.uint8]:
    """Bring numbers (height, width) to bytes, 0 for black and 255 for white; those beyond are either."""
    ends = levels.real if numbers.dtype.kind == "f" else levels.whole
    low, high = ends or (0.0, 1.0)  # without ends where no number is finite
    values = np.nan_to_num(numbers.astype(np.float64), nan=low, posinf=high, neginf=low)
    return np.rint(np.clip((values - low) / (high - low), 0, 1) * 255).astype(np.uint8)


def _ends(extremes: Ends, usual: tuple[int, ...]) -> Ends:
    low, high = extremes
    if low < 0:
        return low, max(high, low + 1)
    return 0.0, float(next((end for end in usual if high <= end), high))


def _around(ends: Iterable[Ends | None]) -> Ends | None:
    known = [one for one in ends if one is not None]
    return (min(low for low, _ in known), max(high for _, high in known)) if known else None


def _said_end(picture: Image.Image) -> float:
    """The highest whole number that a file of this depth can hold, as far as the file says less than 16."""
    if picture.format in _SCALED_BY_PILLOW:
        return 2**16 - 1
    bits = _tag(picture, TiffImagePlugin.BITSPERSAMPLE)
    return 2.0 ** bits[0] - 1 if bits and 8 < bits[0] < 16 else 0.0


def _tag(picture: Image.Image, number: int) -> tuple[int, ...]:
    """What a TIFF says of its channels; empty where it says nothing, or is none."""
    if not isinstance(picture, TiffImagePlugin.TiffImageFile):
        return ()
    found: tuple[int, ...] = picture.tag_v2.get(number, ())
    return found
