"""Dialogs that ask for a file, and where they begin."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QWidget

Purpose: TypeAlias = Literal["projects", "models", "weights", "pictures", "data", "exports"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)


class FileDialog(QFileDialog):
    """Begins in the folder where the last one for the same purpose ended, or else in `fallback`.

    The window that it belongs to holds these folders, so that all parts of it share them.
    """

    def __init__(self, parent: QWidget, title: str, purpose: Purpose, fallback: Path | None = None) -> None:
        super().__init__(parent, title)
        self._window, self._purpose = parent.window(), purpose
        folder = folders_of(self._window).get(purpose)
        there = next((one for one in (folder, fallback) if one is not None and one.is_dir()), None)
        if there is not None:
            self.setDirectory(str(there))
        self.fileSelected.connect(self._on_selected)

    @Slot(str)
    def _on_selected(self, name: str) -> None:
        # The folder of class folders is itself what was chosen: the next one stands beside it.
        set_folders(self._window, {self._purpose: Path(name).parent})


def folders_of(window: QWidget) -> dict[Purpose, Path]:
    """Where the dialogs of a window ended, by what they asked for."""
    found = {purpose: window.property(f"folder_{purpose}") for purpose in PURPOSES}
    return {purpose: Path(name) for purpose, name in found.items() if name}


def set_folders(window: QWidget, folders: Mapping[Purpose, Path]) -> None:
    """Let the next dialogs of a window begin there."""
    for purpose, folder in folders.items():
        window.setProperty(f"folder_{purpose}", str(folder))
