"""The rectangle that is drawn over the canvas to select what it touches."""

from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QRubberBand, QWidget

from cnnstudio.gui.theme.theme import Theme


class Band(QRubberBand):
    """Lets what it selects be seen through it; Qt's own nearly covers it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(QRubberBand.Shape.Rectangle, parent)
        self._theme = theme

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(self._theme.color("accent"), 1))
        painter.setBrush(self._theme.color("accent", 0.1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
