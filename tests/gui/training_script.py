"""A scripted training: the events that a run of a few epochs sends, without Keras."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QObject

from cnnstudio.core.project import Project
from cnnstudio.engine.training.events import BatchEnded, CheckpointSaved, EpochEnded, Event, Started
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

    def start(self, project: Project, folder: Path) -> None:
        del project, folder
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


def started(folder: Path, epochs: int = 5) -> Started:
    return Started(folder, epochs, BATCHES, 8_000, 2_000, 9_098, 0)


def epoch(number: int, loss: float, val_loss: float) -> EpochEnded:
    return EpochEnded(number, loss, val_loss, 1 - loss / 4, 1 - val_loss / 4, 4.2, 1e-3)


def run_of(folder: Path, val_losses: Sequence[float], epochs: int = 5) -> Iterator[Event]:
    """A run whose loss halves each epoch and whose val_loss is as given."""
    yield started(folder, epochs)
    lowest = float("inf")
    for number, val_loss in enumerate(val_losses, start=1):
        loss = 2.0**-number
        for batch in range(1, BATCHES + 1):
            yield BatchEnded(number, batch, loss + 0.1 / batch, 1 - loss / 4)
        yield epoch(number, loss, val_loss)
        if val_loss < lowest:
            lowest = val_loss
            yield CheckpointSaved(number, val_loss, folder / "best.weights.h5")
