"""Corners for what opens over the window: menus, lists and the command palette."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QBitmap, QPainter
from PySide6.QtWidgets import QWidget

_RADIUS = 10
_SIZED = (QEvent.Type.Resize, QEvent.Type.Show)
"""The list of a combo box takes the mask away again when it is resized, before it is shown."""


class RoundCorners(QObject):
    """Cuts the corners off a window of its own; the style sheet rounds the ground and border inside."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.setProperty("corners", "round")
        window.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size."""
        if isinstance(watched, QWidget) and event.type() in _SIZED:
            # Where nothing blends windows, the corners of one that lets the ground through would be black.
            watched.setMask(_rounded(watched.size()))
        return False


def _rounded(size: QSize) -> QBitmap:
    """A rectangle of that size without its corners."""
    shape = QBitmap(size)
    shape.clear()
    painter = QPainter(shape)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(Qt.GlobalColor.color1)
    painter.drawRoundedRect(shape.rect(), _RADIUS, _RADIUS)
    painter.end()
    return shape
