"""The measures of the stack in scene units; they grow with the text scale."""

from math import inf

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QRectF

from cnnstudio.gui.theme.theme import Theme

TILE, SMALL_TILE = 36, 26
_WIDTH, _LEAST_WIDTH = 400, 300
_LEAST_MARGIN = 26
_SLACK = 4
"""A graphics view takes its vertical bar to be wider than the style sheet makes it."""


class Metrics(Struct, frozen=True):
    """Widths, heights and gaps; x is 0 in the middle of the column, y is 0 at its top."""

    width: int
    height: int
    small_height: int
    bar: int
    gap: int
    margin: int
    gutter: int
    lane: int

    @property
    def edge(self) -> int:
        """What is left free at the edges where there is no room for the margin."""
        return self.margin // 4

    @property
    def left(self) -> float:
        """The left edge of the column."""
        return -self.width / 2

    @property
    def right(self) -> float:
        """The right edge of the column."""
        return self.width / 2

    def lane_x(self, lane: int) -> float:
        """Where the line of an arc runs down beside the column; lane 0 is the innermost."""
        return self.right + self.gutter + lane * self.lane


def metrics_of(theme: Theme, room: float = inf, lanes: int = 0) -> Metrics:
    """The measures at the text scale, for a view `room` pixels wide with `lanes` of arcs beside the column.

    Cards are narrower where there is less room.
    """
    designed = Metrics(
        width=theme.scaled(_WIDTH),
        height=theme.scaled(60),
        small_height=theme.scaled(42),
        bar=theme.scaled(32),
        gap=theme.scaled(26),
        margin=theme.scaled(34),
        gutter=theme.scaled(36),
        lane=theme.scaled(16),
    )
    taken = designed.edge + _beside(designed, lanes) + _SLACK if lanes else 2 * _LEAST_MARGIN
    return replace(designed, width=round(max(min(room - taken, designed.width), theme.scaled(_LEAST_WIDTH))))


def canvas_rect(metrics: Metrics, bottom: float, lanes: int, seen_width: float) -> QRectF:
    """What one can scroll over: the column down to `bottom`, and `lanes` of arcs to its right.

    The column is in the middle of the view while there is room for that.
    """
    right = metrics.right + _beside(metrics, lanes)
    left = -right if 2 * right <= seen_width else metrics.left - metrics.edge
    return QRectF(left, -metrics.margin, right - left, bottom + 3 * metrics.margin)


def _beside(metrics: Metrics, lanes: int) -> int:
    """The room to the right of the column."""
    return metrics.gutter + lanes * metrics.lane + metrics.edge if lanes else metrics.margin
