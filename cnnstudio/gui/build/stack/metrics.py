"""The measures of the stack in scene units; they grow with the text scale."""

from dataclasses import dataclass

from cnnstudio.gui.theme.theme import Theme

TILE, SMALL_TILE = 36, 26


@dataclass(frozen=True, slots=True)
class Metrics:
    """Widths, heights and gaps; x is 0 in the middle of the column, y is 0 at its top."""

    width: int
    height: int
    small_height: int
    gap: int
    margin: int
    gutter: int
    lane: int

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


def metrics_of(theme: Theme) -> Metrics:
    """The measures at the theme's text scale."""
    return Metrics(
        width=theme.scaled(400),
        height=theme.scaled(60),
        small_height=theme.scaled(42),
        gap=theme.scaled(26),
        margin=theme.scaled(34),
        gutter=theme.scaled(36),
        lane=theme.scaled(16),
    )
