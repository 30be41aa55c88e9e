"""The cross at the end of a line of text that empties it."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit

from cnnstudio.gui.theme.theme import Theme


class ClearAction(QAction):
    """Shown while there is text; what it does is an edit by the person, as Qt's own clear button's is.

    Qt takes the icon of its own from the style once, and keeps it in the other look.
    """

    def __init__(self, edit: QLineEdit, theme: Theme) -> None:
        super().__init__("Clear", edit)
        self._edit, self._theme = edit, theme
        edit.addAction(self, QLineEdit.ActionPosition.TrailingPosition)
        edit.textChanged.connect(self._on_text_changed)
        self.triggered.connect(self._on_triggered)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self._on_text_changed(edit.text())

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        self.setVisible(bool(text))

    @Slot()
    def _on_triggered(self) -> None:
        self._edit.clear()
        self._edit.textEdited.emit("")
        self._edit.setFocus()

    @Slot()
    def _on_theme_changed(self) -> None:
        self.setIcon(self._theme.icon("x", "text2", 16))
