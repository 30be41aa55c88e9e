"""A button whose meaning changes at a click."""

from PySide6.QtGui import QMouseEvent

from cnnstudio.gui.widgets.push_button import PushButton


class SingleClickButton(PushButton):
    """Takes no notice of the second half of a double click: it was meant for what stood there before."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()
