"""The open weights file of the page: opened and read in worker threads, answered on the GUI thread."""

from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QObject, Signal, Slot

from cnnstudio.engine.interpret.loaded import LoadedWeight, read_weight
from cnnstudio.engine.weights import WeightsFile, open_weights
from cnnstudio.gui.document.jobs import BackgroundJobs


class _Read(Struct, frozen=True, eq=False):
    ticket: int
    weight: LoadedWeight


class WeightsStore(QObject):
    """Holds at most one open file; a file that cannot be opened leaves the one before as it is.

    Signals:
        opened(WeightsFile): another file is open now.
        loaded(LoadedWeight): the array that was asked for last has been read.
        failed(str): a file cannot be opened; one sentence for a person.
        not_loaded(str): an array of the open file cannot be read; one sentence for a person.
    """

    opened = Signal(object)
    loaded = Signal(object)
    failed = Signal(str)
    not_loaded = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file: WeightsFile | None = None
        self._ticket = 0
        # Every answer counts when opening: a file that was opened must be closed again.
        self._opening = BackgroundJobs(self, latest_only=False)
        self._reading = BackgroundJobs(self, latest_only=False)
        self._opening.finished.connect(self._on_opened)
        self._opening.failed.connect(self.failed)
        self._reading.finished.connect(self._on_read)
        self._reading.failed.connect(self.not_loaded)

    @property
    def file(self) -> WeightsFile | None:
        """The open file."""
        return self._file

    def open(self, path: Path) -> None:
        """Open a file; `opened` or `failed` follows."""
        self._opening.submit(lambda: open_weights(path))

    def load(self, layer: str, name: str) -> None:
        """Read one array of the open file; `loaded` or `failed` follows unless another is asked for first."""
        file = self._file
        if file is None:
            return
        self._ticket += 1
        ticket = self._ticket
        self._reading.submit(lambda: self._read(file, layer, name, ticket))

    def forget(self) -> None:
        """Close the file; no other takes its place."""
        before, self._file = self._file, None
        self._ticket += 1
        if before is not None:
            # After what the worker may still read from it.
            self._reading.submit(before.close)

    def close(self) -> None:
        """Close the file and the threads; call it before the owner goes."""
        self._ticket += 1
        self._opening.close()
        self._reading.close()
        if self._file is not None:
            self._file.close()
            self._file = None

    def _read(self, file: WeightsFile, layer: str, name: str, ticket: int) -> _Read | None:
        """Runs in the worker thread; what nobody waits for any more is not read."""
        if ticket != self._ticket:
            return None
        return _Read(ticket, read_weight(file, layer, name))

    @Slot(object)
    def _on_opened(self, file: WeightsFile) -> None:
        self.forget()
        self._file = file
        self.opened.emit(file)

    @Slot(object)
    def _on_read(self, answer: _Read | None) -> None:
        if answer is not None and answer.ticket == self._ticket:
            self.loaded.emit(answer.weight)
