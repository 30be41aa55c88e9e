"""Drops as the window system sends them."""

from PySide6.QtCore import QMimeData, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

_LEFT, _PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def drop_from_outside(widget: QWidget, mime: QMimeData, place: QPoint) -> bool:
    """Drop over a widget from another program, whose drags the handle of the window gets first."""
    window = widget.window()
    return send_drop(window.windowHandle(), mime, widget.mapTo(window, place))


def send_drop(
    viewport: QObject, mime: QMimeData, place: QPoint, action: Qt.DropAction = Qt.DropAction.CopyAction
) -> bool:
    """Enter, move and drop at a place of the viewport; whether the drop was taken."""
    for kind in (QDragEnterEvent, QDragMoveEvent):
        event = kind(QPoint(place), action, mime, _LEFT, _PLAIN)
        QApplication.sendEvent(viewport, event)
        if not event.isAccepted():
            return False
    drop = QDropEvent(QPointF(place), action, mime, _LEFT, _PLAIN)
    QApplication.sendEvent(viewport, drop)
    return drop.isAccepted()
