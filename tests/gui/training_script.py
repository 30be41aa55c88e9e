"""A scripted training: the events that a run of a few epochs sends, without Keras."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QObject

from cnnstudio.core.project import Project
from cnnstudio.engine.runs.folder import (
    BEST_FILE,
    HISTORY_FILE,
    RunRecord,
    State,
    begin_run,
    new_run_folder,
    save_record,
)
from cnnstudio.engine.runs.history import HistoryFile
from cnnstudio.engine.training.events import (
    BatchEnded,
    CheckpointSaved,
    EpochEnded,
    Event,
    Started,
    Stopped,
)
from cnnstudio.engine.training.stopping import ShouldStop
from cnnstudio.engine.training.trainer import Emit, TrainingJob
from cnnstudio.gui.document.session import TrainingSession

BATCHES = 4


class ScriptedSession(TrainingSession):
    """Runs when told to, says what it is told to say, and notes that it was asked to stop."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running = False
        self.stops = 0

    @property
    def is_running(self) -> bool:
        return self._running

    def start(self, project: Project, folder: Path, origin: Path | None = None) -> None:
        del project, folder, origin
        self._running = True
        self.running_changed.emit(True)

    def stop(self) -> None:
        self.stops += 1
        self.stop_asked.emit()

    def say(self, *events: Event) -> None:
        for event in events:
            self.happened.emit(event)

    def end(self, *events: Event) -> None:
        self.say(*events)
        self._running = False
        self.running_changed.emit(False)


def until_stopped(job: TrainingJob, emit: Emit, should_stop: ShouldStop) -> None:
    """In place of `train`: does nothing until it is asked to stop."""
    wait = threading.Event()
    while not should_stop():
        wait.wait(0.001)
    emit(Stopped(None, None, job.folder))


def started(folder: Path, epochs: int = 5) -> Started:
    return Started(folder, epochs, BATCHES, 8_000, 2_000, 9_098, 0)


def epoch(number: int, loss: float, val_loss: float) -> EpochEnded:
    values = {
        "loss": loss,
        "accuracy": 1 - loss / 4,
        "val_loss": val_loss,
        "val_accuracy": 1 - val_loss / 4,
    }
    return EpochEnded(number, values, 4.2, 1e-3)


def batch(number: int, place: int, loss: float, accuracy: float) -> BatchEnded:
    return BatchEnded(number, place, {"loss": loss, "accuracy": accuracy})


def run_of(folder: Path, val_losses: Sequence[float], epochs: int = 5) -> Iterator[Event]:
    """A run whose loss halves each epoch and whose val_loss is as given."""
    yield started(folder, epochs)
    lowest = float("inf")
    for number, val_loss in enumerate(val_losses, start=1):
        loss = 2.0**-number
        for place in range(1, BATCHES + 1):
            yield batch(number, place, loss + 0.1 / place, 1 - loss / 4)
        yield epoch(number, loss, val_loss)
        if val_loss < lowest:
            lowest = val_loss
            yield CheckpointSaved(number, val_loss, folder / "best.weights.h5")


def written_run(
    runs: Path, project: Project, epochs: Sequence[EpochEnded], origin: Path | None = None
) -> tuple[Path, RunRecord]:
    """The folder of a run of which so many epochs are on disk, and its record: it is still going."""
    folder = new_run_folder(runs, "scripted")
    record = begin_run(folder, project, "0123456789abcdef", origin=origin)
    history = HistoryFile(folder / HISTORY_FILE)
    for ended in epochs:
        history.append(ended)
    (folder / BEST_FILE).write_bytes(b"weights")
    return folder, record


def ended_run(
    runs: Path,
    project: Project,
    epochs: Sequence[EpochEnded],
    origin: Path | None = None,
    state: State = "finished",
) -> Path:
    """The folder of a run that came to its end."""
    folder, record = written_run(runs, project, epochs, origin)
    save_record(folder, record.model_copy(update={"state": state}))
    return folder
