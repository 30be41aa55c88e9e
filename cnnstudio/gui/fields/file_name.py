"""The editor of a file's path: typed, or chosen in a dialog."""

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog

from cnnstudio.core.fields import FileName, Text
from cnnstudio.gui.fields.editor import Workshop, explain
from cnnstudio.gui.fields.simple import TextEditor
from cnnstudio.gui.file_kinds import WEIGHTS_FILTER
from cnnstudio.gui.widgets.clear_action import ClearAction
from cnnstudio.gui.widgets.icon_button import IconButton

_FILTERS = {"weights": WEIGHTS_FILTER}


class FileNameEditor(TextEditor):
    """A line of text with a button that opens a file dialog; no text is no file."""

    def __init__(self, kind: FileName, workshop: Workshop) -> None:
        super().__init__(Text(), workshop)
        self._filter = _FILTERS[kind.what]
        self._name = ""
        ClearAction(self.edit, workshop.theme)
        self.edit.setPlaceholderText("none")
        self.button = IconButton(workshop.theme, "folder-open", "Choose a file", size=16, parent=self)
        self.row.addWidget(self.button)
        self.button.clicked.connect(self._on_choose)

    def show_value(self, value: object) -> None:
        super().show_value(value)
        self.edit.setPlaceholderText("none")

    def set_texts(self, name: str, explanation: str) -> None:
        super().set_texts(name, explanation)
        self._name = name
        explain(self.button, f"{name}: choose a file", "Choose a file")

    def _text(self, value: object) -> str:
        return "" if value is None else str(value)

    def _read(self, text: str) -> object:
        # A path that begins elsewhere, or at home, would mean another file to another program.
        plain = text.strip()
        return str(Path(plain).expanduser()) if plain.startswith("~") else plain or None

    @Slot()
    def _on_choose(self) -> None:
        there = Path(self.edit.text())
        folder = there.parent if there.is_absolute() else Path.home()
        dialog = QFileDialog(self.window(), self._name, str(folder), self._filter)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.choose)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def choose(self, path: str) -> None:
        """Take that file, as a step of its own."""
        self.finished.emit()
        self.show_value(path)
        self.edited.emit(path)
        self.finished.emit()
