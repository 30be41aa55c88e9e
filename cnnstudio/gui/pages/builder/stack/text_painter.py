"""Draws icons and single lines of text with one painter, in the colors and fonts of the theme."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QPainter

from cnnstudio.gui.theme.measuring import fitted, line_start, whole_parts, width_of
from cnnstudio.gui.theme.theme import Theme

_RIGHT_SHARE = 0.6


class TextPainter:
    """`scale` is how many device pixels a unit of the painter has: icons are rendered to fit it."""

    def __init__(self, painter: QPainter, theme: Theme, scale: float) -> None:
        self.painter, self._theme = painter, theme
        # Few steps, so that zooming does not fill the cache of icons.
        self.dpr = 1.0 if scale <= 1 else 2.0 if scale <= 2 else 4.0

    def icon(self, name: str, color: str, centre: QPointF, size: int) -> None:
        """An icon of `size` designed pixels around a point."""
        pixmap = self._theme.pixmap(name, color, size, self.dpr)
        half = self._theme.scaled(size) / 2
        target = QRectF(centre.x() - half, centre.y() - half, 2 * half, 2 * half)
        self.painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))

    def left(self, rect: QRectF, text: str, font: QFont, color: str) -> float:
        """Text from the left edge, shortened to fit; gives the x where it ends."""
        return rect.left() + self._draw(rect, text, font, color, rect.width())

    def parts(self, rect: QRectF, text: str, font: QFont, color: str) -> None:
        """Text from the left edge, of which the parts between dots are whole or not there."""
        self.left(rect, whole_parts(font, text, rect.width()), font, color)

    def right(self, rect: QRectF, text: str, font: QFont, color: str) -> float:
        """Text up to the right edge, at most 60 % of the width; gives the x where it begins."""
        return rect.right() - self._draw(rect, text, font, color, rect.width() * _RIGHT_SHARE, at_right=True)

    def _draw(
        self, rect: QRectF, text: str, font: QFont, color: str, room: float, at_right: bool = False
    ) -> float:
        """Paint the text, at most `room` wide; gives its width."""
        shown = fitted(font, text, room)
        self.painter.setFont(font)
        self.painter.setPen(self._theme.color(color))
        self.painter.drawText(line_start(font, shown, rect, at_right), shown)
        return width_of(font, shown)
