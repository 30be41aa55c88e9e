"""The line of a skip connection beside the column."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPainterPathStroker, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from cnnstudio.core.network.arcs import Arc
from cnnstudio.gui.pages.builder.stack.metrics import Metrics
from cnnstudio.gui.pages.builder.stack.stack_item import StackItem
from cnnstudio.gui.theme.fonts import SEMIBOLD
from cnnstudio.gui.theme.theme import Theme

_TURN = 12.0
_REACH = 10.0


class ArcItem(QGraphicsItem):
    """Runs from the handle of one block down a lane to the right edge of another.

    `slot` is the share of the target's height, 0 to 1, at which the arrow arrives.
    """

    def __init__(self, theme: Theme, arc: Arc, source: StackItem, target: StackItem) -> None:
        super().__init__()
        self.arc, self.source, self.target = arc, source, target
        self._theme = theme
        self._lane_x, self._slot = 0.0, 0.5
        self._ends: tuple[QPointF, QPointF] | None = None
        self._bounds = QRectF()
        self._path: QPainterPath | None = None
        self.highlighted = False
        self.setZValue(5)

    def run_in(self, metrics: Metrics, lane: int, slot: float) -> None:
        """Take a lane and a place at the target."""
        course = (metrics.lane_x(lane), slot)
        if course != (self._lane_x, self._slot):
            self._lane_x, self._slot = course
            self._ends = None
        self.follow()

    def follow(self) -> None:
        """Go along with blocks that have moved."""
        start = self.source.port
        end = QPointF(start.x(), self.target.y() + self.target.height * self._slot)
        if self._ends != (start, end):
            self.prepareGeometryChange()
            self._ends = (start, end)
            self._path = None
            corners = QRectF(start, end).normalized()
            self._bounds = corners.united(QRectF(self._lane_x, start.y(), 1, 1)).adjusted(
                -_REACH, -_REACH, _REACH, _REACH
            )

    def highlight(self, on: bool) -> None:
        """Stand out among the others, and say what is connected."""
        if on != self.highlighted:
            self.prepareGeometryChange()
            self.highlighted = on
            self.setZValue(6 if on else 5)

    def boundingRect(self) -> QRectF:
        label = self._theme.scaled(160) if self.highlighted else 0
        return self._bounds.adjusted(0, 0, label, 0)

    def shape(self) -> QPainterPath:
        stroker = QPainterPathStroker()
        stroker.setWidth(_REACH)
        return stroker.createStroke(self._course())

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if self._ends is None:
            return
        color = self._theme.color("merging")
        if self.highlighted:
            painter.setPen(QPen(self._theme.color("merging", 0.25), 6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(self._course())
        painter.setPen(QPen(color, 2 if self.highlighted else 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self._course())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(self._ends[0], 4, 4)
        painter.drawPolygon(_arrow(self._ends[1]))
        if self.highlighted:
            self._paint_label(painter)

    def _course(self) -> QPainterPath:
        """The line itself, worked out when it is needed: most arcs of a long stack are out of sight."""
        if self._path is None:
            start, end = self._ends or (QPointF(), QPointF())
            self._path = arc_path(start, end, self._lane_x)
        return self._path

    def _paint_label(self, painter: QPainter) -> None:
        """A pill in the middle of the lane with the names of both ends."""
        theme = self._theme
        font = theme.font(11, SEMIBOLD)
        measure = QFontMetricsF(font)
        text = measure.elidedText(
            f"{self.arc.source} → {self.arc.target}", Qt.TextElideMode.ElideMiddle, theme.scaled(140)
        )
        middle = QPointF(self._lane_x, self._bounds.center().y())
        width, height = measure.horizontalAdvance(text) + theme.scaled(18), theme.scaled(22)
        pill = QRectF(middle.x() - theme.scaled(14), middle.y() - height / 2, width, height)
        painter.setPen(QPen(theme.color("merging"), 1.2))
        painter.setBrush(theme.color("card"))
        painter.drawRoundedRect(pill, height / 2, height / 2)
        painter.setFont(font)
        painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), text)


def arc_path(start: QPointF, end: QPointF, lane_x: float) -> QPainterPath:
    """From a right edge out to the lane, along it, and back to a right edge, with round turns."""
    down = 1.0 if end.y() >= start.y() else -1.0
    turn = min(_TURN, abs(end.y() - start.y()) / 2, max(lane_x - start.x(), 0.0))
    path = QPainterPath(start)
    path.lineTo(lane_x - turn, start.y())
    path.quadTo(QPointF(lane_x, start.y()), QPointF(lane_x, start.y() + down * turn))
    path.lineTo(lane_x, end.y() - down * turn)
    path.quadTo(QPointF(lane_x, end.y()), QPointF(lane_x - turn, end.y()))
    path.lineTo(end.x() + 8, end.y())
    return path


def _arrow(tip: QPointF) -> QPolygonF:
    return QPolygonF([tip + QPointF(2, 0), tip + QPointF(11, -5), tip + QPointF(11, 5)])
