"""The strip left of the code: line numbers, and a mark at the lines of the selected layers."""

from collections.abc import Callable, Iterable
from weakref import WeakMethod

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from cnnstudio.gui.theme.theme import Theme

_PAD = 10
_MARK = 7


class Margin(QWidget):
    """Paints what the bound method `visible_lines` gives: each line's number from 0 and its rectangle."""

    def __init__(
        self, theme: Theme, visible_lines: Callable[[], Iterable[tuple[int, QRect]]], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        # Held weakly: view and margin would keep each other alive.
        self._visible_lines = WeakMethod(visible_lines)
        self._marked: frozenset[int] = frozenset()

    @property
    def marked(self) -> frozenset[int]:
        """The lines that have a mark."""
        return self._marked

    def mark(self, lines: Iterable[int]) -> None:
        """Put the mark at these lines and no others."""
        self._marked = frozenset(lines)
        self.update()

    def width_for(self, lines: int) -> int:
        """How wide the strip must be for so many lines."""
        digits = max(2, len(str(lines)))
        return self.fontMetrics().horizontalAdvance("9") * digits + 2 * _PAD + _MARK

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        visible_lines = self._visible_lines()
        for line, rect in visible_lines() if visible_lines else ():
            self._paint_line(painter, line, rect)
        painter.end()

    def _paint_line(self, painter: QPainter, line: int, rect: QRect) -> None:
        marked = line in self._marked
        if marked:
            self._paint_mark(painter, rect)
        painter.setPen(self._theme.color("text" if marked else "text3"))
        room = QRect(0, rect.top(), self.width() - _PAD, rect.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(line + 1))

    def _paint_mark(self, painter: QPainter, rect: QRect) -> None:
        painter.fillRect(QRect(0, rect.top(), self.width(), rect.height()), self._theme.color("accent_soft"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("accent"))
        middle, half = rect.center().y() + 0.5, _MARK * 0.6
        corners = [QPointF(3, middle - half), QPointF(3 + _MARK, middle), QPointF(3, middle + half)]
        painter.drawPolygon(QPolygonF(corners))
