"""The editor of a file's path: typed, chosen in a dialog, or one that comes with the studio."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction

from cnnstudio.core.forms.fields import FileName
from cnnstudio.core.project.training import INCLUDED
from cnnstudio.engine.files.kinds import WEIGHTS_FILTER
from cnnstudio.engine.training.start_weights import included_weights
from cnnstudio.gui.fields.editor import EditorContext, explain
from cnnstudio.gui.fields.simple import TextEditor
from cnnstudio.gui.widgets.clear_action import ClearAction
from cnnstudio.gui.widgets.file_dialog import FileDialog
from cnnstudio.gui.widgets.icon_button import IconButton
from cnnstudio.gui.widgets.round_menu import RoundMenu

_NONE = "none"
_FILTERS = {"weights": WEIGHTS_FILTER}


class FileNameEditor(TextEditor):
    """A line of text with a button that offers files; no text is no file."""

    def __init__(self, kind: FileName, context: EditorContext) -> None:
        super().__init__(kind, context, _NONE)
        self._filter = _FILTERS[kind.what]
        self._name = ""
        self._offers: tuple[tuple[str, str], ...] = ()
        ClearAction(self.edit, context.theme)
        self.button = IconButton(context.theme, "folder-open", "Choose", size=16, parent=self)
        self.row.addWidget(self.button)
        self.button.clicked.connect(self._on_choose)

    def set_texts(self, name: str, explanation: str) -> None:
        super().set_texts(name, explanation)
        self._name = name
        explain(self.button, f"{name}: choose", "Choose a file, or one that comes with the studio")

    def offer(self, files: Sequence[tuple[str, str]]) -> None:
        """Offer files by name in the menu of the button: what is said of each, and its path."""
        self._offers = tuple(files)

    def menu(self) -> RoundMenu:
        """What the button offers; it is gone once it is closed."""
        menu = RoundMenu(parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Choose a file…").triggered.connect(self.open_dialog)
        included = tuple((f"Included: {one.removeprefix(INCLUDED)}", one) for one in included_weights())
        for group in filter(None, (self._offers, included)):
            menu.addSeparator()
            for title, reference in group:
                menu.addAction(title).setData(reference)
        menu.triggered.connect(self._on_menu)
        return menu

    @Slot()
    def _on_choose(self) -> None:
        self.menu().popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))

    @Slot(QAction)
    def _on_menu(self, action: QAction) -> None:
        if action.data() is not None:
            self.choose(action.data())

    @Slot()
    def open_dialog(self) -> None:
        """Let the person choose a file."""
        there = Path(self.edit.text())
        dialog = FileDialog(self.window(), self._name, "weights", Path.home())
        if there.is_absolute():
            dialog.setDirectory(str(there.parent))
        dialog.setNameFilter(self._filter)
        dialog.setFileMode(FileDialog.FileMode.ExistingFile)
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
