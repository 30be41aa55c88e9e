"""What pictures are painted with: two colors and a pattern that mixes them."""

from collections.abc import Callable

import numpy as np

from cnnstudio.engine.data.drawing import SIDE
from cnnstudio.engine.data.drawing.draws import LENGTH, Draws, Whole, turned

FULL = 256
"""The weight of a pattern where the second color alone is seen; 0 where the first is."""
CONTRAST = 64
"""By how much, of 255, the shape is lighter or darker than the ground, whichever of their colors meet."""
_CANDIDATES = 40
_PIXEL = 64
"""The steps of a pixel in which patterns are measured."""
_KNOTS = 9
"""Random values across a picture, and down, that blobs are made of."""


def _splines() -> Whole:
    """What each knot gives to each pixel (48, knots), in 8,192ths: quadratic B-splines, smooth and round."""
    knot, part = np.divmod(np.arange(SIDE, dtype=np.int32) * (_KNOTS - 2) * 64 // SIDE, 64)
    rest, splines = 64 - part, np.zeros((SIDE, _KNOTS), np.int32)
    for offset, weight in enumerate((rest * rest, 4096 + 2 * part * rest, part * part)):
        splines[np.arange(SIDE), knot + offset] = weight
    return splines


_SPLINES = _splines()


def color_pairs(count: int, draws: Draws) -> tuple[Whole, Whole]:
    """The two colors (count, 2, 3) of each ground, and of each shape with `CONTRAST` to it, from 0 to 255."""
    pairs = _related_colors(count * (_CANDIDATES + 1), draws).reshape(count, -1, 2, 3)
    ground, candidates = pairs[:, 0], pairs[:, 1:]
    light = lightness(candidates)[:, :, :, None] - lightness(ground)[:, None, None, :]
    # The first candidate that has the contrast, or that which comes nearest.
    best = np.minimum(abs(light).min(axis=(2, 3)), CONTRAST).argmax(axis=1)
    return ground, candidates[np.arange(count), best]


def lightness(colors: Whole) -> Whole:
    """How light colors (..., 3) are to the eye, from 0 to 255 (the luma of ITU-R BT.601)."""
    return np.asarray((77 * colors[..., 0] + 150 * colors[..., 1] + 29 * colors[..., 2]) >> 8)


def _related_colors(count: int, draws: Draws) -> Whole:
    """Pairs (count, 2, 3) of colors, the second a little off the first in hue and lightness."""
    hue, strength, value = (draws.whole(*ends, (count,)) for ends in ((0, 1535), (20, 255), (50, 255)))
    off_hue, off_value = draws.whole(-130, 130, (count,)), draws.whole(8, 32, (count,))
    second = np.where(value > 150, value - off_value, value + off_value)
    return np.stack([_color(hue, strength, value), _color(hue + off_hue, strength, second)], axis=1)


def _color(hue: Whole, strength: Whole, value: Whole) -> Whole:
    """Colors (count, 3) of a hue (0 to 1535, a full turn), a strength and a value, each 0 to 255."""
    toward = (hue[:, None] + np.array([0, 1024, 512], np.int32)) % 1536
    pure = np.clip(abs(toward - 768) - 256, 0, 255)
    return np.asarray((255 * 255 - strength[:, None] * (255 - pure)) * value[:, None] // (255 * 255))


def painted(colors: Whole, draws: Draws) -> Whole:
    """Surfaces (count, 48, 48, 3) of pairs of colors (count, 2, 3), each with a pattern of its own."""
    weight = _weights(len(colors), draws)[..., None]
    first, second = colors[:, 0, None, None], colors[:, 1, None, None]
    return np.asarray(first + ((second - first) * weight >> 8))


def _weights(count: int, draws: Draws) -> Whole:
    kinds = draws.whole(0, len(_PATTERNS) - 1, (count,))
    weights = np.empty((count, SIDE, SIDE), np.int32)
    for number, pattern in enumerate(_PATTERNS):
        chosen = kinds == number
        weights[chosen] = pattern(int(chosen.sum()), draws)
    return weights


def _turned_grid(count: int, draws: Draws) -> tuple[Whole, Whole]:
    """Where the pixels lie in patterns that are turned anyhow, in `_PIXEL` steps: (count, 48, 48) twice."""
    places = np.arange(SIDE, dtype=np.int32) - SIDE // 2
    across, down = draws.directions(count, 180)
    return turned(places[None], places[None], across * _PIXEL // LENGTH, down * _PIXEL // LENGTH)


def _gradient(count: int, draws: Draws) -> Whole:
    x, _ = _turned_grid(count, draws)
    return np.asarray(np.clip(x * FULL // (SIDE * _PIXEL) + FULL // 2, 0, FULL))


def _stripes(count: int, draws: Draws) -> Whole:
    x, _ = _turned_grid(count, draws)
    return _wave(x, _widths(count, draws))


def _checks(count: int, draws: Draws) -> Whole:
    x, y = _turned_grid(count, draws)
    width = _widths(count, draws)
    a, b = _wave(x, width), _wave(y, width)
    return a + b - (a * b >> 7)


def _widths(count: int, draws: Draws) -> Whole:
    return draws.whole(3 * _PIXEL, 8 * _PIXEL, (count, 1, 1))


def _wave(x: Whole, width: Whole) -> Whole:
    """Stripes of a width, with edges about a pixel soft."""
    from_middle = abs(x % (2 * width) - width)
    return _clear(from_middle - width // 2, 3)


def _clear(values: Whole, steepness: int) -> Whole:
    """The first color below 0 and the second above, with a soft edge between."""
    return np.asarray(np.clip(values * steepness + FULL // 2, 0, FULL))


def _blobs(count: int, draws: Draws) -> Whole:
    knots = draws.whole(0, FULL, (count, _KNOTS, _KNOTS))
    smooth = (_SPLINES @ knots >> 13) @ _SPLINES.T >> 13
    return _clear(smooth - FULL // 2, 5)


def _grain(count: int, draws: Draws) -> Whole:
    return draws.whole(0, FULL, (count, SIDE, SIDE))


# The same for grounds and shapes: no texture tells one from the other.
_PATTERNS: tuple[Callable[[int, Draws], Whole], ...] = (_gradient, _stripes, _checks, _blobs, _grain)
