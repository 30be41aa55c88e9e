"""A network as a few small bars: the block picture in the size of a stamp."""

from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from cnnstudio.core.analysis import Analysis
from cnnstudio.core.diagram.boxes import (
    LONGEST_COLUMN,
    LONGEST_DEPTH,
    LONGEST_EDGE,
    Box,
    Scale,
    boxes_of,
    scale_of,
)
from cnnstudio.core.layers import Family
from cnnstudio.gui.theme.theme import Theme

_GAP, _THINNEST, _COLUMN = 0.05, 0.035, 0.04
_DEPTH, _BACK = 0.3, 0.16
_GROUND = 0.28


class Bar(Struct, frozen=True):
    """A box in shares of the picture's height: its left end, its front face, the shift of its back."""

    family: Family
    left: float
    width: float
    height: float
    back: float


def bars_of(analysis: Analysis) -> tuple[Bar, ...]:
    """The bars from left to right, on the scale of the block picture."""
    boxes = boxes_of(analysis)
    scale = scale_of(boxes)
    bars: list[Bar] = []
    left = 0.0
    for box in boxes:
        width, height, back = _sizes(box, scale)
        bars.append(Bar(box.row.layer.family, left, width, height, back))
        left += width + back + _GAP
    return tuple(bars)


def _sizes(box: Box, scale: Scale) -> tuple[float, float, float]:
    if not box.is_map:
        return _COLUMN, scale.column_px(box.shape[-1] if box.shape else 1) / LONGEST_COLUMN, 0.0
    height, width, channels = box.edges
    back = scale.edge_px(width) / LONGEST_EDGE * _BACK
    front = scale.depth_px(channels) / LONGEST_DEPTH * _DEPTH
    return max(_THINNEST, front), scale.edge_px(height) / LONGEST_EDGE * (1 - _BACK), back


def paint_bars(painter: QPainter, theme: Theme, bars: Sequence[Bar], rect: QRectF) -> None:
    """Paint the bars into the rectangle, narrower where there are many."""
    total = bars[-1].left + bars[-1].width + bars[-1].back
    across = min(rect.height(), rect.width() / total)
    begin = rect.center().x() - total * across / 2
    for bar in bars:
        x, height = begin + bar.left * across, bar.height * rect.height() * 0.92
        back = QPointF(bar.back * across, -bar.back * rect.height() * 0.5)
        middle = rect.center().y() - back.y() / 2
        front = QRectF(x, middle - height / 2, max(2.0, bar.width * across), height)
        _paint_bar(painter, theme, bar.family, front, back)


def _paint_bar(painter: QPainter, theme: Theme, family: Family, front: QRectF, back: QPointF) -> None:
    painter.setPen(QPen(theme.family_color(family), 1))
    painter.setBrush(theme.family_color(family, _GROUND))
    if back.x() > 1:
        lid = [front.topLeft(), front.topLeft() + back, front.topRight() + back, front.topRight()]
        side = [front.topRight(), front.topRight() + back, front.bottomRight() + back, front.bottomRight()]
        painter.drawPolygon(lid)
        painter.drawPolygon(side)
    painter.drawRect(front)
