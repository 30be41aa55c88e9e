"""What the canvas says while there is only the Input."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from cnnstudio.gui.pages.builder.stack.looks import RADIUS
from cnnstudio.gui.pages.builder.stack.metrics import Metrics, metrics_of
from cnnstudio.gui.pages.builder.stack.text_painter import TextPainter
from cnnstudio.gui.theme.fonts import SEMIBOLD
from cnnstudio.gui.theme.theme import Theme

TITLE = "Add the first layer"
SENTENCE = "Drag one here from the list on the left, double-click it there, or type its name."


class Hint(QGraphicsItem):
    """An empty slot below the Input with the next step in words."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._metrics = theme, metrics_of(theme)
        self.hide()

    def set_metrics(self, metrics: Metrics) -> None:
        """Take over other measures."""
        self.prepareGeometryChange()
        self._metrics = metrics

    def boundingRect(self) -> QRectF:
        metrics = self._metrics
        return QRectF(metrics.left - 2, -2, metrics.width + 4, self._theme.scaled(124))

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        theme, scaled = self._theme, self._theme.scaled
        slot = self.boundingRect().adjusted(2, 2, -2, -2)
        painter.setPen(QPen(theme.color("outline"), 1.4, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(slot, RADIUS, RADIUS)
        TextPainter(painter, theme, 2.0).icon("layers", "text3", QPointF(0, slot.top() + scaled(26)), 24)
        painter.setPen(theme.color("text"))
        painter.setFont(theme.font(13, SEMIBOLD))
        centred = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.drawText(slot.adjusted(0, scaled(44), 0, 0), int(centred), TITLE)
        painter.setPen(theme.color("text2"))
        painter.setFont(theme.font(12))
        flags = int(centred | Qt.TextFlag.TextWordWrap)
        painter.drawText(slot.adjusted(scaled(40), scaled(66), -scaled(40), 0), flags, SENTENCE)
