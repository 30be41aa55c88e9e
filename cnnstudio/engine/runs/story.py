"""What a training has told so far, ready to be drawn: live from its events, or read back from its folder."""

from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic
from typing import assert_never

from msgspec import Struct, field

from cnnstudio.core.tasks.metrics import VALIDATION, Monitor, metric
from cnnstudio.core.values.words import counted
from cnnstudio.engine.runs.curve import Curve, Lines
from cnnstudio.engine.runs.folder import Run
from cnnstudio.engine.training.events import (
    Baseline,
    BatchEnded,
    CheckpointSaved,
    EpochEnded,
    Event,
    Failed,
    Finished,
    Measured,
    Started,
    Stopped,
    Terminal,
    Warned,
)

_PACE_POINTS = 40
"""Batch events over which the images per second are averaged: two seconds or more."""


class Story(Struct):
    """The curves and counters of one run, fed with its events in order.

    `patience` is the early stopping that the run was started with; `clock` gives seconds. Curves are
    kept by the names of the metrics, those of the validation with `val_` in front.
    """

    patience: int | None = None
    clock: Callable[[], float] = monotonic
    epochs: int = 0
    batches_per_epoch: int = 0
    training_images: int = 0
    folder: Path | None = None
    monitor: Monitor = Monitor()
    epoch: int = 0
    """The epochs that have ended."""
    progress: float = 0.0
    """The epochs that have passed, the part of the running one included."""
    batches: dict[str, Curve] = field(default_factory=dict)
    curves: dict[str, Curve] = field(default_factory=dict)
    epochs_without_better: int = 0
    """How many epochs have ended since the monitored figure was best, as early stopping counts them."""
    best_epoch: int | None = None
    best_path: Path | None = None
    ended: Terminal | None = None
    baseline: Baseline = Baseline()
    dead_units: Mapping[str, float] = field(default_factory=dict)
    """By layer, the part of its units that were always 0 when that was last looked at."""
    reading_share: float | None = None
    """The part of the last epoch's training in which a batch was being read."""
    _started_s: float = 0.0
    _began_at: float = 0.0
    _best: float | None = None
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
            case Measured():
                self.reading_share = event.reading_share
                self.dead_units = self.dead_units if event.dead_units is None else event.dead_units
            case Warned():
                pass
            case _:
                assert_never(event)

    @property
    def has_started(self) -> bool:
        """Whether the network is built and batches go through it, or went."""
        return self.epochs > 0

    @property
    def metrics(self) -> tuple[str, ...]:
        """What is measured, the loss first; the loss alone before anything has been."""
        names = dict.fromkeys(name.removeprefix(VALIDATION) for name in (*self.batches, *self.curves))
        return tuple(names) or ("loss",)

    @property
    def current_loss(self) -> float | None:
        """The newest loss there is: of the running epoch so far, or of the last one."""
        if self._last is not None:
            return self._last.values.get("loss")
        return self.value("loss", self.epoch)

    def value(self, name: str, epoch: int | None) -> float | None:
        """A figure of an epoch; `None` where there is none."""
        return None if epoch is None or name not in self.curves else self.curves[name].at(epoch)

    def best_value(self, name: str) -> float | None:
        """What a figure was in the best epoch."""
        return self.value(name, self.best_epoch)

    def lines(self, name: str) -> Lines:
        """What a plot of one metric shows."""
        is_over = self.ended is not None
        return Lines(
            self.batches.get(name, Curve()),
            self.curves.get(name, Curve()),
            self.curves.get(VALIDATION + name, Curve()),
            max(self.epochs, 1),
            self.best_epoch,
            is_over,
        )

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
        passed = self.progress - self._began_at
        if passed < 0.02 or not self.epochs:
            return None
        passed_s = self.clock() - self._started_s
        return max(self.epochs - self.progress, 0.0) * passed_s / passed

    def _start(self, event: Started) -> None:
        self.epochs, self.batches_per_epoch = event.epochs, event.batches_per_epoch
        self.training_images, self.folder = event.training_images, event.run_folder
        self.monitor, self.baseline = event.monitor, event.baseline
        self._began_at = self.progress = float(event.epochs_done)
        self._started_s = self.clock()

    def _end_batch(self, event: BatchEnded) -> None:
        self.progress = event.epoch - 1 + event.batch / max(self.batches_per_epoch, 1)
        self._add_batches(event)
        self._last = event
        self._pace.append((self.clock(), self.progress))

    def _add_batches(self, event: BatchEnded) -> None:
        for name, value in _since(self._last, event).items():
            self.batches.setdefault(name, Curve()).add(self.progress, value)

    def _add_last_batches(self, event: EpochEnded) -> None:
        """Go on with the batch lines to the end of the epoch: its last batches told nothing themselves."""
        if not self.batches_per_epoch or (self._last and self._last.batch == self.batches_per_epoch):
            return
        whole = {name: value for name, value in event.values.items() if not name.startswith(VALIDATION)}
        self._add_batches(BatchEnded(event.epoch, self.batches_per_epoch, whole))

    def _end_epoch(self, event: EpochEnded) -> None:
        self.epoch = event.epoch
        self.progress = float(event.epoch)
        self._add_last_batches(event)
        for name, value in event.values.items():
            self.curves.setdefault(name, Curve()).add(event.epoch, value)
        watched = event.values.get(self.monitor.name)
        better = watched is not None and self.monitor.is_better(watched, self._best)
        self.epochs_without_better = 0 if better else self.epochs_without_better + 1
        self._best = watched if better else self._best
        self._last = None
        # Validation took time in which no training image went through.
        self._pace.clear()


