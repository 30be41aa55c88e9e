"""What a training run says while it goes: a closed set of frozen events.

To add one: a class here and a name in `Event`; mypy then names each place that must answer it.
"""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

from msgspec import Struct

from cnnstudio.core.tasks.metrics import Monitor


class Baseline(Struct, frozen=True):
    """What can be had without learning anything; `None` where that means nothing."""

    loss: float | None = None
    """Of equal shares for all classes."""
    accuracy: float | None = None
    """Of always the same answer, on the held-out images."""
    answer: str = ""
    """The class that is; empty where several are as frequent."""


class Started(Struct, frozen=True):
    """Training is about to begin: the model is built and the images are read."""

    kind: ClassVar[str] = "started"
    run_folder: Path
    epochs: int
    batches_per_epoch: int
    training_images: int
    validation_images: int
    parameters: int
    seed: int
    start: str = ""
    """Which layers begin with trained weights, as a sentence; empty where all begin at random."""
    epochs_done: int = 0
    """How many epochs the run has behind it, where it goes on after a break."""
    checkpoint_bytes: int = 0
    """What a file of its weights takes on the disk, at most."""
    monitor: Monitor = Monitor()
    """The figure that tells the best epoch."""
    remarks: tuple[str, ...] = ()
    """How the data were read, as sentences: parts of their own, what was passed over."""
    baseline: Baseline = Baseline()


class BatchEnded(Struct, frozen=True):
    """A training batch is done; values are means over the epoch so far. At most 20 of these a second."""

    kind: ClassVar[str] = "batch"
    epoch: int
    batch: int
    values: Mapping[str, float]
    """By the name of the metric, the loss among them."""


class EpochEnded(Struct, frozen=True):
    """An epoch, counted from 1, is done, validation included. Each epoch sends one."""

    kind: ClassVar[str] = "epoch"
    epoch: int
    values: Mapping[str, float]
    """By the name of the metric, those of the validation with `val_` in front."""
    seconds: float
    learning_rate: float


class Measured(Struct, frozen=True):
    """What was measured in an epoch beside its figures; follows its `EpochEnded`."""

    kind: ClassVar[str] = "measured"
    epoch: int
    reading_share: float | None = None
    """The part of the time of training in which the next batch was being read; 1 where it had to be waited
    for."""
    dead_units: Mapping[str, float] | None = None
    """By layer with ReLU: the part of its units that gave 0 everywhere for a number of held-out images;
    None in epochs in which nobody looked."""


class CheckpointSaved(Struct, frozen=True):
    """The best weights so far are on disk; `value` is what the monitored figure was."""

    kind: ClassVar[str] = "checkpoint"
    epoch: int
    value: float
    path: Path
    monitor: str = "val_loss"


class Warned(Struct, frozen=True):
    """Something went wrong that training survives; a sentence for a person."""

    kind: ClassVar[str] = "warned"
    message: str


class Finished(Struct, frozen=True):
    """Training came to its end. The best epoch is the one whose weights were kept."""

    kind: ClassVar[str] = "finished"
    best_epoch: int
    best_value: float
    run_folder: Path
    stopped_early: bool
    monitor: str = "val_loss"


class Stopped(Struct, frozen=True):
    """Training was stopped on request. `best_epoch` is None when no epoch was complete."""

    kind: ClassVar[str] = "stopped"
    best_epoch: int | None
    best_value: float | None
    run_folder: Path
    monitor: str = "val_loss"


class Failed(Struct, frozen=True):
    """Training broke off. `message` is a sentence for a person, `details` the traceback or nothing."""

    kind: ClassVar[str] = "failed"
    message: str
    details: str = ""


Terminal: TypeAlias = Finished | Stopped | Failed
Event: TypeAlias = Started | BatchEnded | EpochEnded | Measured | CheckpointSaved | Warned | Terminal


def to_record(event: Event) -> dict[str, Any]:
    """The event as JSON takes it: `{"event": "epoch", "epoch": 1, "loss": ..}`.

    The values of metrics stand beside the other fields, the monitored one under its name: `val_loss`,
    `best_val_loss`. Numbers that are not finite become None.
    """
    record: dict[str, Any] = {"event": event.kind}
    monitor = getattr(event, "monitor", None)
    for name in event.__struct_fields__:
        value = getattr(event, name)
        match name:
            case "values":
                record |= {metric: _plain(number) for metric, number in value.items()}
            case "value" | "best_value":
                record[name.replace("value", str(monitor))] = _plain(value)
            case "monitor":
                pass
            case _:
                record[name] = _plain(value)
    return record


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Struct):
        return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}
    return None if isinstance(value, float) and not math.isfinite(value) else value
