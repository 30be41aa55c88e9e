"""The legend of a plot: a piece of each line, as it is drawn, and its name."""

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Slot
from PySide6.QtGui import QPainter, QPen, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.labels import label

Mark = Literal["circle", "square"]


class LegendKey(QWidget):
    """One entry: a solid line with a circle, or a dashed one with a square."""

    def __init__(self, theme: Theme, name: str, color: str, mark: Mark, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._color, self._mark = theme, color, mark
        self._line = label("", "secondary", self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._line)
        self._name = label(name, "secondary", self)
        row.addWidget(self._name)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def set_name(self, name: str) -> None:
        """Say what the line is."""
        self._name.setText(name)

    @Slot()
    def _on_theme_changed(self) -> None:
        dpr = self.devicePixelRatioF()
        self._line.setPixmap(line_sample(self._theme, self._color, self._mark, dpr))


def line_sample(theme: Theme, color: str, mark: Mark, dpr: float) -> QPixmap:
    """A picture of a piece of the line."""
    width, height = theme.scaled(26), theme.scaled(10)
    picture = QPixmap(round(width * dpr), round(height * dpr))
    picture.setDevicePixelRatio(dpr)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(theme.color(color), 2)
    pen.setStyle(Qt.PenStyle.SolidLine if mark == "circle" else Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.drawLine(QPointF(0, height / 2), QPointF(width, height / 2))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(color))
    centre = QPointF(width / 2, height / 2)
    if mark == "circle":
        painter.drawEllipse(centre, 3, 3)
    else:
        painter.drawRect(QRectF(centre - QPointF(3, 3), QSizeF(6, 6)))
    painter.end()
    return picture
