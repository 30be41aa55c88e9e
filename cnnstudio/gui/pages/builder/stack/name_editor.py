"""Renames a block or a group in place."""

from collections.abc import Callable

from pydantic import ValidationError
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from cnnstudio.core.forms.refusals import refusal
from cnnstudio.core.values.errors import StudioError
from cnnstudio.gui.widgets.labels import label

_MENU = Qt.FocusReason.PopupFocusReason


class NameEditor(QLineEdit):
    """A field over a name: Enter renames, Escape leaves the name, a refused name says why.

    Signals:
        closed(): it is about to go away.
        refused(str): the keyboard went elsewhere and the name was not taken; one or more sentences.
    """

    closed = Signal()
    refused = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._do: Callable[[str], None] | None = None
        self._is_open = False
        self._name = ""
        self.setMaxLength(120)
        self.reason = _reason_label(parent)
        self.textEdited.connect(self._on_edited)
        self.installEventFilter(self)
        self.hide()

    def open(self, name: str, place: QRect, rename: Callable[[str], None]) -> None:
        """Ask for another name, in a place of the parent; `rename` takes it, or says why not."""
        self._do, self._name, self._is_open = rename, name, True
        self.setAccessibleName(f"New name of {name}")
        self.setText(name)
        self.setGeometry(place)
        self._show_refusal("")
        self.show()
        self.raise_()
        self.selectAll()
        self.setFocus()

    def place(self, place: QRect) -> None:
        """Stand in another place of the parent."""
        if place != self.geometry():
            self.setGeometry(place)
            self._place_reason()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() != _MENU and self._is_open:
            is_taken = self._rename()
            self._close()
            if not is_taken:
                self.refused.emit(f"'{self._name}' keeps its name. {self.reason.text()}")
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            match Qt.Key(event.key()):
                case Qt.Key.Key_Escape:
                    self._close()
                    return True
                case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                    if self._rename():
                        self._close()
                    return True
                case _:
                    pass
        return super().eventFilter(watched, event)

    def _rename(self) -> bool:
        try:
            if self._do is not None:
                self._do(self.text())
        except StudioError as error:
            self._show_refusal(str(error))
            return False
        except ValidationError as error:
            self._show_refusal(refusal(error))
            return False
        return True

    def close_field(self) -> None:
        """Go away and leave the name as it is."""
        self._close()

    def _close(self) -> None:
        if not self._is_open:
            return
        self._is_open, self._do = False, None
        self.closed.emit()
        self.reason.hide()
        self.hide()

    def _on_edited(self) -> None:
        self._show_refusal("")

    def _show_refusal(self, text: str) -> None:
        self.setProperty("invalid", bool(text))
        self.setAccessibleDescription(text)
        self.style().unpolish(self)
        self.style().polish(self)
        self.reason.setText(text)
        self.reason.setVisible(bool(text))
        self._place_reason()

    def _place_reason(self) -> None:
        self.reason.setFixedWidth(self.width())
        self.reason.adjustSize()
        self.reason.move(self.geometry().bottomLeft() + QPoint(0, 4))
        self.reason.raise_()


def _reason_label(parent: QWidget) -> QLabel:
    """Where the reason of a refusal stands: below the field."""
    made = label("", "error", parent, wrap=True)
    made.setProperty("surface", "card")
    made.setMargin(6)
    made.hide()
    return made
