"""Where each block of the column stands: pure arithmetic over heights."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate

from msgspec import Struct


class Hole(Struct, frozen=True):
    """Room kept free in the column, right above the block at `index`."""

    index: int
    height: float


class Column(Struct, frozen=True):
    """Blocks below each other with a gap between them; `tops` and `heights` go by position."""

    tops: tuple[float, ...]
    heights: tuple[float, ...]
    gap: float
    hole: Hole | None = None

    @property
    def bottom(self) -> float:
        """The lower edge of the last block."""
        return self.tops[-1] + self.heights[-1] if self.tops else 0.0

    @property
    def hole_top(self) -> float:
        """The upper edge of what would fill the hole."""
        index = self.hole.index if self.hole else 0
        return 0.0 if index == 0 else self.tops[index - 1] + self.heights[index - 1] + self.gap

    def place_at(self, y: float) -> int:
        """The place of the stack a point stands for: below every block whose middle is above it."""
        return bisect_left(range(len(self.tops)), y, key=self._middle)

    def index_at(self, y: float) -> int | None:
        """The block whose height holds y."""
        index = bisect_left(range(len(self.tops)), y, key=self._bottom)
        return index if index < len(self.tops) and self.tops[index] <= y else None

    def within(self, top: float, bottom: float) -> range:
        """The blocks that reach between two heights."""
        first = bisect_left(range(len(self.tops)), top, key=self._bottom)
        return range(first, bisect_left(self.tops, bottom))

    def _middle(self, index: int) -> float:
        return self.tops[index] + self.heights[index] / 2

    def _bottom(self, index: int) -> float:
        return self.tops[index] + self.heights[index]


def column(heights: Sequence[float], gap: float, hole: Hole | None = None) -> Column:
    """The column of blocks of these heights, the first one at 0."""
    tops = list(accumulate((height + gap for height in heights), initial=0.0))[: len(heights)]
    if hole is not None:
        room = hole.height + gap
        tops[hole.index :] = [top + room for top in tops[hole.index :]]
    return Column(tuple(tops), tuple(heights), gap, hole)
