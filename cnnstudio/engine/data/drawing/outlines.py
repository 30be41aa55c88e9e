"""The outlines of the shapes: which points lie inside.

Coordinates are whole numbers, 0 at a shape's center of mass, y downward. Tilted a little, each shape is
about 2 * UNIT wide and high on the mean, so that no class is larger than another.
"""

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from cnnstudio.engine.data.drawing.draws import Whole

UNIT = 1024
Points: TypeAlias = NDArray[np.bool_]


def _disk(x: Whole, y: Whole, radius: int) -> Points:
    return x * x + y * y < radius**2


def _behind(x: Whole, y: Whole, sides: int, distance: int) -> Whole:
    """Behind how many sides of a regular polygon the points lie, one side of which is at the bottom.

    Each side is `distance` away from the middle.
    """
    count = np.zeros(x.shape, np.int32)
    for side in range(sides):
        angle = math.tau * side / sides
        across, down = round(UNIT * math.sin(angle)), round(UNIT * math.cos(angle))
        count += across * x + down * y < distance * UNIT
    return count


def _circle(x: Whole, y: Whole) -> Points:
    return _disk(x, y, 1024)


def _square(x: Whole, y: Whole) -> Points:
    return np.asarray(np.maximum(abs(x), abs(y)) < 890)


def _triangle(x: Whole, y: Whole) -> Points:
    return np.asarray(_behind(x, y, 3, 632) == 3)


def _star(x: Whole, y: Whole) -> Points:
    # Its lines make a pentagon, here upside down. Inside the star lies what is beyond one of them at most.
    return np.asarray(_behind(x, -y, 5, 362) >= 4)


def _cross(x: Whole, y: Whole) -> Points:
    far, near = np.maximum(abs(x), abs(y)), np.minimum(abs(x), abs(y))
    return (far < 990) & (near < 350)


def _ring(x: Whole, y: Whole) -> Points:
    return _disk(x, y, 1024) & ~_disk(x, y, 570)


def _heart(x: Whole, y: Whole) -> Points:
    # A square that stands on a corner, and a half disk on each of the two upper sides.
    y = y - 283
    right, left = (x - y) * 181 >> 8, (-x - y) * 181 >> 8  # the eighth of a turn: 181 / 256 is 1 / sqrt(2)
    square = np.maximum(abs(right), abs(left)) < 636
    return np.asarray(square | _disk(right - 636, left, 636) | _disk(right, left - 636, 636))


def _crescent(x: Whole, y: Whole) -> Points:
    return _disk(x - 412, y, 1064) & ~_disk(x - 922, y, 846)


INSIDE: tuple[Callable[[Whole, Whole], Points], ...] = (
    _circle,
    _square,
    _triangle,
    _star,
    _cross,
    _ring,
    _heart,
    _crescent,
)
"""Whether points lie inside a shape, in the order of the class numbers."""
