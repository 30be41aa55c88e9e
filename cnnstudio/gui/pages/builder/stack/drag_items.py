"""What is seen of a drag on the canvas: the slot that waits, the cards under the pointer, the new line."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from cnnstudio.gui.pages.builder.stack.card import Highlight, card_height, paint_card
from cnnstudio.gui.pages.builder.stack.content import Content
from cnnstudio.gui.pages.builder.stack.looks import RADIUS, SHADOW_REACH
from cnnstudio.gui.pages.builder.stack.metrics import Metrics, metrics_of
from cnnstudio.gui.pages.builder.stack.text_painter import TextPainter
from cnnstudio.gui.theme.fonts import MEDIUM, SEMIBOLD
from cnnstudio.gui.theme.measuring import fitted, width_of
from cnnstudio.gui.theme.theme import Theme

_PILE = 3
_PILE_STEP = 9
_BULGE = 50
"""How far the line to a block swings out."""
_EDGE, _PILL_PAD = 8, 20


class DropMarker(QGraphicsItem):
    """The slot into which a drag will fall; red where it cannot, with the reason at the dragged cards."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._height, self._metrics = 0.0, metrics_of(theme)
        self.refusal = ""
        self.setZValue(3)
        self.hide()

    def show_at(self, y: float, height: float, metrics: Metrics, refusal: str) -> None:
        """Mark a slot; a non-empty `refusal` says why nothing can land in it."""
        self.prepareGeometryChange()
        self._height, self._metrics, self.refusal = height, metrics, refusal
        self.setPos(0, y)
        self.show()
        self.update()

    def boundingRect(self) -> QRectF:
        metrics = self._metrics
        return QRectF(metrics.left - 12, -metrics.gap, metrics.width + 24, self._height + metrics.gap + 2)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        metrics, theme = self._metrics, self._theme
        hue = "danger" if self.refusal else "accent"
        slot = QRectF(metrics.left, 0, metrics.width, self._height)
        pen = QPen(theme.color(hue), 1.6, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(theme.color(f"{hue}_soft", 0.8))
        painter.drawRoundedRect(slot.adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(hue))
        line = QRectF(metrics.left - 6, -metrics.gap / 2 - 1.5, metrics.width + 12, 3)
        painter.drawRoundedRect(line, 1.5, 1.5)


class Pile(QGraphicsItem):
    """The cards that follow the pointer; several lie on each other, with the number of layers beside them."""

    def __init__(self, theme: Theme, metrics: Metrics, contents: Sequence[Content], layers: int) -> None:
        super().__init__()
        self._theme, self._metrics = theme, metrics
        self._contents = tuple(contents[:_PILE])
        self._count = layers
        self.sign = self.refusal = ""
        self.setZValue(20)

    @property
    def height(self) -> float:
        """The height of the room the pile asks for."""
        spread = _PILE_STEP * (len(self._contents) - 1)
        return card_height(self._contents[0], self._metrics) + spread

    def boundingRect(self) -> QRectF:
        reach = SHADOW_REACH + 16
        metrics = self._metrics
        height = self.height + metrics.height
        return QRectF(metrics.left, 0, metrics.width, height).adjusted(-reach, -reach, reach, reach)

    def say(self, sign: str, refusal: str) -> None:
        """A word beside the cards, such as "copy", and the reason why they cannot land here."""
        if (sign, refusal) != (self.sign, self.refusal):
            self.sign, self.refusal = sign, refusal
            self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        metrics = self._metrics
        ratio = widget.devicePixelRatioF() if widget else 1.0
        scale = option.levelOfDetailFromTransform(painter.worldTransform()) * ratio
        for depth, content in reversed(list(enumerate(self._contents))):
            rect = QRectF(
                metrics.left + depth * 4, depth * _PILE_STEP, metrics.width, card_height(content, metrics)
            )
            paint_card(painter, self._theme, scale, rect, content, Highlight(selected=True, lifted=True))
        if self.refusal:
            self._paint_refusal(painter)
        words = [f"{self._count} layers"] if self._count > 1 else []
        if words or self.sign:
            self._paint_pill(painter, " · ".join([*words, *filter(None, [self.sign])]))

    def _paint_pill(self, painter: QPainter, text: str) -> None:
        font = self._theme.font(11, SEMIBOLD)
        width = QFontMetricsF(font).horizontalAdvance(text) + self._theme.scaled(18)
        height = self._theme.scaled(21)
        right = self._metrics.right
        pill = QRectF(right - width - 12, -height / 2, width, height)
        paint_pill(painter, pill, self._theme.color("accent"))
        painter.setFont(font)
        painter.setPen(self._theme.color("on_accent"))
        painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), text)

    def _paint_refusal(self, painter: QPainter) -> None:
        scaled, metrics = self._theme.scaled, self._metrics
        room = QRectF(metrics.left + scaled(8), self.height + 6, metrics.width - scaled(16), scaled(30))
        paint_pill(painter, room, self._theme.color("danger_soft"), self._theme.color("danger"))
        draw = TextPainter(painter, self._theme, 2.0)
        draw.icon("circle-x", "danger", QPointF(room.left() + scaled(18), room.center().y()), 16)
        text = room.adjusted(scaled(32), 0, -scaled(10), 0)
        draw.left(text, self.refusal, self._theme.font(12, MEDIUM), "danger")


