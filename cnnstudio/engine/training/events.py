"""What a training run says while it goes: a closed set of frozen events."""

import math
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

from msgspec import Struct


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


class BatchEnded(Struct, frozen=True):
    """A training batch is done; numbers are means over the epoch so far. At most 20 of these a second."""

    kind: ClassVar[str] = "batch"
    epoch: int
    batch: int
    loss: float
    accuracy: float


class EpochEnded(Struct, frozen=True):
    """An epoch, counted from 1, is done, validation included. Each epoch sends one."""

    kind: ClassVar[str] = "epoch"
    epoch: int
    loss: float
    val_loss: float
    accuracy: float
    val_accuracy: float
    seconds: float
    learning_rate: float


class CheckpointSaved(Struct, frozen=True):
    """The weights of the lowest val_loss so far are on disk."""

    kind: ClassVar[str] = "checkpoint"
    epoch: int
    val_loss: float
    path: Path


class Warned(Struct, frozen=True):
    """Something went wrong that training survives; a sentence for a person."""

    kind: ClassVar[str] = "warned"
    message: str


class Finished(Struct, frozen=True):
    """Training came to its end. The best epoch is the one whose weights were kept."""

    kind: ClassVar[str] = "finished"
    best_epoch: int
    best_val_loss: float
    run_folder: Path
    stopped_early: bool


class Stopped(Struct, frozen=True):
    """Training was stopped on request. `best_epoch` is None when no epoch was complete."""

    kind: ClassVar[str] = "stopped"
    best_epoch: int | None
    best_val_loss: float | None
    run_folder: Path


class Failed(Struct, frozen=True):
    """Training broke off. `message` is a sentence for a person, `details` the traceback or nothing."""

    kind: ClassVar[str] = "failed"
    message: str
    details: str = ""


Terminal: TypeAlias = Finished | Stopped | Failed
Event: TypeAlias = Started | BatchEnded | EpochEnded | CheckpointSaved | Warned | Terminal


def to_record(event: Event) -> dict[str, Any]:
    """The event as JSON takes it: `{"event": "epoch", ...}`; numbers that are not finite become None."""
    values = {name: _plain(getattr(event, name)) for name in event.__struct_fields__}
    return {"event": event.kind, **values}


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value
