"""How a folder of pictures becomes the document's data set: looked through in a thread, one undo step."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from cnnstudio.core.project.data import DataChoice, Preparation
from cnnstudio.core.project.sources import Folder
from cnnstudio.engine.data.folder.scan import FoundFolder, scan
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.jobs import BackgroundJobs
from cnnstudio.gui.widgets.file_dialog import FileDialog


class FolderSearch(QObject):
    """Asks for a folder and looks through it; whatever fails or is cancelled leaves the document as it was.

    Signals:
        began(str): a folder of that name is being looked through.
        taken(Folder): it is the data set now.
        failed(str): why it is none, as a sentence.
    """

    began = Signal(str)
    taken = Signal(object)
    failed = Signal(str)

    def __init__(self, document: Document, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._window = document, window
        self._is_wanted = False
        self._jobs = BackgroundJobs(self)
        self._jobs.finished.connect(self._on_scanned)
        self._jobs.failed.connect(self._on_failed)
        document.opened.connect(self._on_opened)

    @Slot()
    def choose(self) -> None:
        """Let the person choose a folder, without blocking."""
        title = "Choose a folder with a folder for each class"
        dialog = FileDialog(self._window, title, "data", self._beginning())
        dialog.setFileMode(FileDialog.FileMode.Directory)
        dialog.setOption(FileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._on_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def look_through(self, path: Path) -> None:
        """Look through a folder in a thread, and take it if it is a data set; the newest one counts."""
        self._is_wanted = True
        self.began.emit(path.name)
        self._jobs.submit(lambda: scan(path))

    @property
    def is_busy(self) -> bool:
        """Whether a folder is being looked through."""
        return self._jobs.is_busy

    def close(self) -> None:
        """Wait for what runs; call it before the window goes."""
        self._jobs.close()

    def _beginning(self) -> Path:
        source = self._document.project.data.source
        return Path(source.path).parent if isinstance(source, Folder) else Path.home()

    @Slot(str)
    def _on_chosen(self, name: str) -> None:
        self.look_through(Path(name))

    @Slot(object)
    def _on_scanned(self, found: FoundFolder) -> None:
        if not self._is_wanted:
            return
        self._is_wanted = False
        project = self._document.project
        data = project.data.with_source(found.source, _as_before(found, project.data))
        text = f"Use the pictures in {found.source.name}"
        self._document.apply(text, project.with_data(data))
        self.taken.emit(found.source)

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        if self._is_wanted:
            self._is_wanted = False
            self.failed.emit(sentence)

    @Slot()
    def _on_opened(self) -> None:
        """The folder was meant for the project of before."""
        self._is_wanted = False


def _as_before(found: FoundFolder, before: DataChoice) -> Preparation:
    """What the pictures were brought to before, where it is the same data set again, moved or grown."""
    source = before.source
    if not isinstance(source, Folder) or source.class_names != found.source.class_names:
        return found.preparation
    return before.preparation
