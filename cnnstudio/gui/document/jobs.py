"""Short work off the GUI thread: one result or one sentence comes back to the thread it was asked from."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from cnnstudio.core.values.errors import StudioError

_log = logging.getLogger(__name__)


class BackgroundJobs(QObject):
    """Runs functions one after the other in a thread of its own; a later request replaces the ones that wait.

    Made on the GUI thread; results arrive there. `latest_only` is what views want that follow the mouse:
    of several requests only the newest is worth its time.

    Signals:
        finished(object): what the function returned.
        failed(str): one sentence for a person.
    """

    finished = Signal(object)
    failed = Signal(str)
    _answered = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None, latest_only: bool = True) -> None:
        super().__init__(parent)
        self._latest_only = latest_only
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="studio-job")
        self._newest: Future[Any] | None = None
        self._is_closed = False
        # Queued even where the work was done before its callback was added, which then runs on this thread:
        # who asks is never answered before `submit` has returned.
        self._answered.connect(self._on_answered, Qt.ConnectionType.QueuedConnection)

    def submit(self, function: Callable[[], object]) -> None:
        """Ask for `function()` to be run; it must not touch widgets. After `close` nothing is run."""
        if self._is_closed:
            # While the window goes, its parts still hear of each other, and some begin to look something up.
            return
        if self._latest_only and self._newest is not None:
            self._newest.cancel()
        future = self._pool.submit(function)
        self._newest = future
        future.add_done_callback(self._on_done)

    @property
    def is_busy(self) -> bool:
        """Whether a request has not been answered yet."""
        return self._newest is not None

    def close(self) -> None:
        """Drop what waits and wait for what runs, whose answer is not told; call it before the owner goes."""
        self._is_closed = True
        self._newest = None
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _on_done(self, future: "Future[Any]") -> None:
        """Runs in the worker thread."""
        if future.cancelled():
            return
        error = future.exception()
        self._answered.emit(future, None if error else future.result(), error)

    def _on_answered(self, future: object, result: object, error: object) -> None:
        if self._is_closed or (self._latest_only and future is not self._newest):
            return
        if future is self._newest:
            self._newest = None
        if error is None:
            self.finished.emit(result)
        else:
            self.failed.emit(sentence_of(error))


def sentence_of(error: object) -> str:
    """What a person is told of an error; one that nobody expected is logged with its traceback."""
    if isinstance(error, StudioError):
        return str(error)
    _log.error("a background job failed", exc_info=error if isinstance(error, BaseException) else None)
    return f"Something went wrong inside the studio ({type(error).__name__}: {error})."
