"""Random whole numbers that are the same on every machine and with every version of NumPy."""

import math

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int32]

LENGTH = 4096
"""The length of a direction. Rounded, as the last digit of sine and cosine differs between machines."""
_DIRECTIONS = np.array(
    [
        (round(LENGTH * math.cos(math.radians(angle))), round(LENGTH * math.sin(math.radians(angle))))
        for angle in range(360)
    ],
    np.int32,
)


class Draws:
    """Random numbers from a seed and the number of a batch, each drawn after the other.

    NumPy promises that the raw bits of PCG64 stay as they are; it doesn't promise so of what its Generator
    makes of them.
    """

    def __init__(self, seed: int, batch: int) -> None:
        self._bits = np.random.PCG64([seed, batch])

    def orders(self, rows: int, length: int) -> NDArray[np.int64]:
        """The numbers from 0 to `length` - 1 in mixed order, for each row: (rows, length)."""
        keys = self._bits.random_raw(rows * length).reshape(rows, length)
        return keys.argsort(axis=1, kind="stable").astype(np.int64)

    def whole(self, low: int | Whole, high: int | Whole, shape: tuple[int, ...]) -> Whole:
        """Numbers from `low` to `high`, both included and less than 32,768 apart; ends may be arrays."""
        count = math.prod(shape)
        raw = self._bits.random_raw(-(-count // 4)).astype("<u8")
        sixteen_bits = raw.view("<u2")[:count].astype(np.int32).reshape(shape)
        return np.asarray(low + ((high - low + 1) * sixteen_bits >> 16), np.int32)

    def directions(self, count: int, most: int) -> tuple[Whole, Whole]:
        """Vectors of `LENGTH` at most so many degrees from 0: their parts across and down, (count,) each."""
        chosen = _DIRECTIONS[self.whole(-most, most, (count,)) % 360]
        return chosen[:, 0], chosen[:, 1]


def turned(x: Whole, y: Whole, across: Whole, down: Whole) -> tuple[Whole, Whole]:
    """Points of pictures, columns (count, n) and rows (count, n), seen along vectors: (count, n, n) each."""
    x, y = x[:, None, :], y[:, :, None]
    across, down = across[:, None, None], down[:, None, None]
    return x * across + y * down, y * across - x * down
