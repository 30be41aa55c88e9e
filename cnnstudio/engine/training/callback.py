"""What is said, kept and decided at each batch and epoch of a run."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cnnstudio.core.tasks.metrics import VALIDATION, Monitor
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.keras.library import KerasModel, load_keras
from cnnstudio.engine.runs.history import HistoryFile
from cnnstudio.engine.training.checkpoints import WeightsKeeper
from cnnstudio.engine.training.events import BatchEnded, EpochEnded, Event, Warned
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested

BATCH_EVENT_INTERVAL_S = 0.05


class Patience:
    """Early stopping: counts the epochs since the monitored figure was best, as Keras's EarlyStopping
    does.
    """

    def __init__(self, monitor: Monitor, epochs: int | None) -> None:
        self._monitor = monitor
        self._epochs = epochs
        self._best: float | None = None
        self._waited = 0

    @property
    def is_over(self) -> bool:
        """Whether it is time to stop."""
        return self._epochs is not None and self._waited >= self._epochs

    def add(self, value: float) -> None:
        """Take in the figure of the next epoch."""
        better = self._monitor.is_better(value, self._best)
        self._waited = 0 if better else self._waited + 1
        self._best = value if better else self._best


class TrainingCallback:
    """Listens to Keras's `fit`, in the thread that trains.

    `measure` gets the number of an epoch and the seconds of its training, and tells what else there is.
    Order at the end of an epoch: the events, the line of the history, the refusal of a loss that is no
    number, the weights, then early stopping; so whatever breaks off, the curve is complete and the files
    are those of a whole epoch.
    """

    def __init__(
        self,
        *,
        model: KerasModel,
        keeper: WeightsKeeper,
        history: HistoryFile,
        metrics: Sequence[str],
        monitor: Monitor,
        patience: Patience,
        emit: Callable[[Event], None],
        should_stop: ShouldStop,
        measure: Callable[[int, float], Event],
    ) -> None:
        self._model = model
        self._keeper = keeper
        self._history = history
        self._metrics = metrics
        self._monitor = monitor
        self._patience = patience
        self._emit = emit
        self._should_stop = should_stop
        self._measure = measure
        self._epoch = 0
        self._epoch_began = self._trained_until = 0.0
        self._batch_sent = -math.inf
        self.stopped_early = False

    def as_callback(self) -> Any:
        """The Keras callback that leads here."""
        return load_keras().callbacks.LambdaCallback(
            on_epoch_begin=self._on_epoch_begin,
            on_epoch_end=self._on_epoch_end,
            on_train_batch_end=self._on_train_batch_end,
            on_test_batch_end=self._on_test_batch_end,
        )

    def _on_epoch_begin(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        del logs
        self._epoch = epoch + 1
        self._epoch_began = time.perf_counter()
        if epoch and self._batch_sent > -math.inf:
            # After a validation one batch alone would be told, which lies far off the means of many.
            self._batch_sent = time.monotonic()

    def _on_train_batch_end(self, batch: int, logs: Mapping[str, float]) -> None:
        self._refuse_lost(logs["loss"], f"in epoch {self._epoch}, batch {batch + 1}")
        self._trained_until = time.perf_counter()
        self._send_batch(batch + 1, logs)
        self._poll()

    def _on_test_batch_end(self, batch: int, logs: Mapping[str, float]) -> None:
        del batch, logs
        self._poll()

    def _poll(self) -> None:
        if self._should_stop():
            # `model.stop_training` would do for training batches, but validation runs through to its end.
            raise StopRequested

    def _send_batch(self, batch: int, logs: Mapping[str, float]) -> None:
        now = time.monotonic()
        if now - self._batch_sent >= BATCH_EVENT_INTERVAL_S:
            self._batch_sent = now
            self._emit(BatchEnded(self._epoch, batch, _numbers(logs, self._metrics)))

    def _on_epoch_end(self, epoch: int, logs: Mapping[str, float]) -> None:
        ended = EpochEnded(
            epoch=epoch + 1,
            values=_numbers(logs, self._metrics),
            seconds=time.perf_counter() - self._epoch_began,
            learning_rate=float(self._model.optimizer.learning_rate),
        )
        self._emit(ended)
        self._emit(self._measure(ended.epoch, self._trained_until - self._epoch_began))
        self._or_warn(lambda: self._history.append(ended))
        self._refuse_lost(ended.values["val_loss"], f"in the validation of epoch {ended.epoch}")
        self._or_warn(lambda: self._keep(ended))
        self._patience.add(ended.values[self._monitor.name])
        if self._patience.is_over:
            self.stopped_early = True
            self._model.stop_training = True

    def _keep(self, ended: EpochEnded) -> None:
        before = self._keeper.saved
        try:
            self._keeper.keep(ended)
        finally:
            if self._keeper.saved is not None and self._keeper.saved is not before:
                self._emit(self._keeper.saved)

    def _or_warn(self, write: Callable[[], object]) -> None:
        """What cannot be written is no reason to throw hours of training away."""
        try:
            write()
        except StudioError as error:
            self._emit(Warned(f"{error} Training goes on; what was saved before is whole."))

    def _refuse_lost(self, loss: float, where: str) -> None:
        if not math.isfinite(loss):
            rate = float(self._model.optimizer.learning_rate)
            raise StudioError(
                f"The loss became {'not a number' if math.isnan(loss) else 'infinite'} {where}: "
                f"the steps were too long. Try a learning rate of {rate / 10:g} instead of {rate:g}, "
                "and check that pixels are scaled."
            )


def _numbers(logs: Mapping[str, float], metrics: Sequence[str]) -> dict[str, float]:
    """Keras's logs as plain numbers: the loss, the metrics in their order, then those of the validation."""
    order = ("loss", *metrics)
    # Keras gives them by the alphabet, but the task's first metric is the one that is drawn first.
    return {
        name: float(logs[name])
        for prefix in ("", VALIDATION)
        for name in (prefix + plain for plain in order)
        if name in logs
    }
