"""A class number as a one-hot vector: a cell per class, a 1 in one of them."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.tooltips import plain_tooltip

_CELL_PX, _TEXT_PX = 26, 16
_LEAST_CELL_PX, _LEAST_MARK_PX = 13, 3
_MOST_TOLD = 30
"""Classes that are told one by one."""


class OneHotCells(QWidget):
    """Paints the vector of one label; the class number stands below each cell."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._names: tuple[str, ...] = ()
        self._values: list[int] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._on_theme_changed)

    def show_label(self, class_number: int, names: Sequence[str]) -> None:
        """Show the vector of a class among those with these names."""
        self._names = tuple(names)
        self._values = [int(number == class_number) for number in range(len(self._names))]
        if len(names) <= _MOST_TOLD:
            told = f"One-hot vector: {', '.join(map(str, self._values))}"
            rows = [f"{value}  {name}" for value, name in zip(self._values, self._names, strict=True)]
        else:
            told = f"One-hot vector: a 1 at class {class_number}, 0 at the other {len(names) - 1:,}"
            rows = [f"1  {self._names[class_number]}", f"0  the other {len(names) - 1:,} classes"]
        self.setAccessibleName(told)
        self.setToolTip(plain_tooltip("\n".join(rows)))
        self.update()

    def values(self) -> list[int]:
        """The numbers in the cells."""
        return list(self._values)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.scaled(_CELL_PX) * 10, self._theme.scaled(_CELL_PX + _TEXT_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._values:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = self.width() / len(self._values)
        if width >= self._theme.scaled(_LEAST_CELL_PX):
            for number, value in enumerate(self._values):
                self._paint_cell(painter, number, value, QRectF(number * width, 0, width, self.height()))
        else:
            self._paint_strip(painter, self._values.index(1), width)
        painter.end()

    def _paint_strip(self, painter: QPainter, number: int, width: float) -> None:
        """More cells than there is room for: a strip of zeros, and the place of the one."""
        theme, height = self._theme, self._theme.scaled(_CELL_PX)
        painter.setPen(QPen(theme.color("border"), 1))
        painter.setBrush(theme.color("field"))
        painter.drawRoundedRect(QRectF(1, 1, self.width() - 2, height - 2), 4, 4)
        mark = QRectF(number * width, 1, max(width, _LEAST_MARK_PX), height - 2)
        mark.moveRight(min(mark.right(), self.width() - 1.0))
        painter.fillRect(mark, theme.color("accent"))
        painter.setFont(theme.font(11, tabular=True))
        painter.setPen(theme.color("text"))
        text = f"{number:,}"
        room = QRectF(0, height, painter.fontMetrics().horizontalAdvance(text) + 2, theme.scaled(_TEXT_PX))
        room.moveLeft(min(max(mark.center().x() - room.width() / 2, 0), self.width() - room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_cell(self, painter: QPainter, number: int, value: int, area: QRectF) -> None:
        theme = self._theme
        cell = QRectF(area.left() + 1, 1, area.width() - 2, theme.scaled(_CELL_PX) - 2)
        painter.setPen(QPen(theme.color("accent" if value else "border"), 2 if value else 1))
        painter.setBrush(theme.color("accent_soft" if value else "field"))
        painter.drawRoundedRect(cell, 4, 4)
        painter.setFont(theme.font(13, tabular=True))
        painter.setPen(theme.color("text" if value else "text3"))
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, str(value))
        painter.setFont(theme.font(11, tabular=True))
        below = QRectF(area.left(), theme.scaled(_CELL_PX), area.width(), theme.scaled(_TEXT_PX))
        painter.setPen(theme.color("text" if value else "text3"))
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, str(number))

    @Slot()
    def _on_theme_changed(self) -> None:
        self.updateGeometry()
        self.update()
