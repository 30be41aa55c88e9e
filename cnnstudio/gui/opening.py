"""Files and folders that are given to the window: by a drop, or by name when it starts."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from cnnstudio.engine.runs import BEST_FILE
from cnnstudio.gui.file_kinds import kind_of
from cnnstudio.gui.pages import Pages
from cnnstudio.gui.project_files import ProjectFiles


class Opening(QObject):
    """Opens what it is given on the page that shows its kind. Drops on any part of the window count."""

    def __init__(self, pages: Pages, files: ProjectFiles, window: QWidget) -> None:
        super().__init__(window)
        self._pages, self._files = pages, files
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def open_path(self, path: Path) -> None:
        """Open a project, weights, a picture, the best weights in the folder of a run, or class folders.

        Any other folder is left to the reader of class folders, and any other file to that of projects: they
        say what is wrong with it.
        """
        match kind_of(path):
            case "weights" | "picture":
                self._pages.inspect_file(path)
            case "run":
                self._pages.inspect_file(path / BEST_FILE)
            case "folder":
                self._pages.use_folder(path)
            case "project" | "other":
                self._files.open_path(path)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a drag or drop of one file or folder."""
        # A drag that enters is a drag that moves, and that is a drop, to Qt.
        path = dropped_path(event) if isinstance(event, QDropEvent) else None
        if path is None or not isinstance(event, QDropEvent):
            return super().eventFilter(watched, event)
        event.acceptProposedAction()
        if not isinstance(event, QDragMoveEvent):
            self.open_path(path)
        return True


def dropped_path(event: QDropEvent) -> Path | None:
    """The one file or folder of this machine that is dragged, or nothing."""
    urls = event.mimeData().urls()
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