def story_of(run: Run) -> Story:
    """A run as its folder tells it; a run that was killed says that it was broken off."""
    project, record = run.project, run.record
    story = Story(patience=project.training.patience)
    story.add(
        Started(
            run.folder,
            project.training.epochs,
            *(0, 0, 0, 0),
            record.seed,
            monitor=project.task.monitor,
            baseline=Baseline(record.guessing_loss, record.majority_share, record.majority_class),
        )
    )
    for row in run.history:
        story.add(EpochEnded(row.epoch, row.values, row.seconds, row.learning_rate or 0.0))
    story.add(Measured(len(run.history), record.reading_share, record.dead_units))
    best = run.best_row
    if best is not None and run.best is not None:
        value = best.values[project.task.monitor.name]
        story.add(CheckpointSaved(best.epoch, value, run.best, project.task.monitor.name))
    if run.record.state != "running" or run.is_broken_off:
        story.add(_ending(run))
    # Another process may be training it still: its epochs tell how long one takes.
    story._started_s = story.clock() - sum(row.seconds for row in run.history)
    return story


def _ending(run: Run) -> Terminal:
    best, monitor = run.best_row, run.project.task.monitor.name
    epoch = None if best is None else best.epoch
    value = None if best is None else best.values[monitor]
    match run.record.state:
        case "finished" if epoch is not None and value is not None:
            early = len(run.history) < run.project.training.epochs
            return Finished(epoch, value, run.folder, early, monitor)
        case "stopped":
            return Stopped(epoch, value, run.folder, monitor)
        case "failed":
            return Failed(run.record.message or "Training broke off.")
        case _:
            return Failed(broken_off(len(run.history)))


def broken_off(epochs: int) -> str:
    """What is said of a run whose process was gone before it ended."""
    kept = f"after {counted(epochs, 'whole epoch')}" if epochs else "before an epoch was whole"
    how = " It can go on from there." if epochs else ""
    return f"Training was broken off {kept}: the program ended without a word.{how}"


def _since(before: BatchEnded | None, now: BatchEnded) -> Mapping[str, float]:
    """Means over the batches after `before`, by metric.

    The events tell means over the epoch so far, which hide how much single batches differ.
    """
    if before is None or before.epoch != now.epoch or before.batch >= now.batch:
        return now.values
    batches = now.batch - before.batch
    found = {}
    for name, value in now.values.items():
        mean = (value * now.batch - before.values.get(name, value) * before.batch) / batches
        # Rounding may carry a share a little beyond its ends.
        found[name] = min(max(mean, 0.0), 1.0) if metric(name).is_share else mean
    return found
