"""Files and folders that are given to the window: by a drop, or by name when it starts."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QUrl, Signal
from PySide6.QtGui import QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from cnnstudio.engine.data import is_data
from cnnstudio.engine.files.kinds import kind_of
from cnnstudio.engine.runs.folder import BEST_FILE
from cnnstudio.gui.window.pages import Pages
from cnnstudio.gui.window.project_files import ProjectFiles


class Opening(QObject):
    """Opens what it is given on the page that shows its kind. Drops on any part of the window count.

    Files are taken before any part of the window sees them: a text field would write their path into itself.
    Addresses of the web are left to such fields, and refused elsewhere.

    Signals:
        begun(): something is going to be opened.
        refused(str): what was dropped cannot be opened; one sentence.
    """

    begun = Signal()
    refused = Signal(str)

    def __init__(self, pages: Pages, files: ProjectFiles, window: QWidget) -> None:
        super().__init__(window)
        self._pages, self._files, self._window = pages, files, window
        self._for_pictures: QWidget | None = None
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def leave_pictures_to(self, widget: QWidget) -> None:
        """A single picture that is dropped on this part of the window is for that part."""
        self._for_pictures = widget

    def open_path(self, path: Path) -> None:
        """Open a project, weights, a picture, the best weights in the folder of a run, or a data set.

        Any other folder is left to the reader of class folders, and any other file to that of projects: they
        say what is wrong with it.
        """
        self.begun.emit()
        match kind_of(path):
            case "weights" | "picture":
                self._pages.inspect_file(path)
            case "run":
                self._pages.inspect_file(path / BEST_FILE)
            case "folder" | "other" if is_data(path):
                self._pages.use_data(path)
            case "project" | "folder" | "other":
                self._files.open_path(path)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a drag or drop: of files from the window's handle, of addresses from the window."""
        if event.type() == QEvent.Type.Show:
            self._watch_handle()
        # A drag that enters is a drag that moves, and that is a drop, to Qt.
        if isinstance(event, QDropEvent) and self._is_wanted(event, by_handle=watched is not self._window):
            event.acceptProposedAction()
            if not isinstance(event, QDragMoveEvent):
                self._open(event.mimeData().urls())
            return True
        return super().eventFilter(watched, event)

    def _watch_handle(self) -> None:
        # The window system gives drags to the handle, which passes them on to the widget below the mouse.
        handle = self._window.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)

    def _is_wanted(self, event: QDropEvent, by_handle: bool) -> bool:
        urls = event.mimeData().urls()
        if by_handle and self._is_for_pictures(event):
            return False
        return any(url.isLocalFile() for url in urls) if by_handle else bool(urls)

    def _is_for_pictures(self, event: QDropEvent) -> bool:
        widget, urls = self._for_pictures, event.mimeData().urls()
        if widget is None or len(urls) != 1 or kind_of(Path(urls[0].toLocalFile())) != "picture":
            return False
        place = widget.mapFrom(self._window, event.position().toPoint())
        return widget.rect().contains(place)

    def _open(self, urls: Sequence[QUrl]) -> None:
        refusal = refusal_of(urls)
        if refusal:
            self.refused.emit(refusal)
        else:
            self.open_path(Path(urls[0].toLocalFile()))


def refusal_of(urls: Sequence[QUrl]) -> str:
    """Why what was dropped cannot be opened; nothing for one file or folder of this machine."""
    if not all(url.isLocalFile() for url in urls):
        return "Only files of this machine can be opened. Save it as a file first, then drop that file."
    if len(urls) > 1:
        return (
            f"{len(urls)} files or folders were dropped, but one at a time can be opened. Drop one of them."
        )
    return ""
