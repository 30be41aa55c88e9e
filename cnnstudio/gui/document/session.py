"""The training that runs behind the window: one thread, one signal, one flag."""

from pathlib import Path
from threading import Event as Flag

from PySide6.QtCore import QObject, QThread, Signal, Slot

from cnnstudio.core.project import Project
from cnnstudio.engine.training.events import Event

_STACK_BYTES = 64 * 2**20
"""Qt's threads have 512 KB on macOS, which BLAS has overrun."""


class _TrainingThread(QThread):
    """Runs the engine's `train` and passes its events on."""

    happened = Signal(object)

    def __init__(self, project: Project, folder: Path, origin: Path | None, parent: QObject) -> None:
        super().__init__(parent)
        self.setStackSize(_STACK_BYTES)
        self._project, self._folder, self._origin = project, folder, origin
        self._flag = Flag()

    def ask_to_stop(self) -> None:
        """Let training end at its next batch."""
        self._flag.set()

    def run(self) -> None:
        # Not at the top: it is slow to import, and the window must be painted first.
        from cnnstudio.engine.training.trainer import TrainingJob, train

        job = TrainingJob(self._project, self._folder, origin=self._origin)
        train(job, self._emit, self._flag.is_set)

    def _emit(self, event: Event) -> None:
        self.happened.emit(event)


class TrainingSession(QObject):
    """Starts and stops training; lives on the GUI thread and never waits, but for `stop_and_wait`.

    Signals:
        happened(Event): every event of the running training, in order.
        running_changed(bool): training has begun, or its thread has ended.
        stop_asked(): the running training was asked to end.
    """

    happened = Signal(object)
    running_changed = Signal(bool)
    stop_asked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: _TrainingThread | None = None

    @property
    def is_running(self) -> bool:
        """Whether a training thread is at work."""
        return self._thread is not None

    def start(self, project: Project, folder: Path, origin: Path | None = None) -> None:
        """Train `project`, whose own file is `origin`, into the run folder.

        Nothing happens while another training runs.
        """
        if self._thread is not None:
            return
        thread = _TrainingThread(project, folder, origin, self)
        self._thread = thread
        thread.happened.connect(self.happened)
        thread.finished.connect(self._on_finished)
        thread.start()
        self.running_changed.emit(True)

    def stop(self) -> None:
        """Ask the training to end at its next batch; it answers with its terminal event."""
        if self._thread is not None:
            self._thread.ask_to_stop()
            self.stop_asked.emit()

    def stop_and_wait(self, timeout_ms: int = 60_000) -> bool:
        """Stop, and wait for the thread's end as the closing window must; false when it takes too long."""
        thread = self._thread
        if thread is None:
            return True
        thread.ask_to_stop()
        return thread.wait(timeout_ms)

    @Slot()
    def _on_finished(self) -> None:
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.deleteLater()
        self.running_changed.emit(False)
