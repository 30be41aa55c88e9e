"""Grounds of the cards and of the canvas, made once per look: repainting takes them from here."""

from functools import lru_cache
from math import exp

from msgspec import Struct
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPixmap

from cnnstudio.gui.theme.theme import Theme

SHADOW_REACH = 14
RADIUS = 12.0
_DOT_GAP = 24


class PlateStyle(Struct, frozen=True):
    """What a card's ground looks like; colors are names of tokens."""

    ground: str
    border: str
    border_width: float
    focused: bool = False
    lifted: bool = False
    dashed: bool = False


def plate(theme: Theme, width: int, height: int, style: PlateStyle, scale: float) -> QPixmap:
    """A card's ground with border and shadow at exactly `scale` device pixels a unit."""
    border = getattr(theme.tokens, style.border)
    ground = getattr(theme.tokens, style.ground)
    strength = (0.5, 0.28) if theme.is_dark else (0.12, 0.045)
    return _plate(
        (theme.tokens.shadow, ground, border, theme.tokens.accent if style.focused else ""),
        (width, height, style.border_width),
        strength[0] if style.lifted else 0.0 if style.dashed else strength[1],
        round(scale, 3),
        style.dashed,
    )


def dots(theme: Theme) -> QBrush:
    """The dotted ground as a tile that repeats."""
    return _dots(theme.tokens.canvas, theme.tokens.dot)


@lru_cache(maxsize=96)
def _plate(
    colors: tuple[str, str, str, str],
    size: tuple[int, int, float],
    strength: float,
    scale: float,
    dashed: bool,
) -> QPixmap:
    (shadow, ground, border, ring), (width, height, line) = colors, size
    reach = SHADOW_REACH
    made = QPixmap(round((width + 2 * reach) * scale), round((height + 2 * reach) * scale))
    made.setDevicePixelRatio(scale)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    card = QRectF(reach, reach, width, height)
    _paint_shadow(painter, card, shadow, strength)
    if ring:
        glow = QColor(ring)
        glow.setAlphaF(0.35)
        painter.setPen(QPen(glow, 4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(card.adjusted(-3, -3, 3, 3), RADIUS + 3, RADIUS + 3)
    painter.setPen(QPen(QColor(border), line, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine))
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
    painter.end()
    return made


def _paint_shadow(painter: QPainter, card: QRectF, color: str, strength: float) -> None:
    """Rings that add up to a bell-shaped fall, slightly below the card: light comes from above."""
    painter.setPen(Qt.PenStyle.NoPen)
    tint = QColor(color)
    for ring in range(SHADOW_REACH):
        tint.setAlphaF(2.2 * strength * (_fall(ring) - _fall(ring + 1)))
        painter.setBrush(tint)
        rect = card.adjusted(1 - ring, 4 - ring, ring - 1, ring)
        painter.drawRoundedRect(rect, RADIUS + ring, RADIUS + ring)


def _fall(distance: int) -> float:
    """How much of the shadow is left so many units away from the card, 1 to 0."""
    return exp(-((distance / (0.5 * SHADOW_REACH)) ** 2))


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
