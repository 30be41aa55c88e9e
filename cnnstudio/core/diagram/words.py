"""How wide text is without a font at hand, and what is left of it where room ends."""

import unicodedata
from functools import lru_cache

from cnnstudio.core.values.words import crossed

_NARROW, _WIDE = frozenset("fijlrtI.,:;'|!()[]/ ·"), frozenset("mwMW@%")
_SHORTER = {
    "Average": "Avg",
    "Pooling": "Pool",
    "Global": "Gl.",
    "Normalization": "Norm",
    "Transposed": "Transp.",
    "Separable": "Sep.",
    "Depthwise": "Depthw.",
    "Concatenate": "Concat",
}
_WIDTHS = ((_NARROW, 0.34), (_WIDE, 0.9))


def text_width(words: str, size: float, bold: bool = False) -> float:
    """About how many pixels a line takes in a typeface such as Inter; rather too many than too few."""
    return sum(_letter_width(letter) for letter in words) * size * (1.06 if bold else 1.0)


def elided(words: str, room: float, size: float, bold: bool = False) -> str:
    """The text, or as much of it as fits into `room` pixels and an ellipsis."""
    if text_width(words, size, bold) <= room:
        return words
    kept = words
    while kept and text_width(f"{kept}…", size, bold) > room:
        kept = kept[:-1]
    return f"{kept.rstrip()}…" if kept else ""


def abbreviated(words: str, room: float, size: float) -> str:
    """The text with as many of the field's long words shortened as it takes to fit into `room` pixels."""
    for long, short in _SHORTER.items():
        if text_width(words, size) <= room:
            break
        words = words.replace(long, short)
    return words


def squeezed(text: str) -> str:
    """Sizes written in as little room as can be: `3x3` and `3 x 3` as `3×3`."""
    return crossed(text).replace(" × ", "×")


@lru_cache(maxsize=4096)
def _letter_width(letter: str) -> float:
    for letters, width in _WIDTHS:
        if letter in letters:
            return width
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    return 0.72 if letter.isupper() else 0.59
