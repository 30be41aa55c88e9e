"""What a running training has told so far, ready to be drawn."""

from collections import deque
from collections.abc import Callable
from math import inf
from pathlib import Path
from time import monotonic

from msgspec import Struct, field

from cnnstudio.engine.runs.curve import Curve
from cnnstudio.engine.training.events import (
    BatchEnded,
    CheckpointSaved,
    EpochEnded,
    Event,
    Failed,
    Finished,
    Started,
    Stopped,
    Terminal,
)

_PACE_POINTS = 40
"""Batch events over which the images per second are averaged: two seconds or more."""


class History(Struct):
    """The curves and counters of one run, fed with its events in order.

    `patience` is the early stopping that the run was started with; `clock` gives seconds.
    """

    patience: int | None = None
    clock: Callable[[], float] = monotonic
    epochs: int = 0
    batches_per_epoch: int = 0
    training_images: int = 0
    folder: Path | None = None
    epoch: int = 0
    """The epochs that have ended."""
    progress: float = 0.0
    """The epochs that have passed, the part of the running one included."""
    batch_loss: Curve = field(default_factory=Curve)
    batch_accuracy: Curve = field(default_factory=Curve)
    loss: Curve = field(default_factory=Curve)
    val_loss: Curve = field(default_factory=Curve)
    accuracy: Curve = field(default_factory=Curve)
    val_accuracy: Curve = field(default_factory=Curve)
    epochs_without_better: int = 0
    """How many epochs have ended since val_loss was lowest, as early stopping counts them."""
    best_epoch: int | None = None
    best_path: Path | None = None
    ended: Terminal | None = None
    _started_s: float = 0.0
    _lowest: float = inf
    _last: BatchEnded | None = None
    _pace: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=_PACE_POINTS))

    def add(self, event: Event) -> None:
        """Take in the next event."""
        match event:
            case Started():
                self._start(event)
            case BatchEnded():
                self._end_batch(event)
            case EpochEnded():
                self._end_epoch(event)
            case CheckpointSaved():
                self.best_epoch, self.best_path = event.epoch, event.path
            case Finished() | Stopped() | Failed():
                self.ended = event
            case _:
                pass

    @property
    def has_started(self) -> bool:
        """Whether the network is built and batches go through it, or went."""
        return self.epochs > 0

    @property
    def current_loss(self) -> float | None:
        """The newest loss there is: of the running epoch so far, or of the last one."""
        if self._last is not None:
            return self._last.loss
        return self.loss.at(self.epoch)

    @property
    def best(self) -> tuple[float, float] | None:
        """val_loss and val_accuracy of the best epoch."""
        if self.best_epoch is None:
            return None
        val_loss, val_accuracy = self.val_loss.at(self.best_epoch), self.val_accuracy.at(self.best_epoch)
        return None if val_loss is None or val_accuracy is None else (val_loss, val_accuracy)

    @property
    def images_per_second(self) -> float | None:
        """Training images that went through lately; `None` before there is a pace."""
        if len(self._pace) < 2:
            return None
        (begin_s, begin), (end_s, end) = self._pace[0], self._pace[-1]
        return (end - begin) * self.training_images / (end_s - begin_s) if end_s > begin_s else None

    @property
    def seconds_left(self) -> float | None:
        """How long the remaining epochs will take at the pace so far; `None` before there is a pace."""
        if self.progress < 0.02 or not self.epochs:
            return None
        passed_s = self.clock() - self._started_s
        return max(self.epochs - self.progress, 0.0) * passed_s / self.progress

    def _start(self, event: Started) -> None:
        self.epochs, self.batches_per_epoch = event.epochs, event.batches_per_epoch
        self.training_images, self.folder = event.training_images, event.run_folder
        self._started_s = self.clock()

    def _end_batch(self, event: BatchEnded) -> None:
        self.progress = event.epoch - 1 + event.batch / max(self.batches_per_epoch, 1)
        loss, accuracy = _since(self._last, event)
        self.batch_loss.add(self.progress, loss)
        self.batch_accuracy.add(self.progress, accuracy)
        self._last = event
        self._pace.append((self.clock(), self.progress))

    def _end_epoch(self, event: EpochEnded) -> None:
        self.epoch = event.epoch
        self.progress = float(event.epoch)
        self.loss.add(event.epoch, event.loss)
        self.val_loss.add(event.epoch, event.val_loss)
        self.epochs_without_better = 0 if event.val_loss < self._lowest else self.epochs_without_better + 1
        self._lowest = min(self._lowest, event.val_loss)
        self.accuracy.add(event.epoch, event.accuracy)
        self.val_accuracy.add(event.epoch, event.val_accuracy)
        self._last = None
        # Validation took time in which no training image went through.
        self._pace.clear()


def _since(before: BatchEnded | None, now: BatchEnded) -> tuple[float, float]:
    """Mean loss and accuracy of the batches after `before`.

    The events tell means over the epoch so far, which hide how much single batches differ.
    """
    if before is None or before.epoch != now.epoch or before.batch >= now.batch:
        return now.loss, now.accuracy
    batches = now.batch - before.batch
    loss = (now.loss * now.batch - before.loss * before.batch) / batches
    accuracy = (now.accuracy * now.batch - before.accuracy * before.batch) / batches
    return loss, min(max(accuracy, 0.0), 1.0)
