"""The runs of the open project that training can start from."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cnnstudio.core.network import Network
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.jobs import BackgroundJobs

if TYPE_CHECKING:
    from cnnstudio.engine.runs.store import RunEntry


class ProjectRuns(QObject):
    """Looks for them in a thread; lives on the GUI thread. Call `close` before its owner goes.

    Signals:
        listed(tuple[RunEntry, ...]): the runs that kept weights, the newest first.
    """

    listed = Signal(object)

    def __init__(self, document: Document, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._folder = document, folder
        self._jobs = BackgroundJobs(self)
        self._jobs.finished.connect(self.listed)

    def look(self) -> None:
        """Look for the runs of the document as it stands; `listed` answers."""
        self._jobs.submit(partial(_found, self._folder, self._document.path, self._document.network))

    def close(self) -> None:
        """Wait for the search, whose answer is not told."""
        self._jobs.close()


def _found(folder: Path, origin: Path | None, network: Network) -> "tuple[RunEntry, ...]":
    from cnnstudio.engine.runs.store import RunStore

    return RunStore(folder).with_weights(origin, network)
