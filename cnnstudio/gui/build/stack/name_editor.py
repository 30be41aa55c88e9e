"""Renames a block in place."""

from pydantic import ValidationError
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from cnnstudio.core.errors import StudioError
from cnnstudio.core.refusals import refusal
from cnnstudio.gui.build import edits
from cnnstudio.gui.document import Document
from cnnstudio.gui.widgets.labels import label

_MENU = Qt.FocusReason.PopupFocusReason


class NameEditor(QLineEdit):
    """A field over the block's name: Enter renames, Escape leaves the name, a refused name says why.

    Signals: closed() when it is about to go away.
    """

    closed = Signal()

    def __init__(self, document: Document, parent: QWidget) -> None:
        super().__init__(parent)
        self._document = document
        self._name, self._is_open = "", False
        self.setMaxLength(120)
        self.reason = _reason_label(parent)
        self.textEdited.connect(self._on_edited)
        self.installEventFilter(self)
        self.hide()

    def open(self, name: str, place: QRect) -> None:
        """Ask for another name for a layer, in a place of the parent."""
        self._name, self._is_open = name, True
        self.setAccessibleName(f"New name of {name}")
        self.setText(name)
        self.setGeometry(place)
        self._show_refusal("")
        self.show()
        self.raise_()
        self.selectAll()
        self.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() != _MENU and self._is_open:
            self._rename()
            self._close()
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
            edits.rename(self._document, self._name, self.text())
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
        self._is_open = False
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
