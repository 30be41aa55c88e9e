"""What commands ask of a person before they do anything."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from cnnstudio.core.network import edits
from cnnstudio.engine.files.kinds import WEIGHTS_FILTER
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.widgets.file_dialog import FileDialog
from cnnstudio.gui.window.repeat_dialog import RepeatDialog


class Questions(QObject):
    """Dialogs that block nothing and clean up after themselves.

    Signals:
        weights_chosen(Path): a weights file to look into.
    """

    weights_chosen = Signal(object)

    def __init__(self, document: Document, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._window = document, window

    def choose_weights(self) -> None:
        """Let the person choose a weights file to inspect."""
        dialog = FileDialog(self._window, "Open weights", "weights")
        dialog.setNameFilter(WEIGHTS_FILTER)
        dialog.setFileMode(FileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._on_weights_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def ask_how_often(self) -> None:
        """Ask how many times the selected layers shall stand, and repeat them."""
        network = self._document.network
        layers = [name for name in self._document.selection if network.position(name) > 0]
        dialog = RepeatDialog(layers, self._window)
        dialog.chosen.connect(self._on_repeat_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _on_weights_chosen(self, name: str) -> None:
        self.weights_chosen.emit(Path(name))

    @Slot(int)
    def _on_repeat_chosen(self, times: int) -> None:
        self._document.edit(edits.repeat_selected, times)
