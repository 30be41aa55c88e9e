"""How a person's own files become the document's data set: looked through in a thread, one undo step."""

from collections.abc import Callable
from pathlib import Path
from threading import Event as Flag
from time import monotonic

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from cnnstudio.core.project.data import DataChoice, Preparation
from cnnstudio.core.project.sources import OwnData
from cnnstudio.engine.data import Found, find
from cnnstudio.engine.data.arrays.choosing import Chosen
from cnnstudio.engine.data.source import Tell
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.jobs import BackgroundJobs
from cnnstudio.gui.widgets.file_dialog import FileDialog

_BETWEEN_S = 0.1
_FILES = "Arrays, tables and archives (*.npz *.h5 *.hdf5 *.csv *.tsv *.gz *ubyte *.zip)"


class DataSearch(QObject):
    """Asks for a folder and looks through what it is given.

    Whatever fails or is cancelled leaves the document as it was.

    Signals:
        began(str): what has that name is being looked through.
        counted(int): so many pictures were found so far; from the thread that looks, a few times a second.
        taken(Source): it is the data set now.
        failed(str): why it is none, as a sentence.
        cancelled(): the person wants to know no more.
    """

    began = Signal(str)
    counted = Signal(int)
    taken = Signal(object)
    failed = Signal(str)
    cancelled = Signal()

    def __init__(self, document: Document, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._window = document, window
        self._is_wanted = False
        self._stop = Flag()
        self._jobs = BackgroundJobs(self)
        self._jobs.finished.connect(self._on_found)
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

    @Slot()
    def choose_file(self) -> None:
        """Let the person choose a file of arrays, a table or an archive, without blocking."""
        title = "Choose a file of arrays, a table, or an archive of pictures"
        dialog = FileDialog(self._window, title, "data", self._beginning())
        dialog.setFileMode(FileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([_FILES, "All files (*)"])
        dialog.fileSelected.connect(self._on_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def look_through(self, path: Path) -> None:
        """Look through a folder or file in a thread, and take it if it is a data set; the newest counts."""
        tell = _seldom(self.counted.emit)
        self._look(path, lambda should_stop: find(path, should_stop, tell))

    def take_arrays(self, path: Path, chosen: Chosen) -> None:
        """Take other arrays of a file than the likeliest."""
        from cnnstudio.engine.data.arrays.opening import find_arrays

        self._look(path, lambda should_stop: find_arrays(path, should_stop, chosen))

    def _look(self, path: Path, looked_through: Callable[[ShouldStop], Found]) -> None:
        self._stop.set()
        self._is_wanted, self._stop = True, Flag()
        should_stop = self._stop.is_set
        self.began.emit(path.name)
        self._jobs.submit(lambda: _unless_stopped(looked_through, should_stop))

    @Slot()
    def cancel(self) -> None:
        """Look no further; what was found so far is forgotten."""
        self._stop.set()
        if self._is_wanted:
            self._is_wanted = False
            self.cancelled.emit()

    @property
    def is_busy(self) -> bool:
        """Whether something is being looked through, though perhaps for nobody any more."""
        return self._jobs.is_busy

    @property
    def is_wanted(self) -> bool:
        """Whether somebody waits for what is being looked through."""
        return self._is_wanted

    def close(self) -> None:
        """Stop what runs, and wait for it; call it before the window goes."""
        self._stop.set()
        self._jobs.close()

    def _beginning(self) -> Path:
        source = self._document.project.data.source
        return Path(source.path).parent if isinstance(source, OwnData) else Path.home()

    @Slot(str)
    def _on_chosen(self, name: str) -> None:
        self.look_through(Path(name))

    @Slot(object)
    def _on_found(self, found: Found | None) -> None:
        if not self._is_wanted or found is None:
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
        """What is looked through was meant for the project of before."""
        self._stop.set()
        self._is_wanted = False


def _seldom(tell: Tell) -> Tell:
    """A few times a second, however often it is told."""
    told = 0.0

    def told_seldom(count: int) -> None:
        nonlocal told
        if monotonic() - told > _BETWEEN_S:
            told = monotonic()
            tell(count)

    return told_seldom


def _unless_stopped(look: Callable[[ShouldStop], Found], should_stop: ShouldStop) -> Found | None:
    """What was found; None once nobody wants to know any more."""
    try:
        return look(should_stop)
    except StopRequested:
        return None


def _as_before(found: Found, before: DataChoice) -> Preparation:
    """What the pictures were brought to before, where it is the same data set again, moved or grown."""
    is_again = before.source is not None and found.source.continues(before.source)
    return before.preparation if is_again else found.preparation
