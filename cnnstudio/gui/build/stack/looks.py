"""Brushes and shadow of the canvas, made once per look: repainting takes them from here."""

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPixmap

from cnnstudio.gui.theme.theme import Theme

SHADOW_REACH = 14
RADIUS = 12.0
_DOT_GAP = 24


def shadow(theme: Theme, width: int, height: int, lifted: bool, dpr: float) -> QPixmap:
    """A soft shadow for a card of that size, `SHADOW_REACH` wider on each side."""
    strength = (0.5 if theme.is_dark else 0.12) if lifted else (0.28 if theme.is_dark else 0.045)
    return _shadow(theme.tokens.shadow, width, height, strength, dpr)


def dots(theme: Theme) -> QBrush:
    """The dotted ground as a tile that repeats."""
    return _dots(theme.tokens.canvas, theme.tokens.dot)


@lru_cache(maxsize=64)
def _shadow(color: str, width: int, height: int, strength: float, dpr: float) -> QPixmap:
    reach = SHADOW_REACH
    made = QPixmap(round((width + 2 * reach) * dpr), round((height + 2 * reach) * dpr))
    made.setDevicePixelRatio(dpr)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    tint = QColor(color)
    tint.setAlphaF(2.2 * strength / reach)
    painter.setBrush(tint)
    for ring in range(reach):
        rect = QRectF(reach, reach + 3, width, height).adjusted(-ring, -ring, ring, ring - 3)
        painter.drawRoundedRect(rect, RADIUS + ring, RADIUS + ring)
    painter.end()
    return made


@lru_cache(maxsize=8)
def _dots(ground: str, dot: str) -> QBrush:
    tile = QPixmap(_DOT_GAP, _DOT_GAP)
    tile.fill(QColor(ground))
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(dot))
    painter.drawEllipse(QRectF(_DOT_GAP / 2 - 1, _DOT_GAP / 2 - 1, 2, 2))
    painter.end()
    return QBrush(tile)
