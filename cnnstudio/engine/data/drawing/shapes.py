"""Drawing Shapes: pictures of one shape each, on a ground, with its class and its mask."""

import math

import numpy as np
from msgspec import Struct

from cnnstudio.engine.data.drawing import CLASS_NAMES, SIDE
from cnnstudio.engine.data.drawing.draws import LENGTH, Draws, Whole, turned
from cnnstudio.engine.data.drawing.outlines import INSIDE, UNIT, Points
from cnnstudio.engine.data.drawing.textures import color_pairs, painted
from cnnstudio.engine.data.images import Labels, Pixels
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested, never

SIZES = (16, 34)
"""The smallest and the largest shape, the mean of its width and height, in pixels."""
TILT = 20
"""How far a shape is turned at most, to the left or the right, in degrees."""
SPREAD = 9
"""How far a shape lies at most from the middle of the picture, across and down, in pixels."""
_BATCH = 6 * len(CLASS_NAMES)
"""Pictures drawn at a time; more would leave the processor's cache."""
_FINE = 3
"""Samples a pixel, across and down: antialiased edges come from counting those inside the shape."""


class DrawnShapes(Struct, frozen=True, eq=False):
    """Pictures (count, 48, 48, 3) of bytes, their classes (count,), and their masks (count, 48, 48).

    A mask is 0 on the ground, and the class number + 1 where the shape covers more than half of the pixel.
    """

    pixels: Pixels
    labels: Labels
    masks: Pixels


def draw_shapes(count: int, seed: int, should_stop: ShouldStop = never) -> DrawnShapes:
    """Draw `count` pictures, at least one, each class as often as the others to within one.

    Picture i depends on the seed and on i alone, and is the same on every machine. Blocks, for a second or
    two where there are 3,000; StopRequested once it was asked to stop.
    """
    batches = []
    for number in range(math.ceil(count / _BATCH)):
        if should_stop():
            raise StopRequested
        batches.append(_batch(Draws(seed, number)))
    pixels, labels, masks = (np.concatenate(parts)[:count] for parts in zip(*batches, strict=True))
    return DrawnShapes(pixels, labels, masks)


def _batch(draws: Draws) -> tuple[Pixels, Labels, Pixels]:
    # Every class once, in mixed order, again and again: balanced wherever the pictures end.
    labels = draws.orders(_BATCH // len(CLASS_NAMES), len(CLASS_NAMES)).ravel()
    covered, full = _coverage(labels, draws), _FINE**2
    ground, shape = (painted(colors, draws) for colors in color_pairs(_BATCH, draws))
    pixels = ground + ((shape - ground) * covered[..., None] + full // 2) // full
    masks = np.where(2 * covered > full, labels[:, None, None] + 1, 0)
    return pixels.astype(np.uint8), labels, masks.astype(np.uint8)


def _coverage(labels: Labels, draws: Draws) -> Whole:
    """How many samples of each pixel lie inside the shape, (count, 48, 48)."""
    x, y = _own_coordinates(len(labels), draws)
    inside: Points = np.empty(x.shape, np.bool_)
    for number, is_inside in enumerate(INSIDE):
        chosen = labels == number
        inside[chosen] = is_inside(x[chosen], y[chosen])
    samples = inside.view(np.uint8).reshape(-1, SIDE, _FINE, SIDE, _FINE)
    return np.asarray(samples.sum(axis=(2, 4), dtype=np.int32))


def _own_coordinates(count: int, draws: Draws) -> tuple[Whole, Whole]:
    """Where the samples lie as seen from each shape, put, turned and sized at random.

    Two arrays (count, 144, 144), in the outlines' units.
    """
    # Lengths are counted in half samples, so that the samples themselves lie at odd whole numbers.
    side = 2 * _FINE * SIDE
    half = draws.whole(SIZES[0] * _FINE, SIZES[1] * _FINE, (count,))
    # Tilted, no shape reaches farther across or down from its middle: none is cut off.
    margin = np.maximum(half * 5 // 4, side // 2 - SPREAD * 2 * _FINE)
    columns, rows = (
        np.arange(1, side, 2, dtype=np.int32) - draws.whole(margin, side - margin, (count,))[:, None]
        for _ in range(2)
    )
    # As many of the outlines' units as a half sample has, in 65,536ths, so that the numbers stay precise.
    across, down = (part * (UNIT * 65536 // LENGTH) // half for part in draws.directions(count, TILT))
    x, y = turned(columns, rows, across, down)
    return x >> 16, y >> 16