class NewArc(QGraphicsItem):
    """The line that follows the pointer from a block's handle, with a word on what it would do."""

    def __init__(self, theme: Theme, start: QPointF) -> None:
        super().__init__()
        self._theme, self._start = theme, start
        self._font = theme.font(12, MEDIUM)
        self._end = start
        self.pill = QRectF(start, start)
        self.text = ""
        self.is_legal = False
        self.setZValue(21)

    def reach_to(self, end: QPointF, text: str, is_legal: bool, seen: QRectF) -> None:
        """Draw up to a point; `text` says what letting go there does, or why nothing, inside `seen`."""
        self.prepareGeometryChange()
        self._end, self.is_legal = end, is_legal
        self.text = fitted(self._font, text, seen.width() - 2 * _EDGE - self._theme.scaled(_PILL_PAD))
        width = width_of(self._font, self.text) + self._theme.scaled(_PILL_PAD)
        self.pill = QRectF(end.x() + 14, end.y() + 8, width, self._theme.scaled(24))
        self.pill.moveRight(min(self.pill.right(), seen.right() - _EDGE))
        self.pill.moveLeft(max(self.pill.left(), seen.left() + _EDGE))

    def boundingRect(self) -> QRectF:
        line = QRectF(self._start, self._end).normalized().adjusted(-8, -8, _BULGE, 8)
        return line.united(self.pill.adjusted(-2, -2, 2, 2))

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        color = self._theme.color("merging" if self.is_legal else "text3")
        pen = QPen(color, 2, Qt.PenStyle.SolidLine if self.is_legal else Qt.PenStyle.DashLine)
        path = QPainterPath(self._start)
        out = QPointF(max(self._start.x(), self._end.x()) + _BULGE, 0)
        path.cubicTo(QPointF(out.x(), self._start.y()), QPointF(out.x(), self._end.y()), self._end)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        painter.setBrush(color)
        painter.drawEllipse(self._end, 4, 4)
        if self.text:
            self._paint_text(painter)

    def _paint_text(self, painter: QPainter) -> None:
        paint_pill(painter, self.pill, self._theme.color("card"), self._theme.color("outline"))
        painter.setFont(self._font)
        painter.setPen(self._theme.color("text" if self.is_legal else "text2"))
        painter.drawText(self.pill, int(Qt.AlignmentFlag.AlignCenter), self.text)


def paint_pill(painter: QPainter, rect: QRectF, ground: QColor, border: QColor | None = None) -> None:
    """A rounded ground for a short text."""
    painter.setPen(QPen(border, 1) if border else QPen(Qt.PenStyle.NoPen))
    painter.setBrush(ground)
    painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
