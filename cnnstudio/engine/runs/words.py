"""A training in words: lines of the log, the state above the curves, and what the curves mean."""

from msgspec import Struct

from cnnstudio.core.values.words import counted
from cnnstudio.engine.runs.story import History
from cnnstudio.engine.training.events import (
    CheckpointSaved,
    EpochEnded,
    Event,
    Failed,
    Finished,
    Started,
    Stopped,
    Terminal,
    Warned,
)

NONE = "–"
_PATIENT_EPOCHS = 2
"""Epochs without a better val_loss after which overfitting is named."""


class LogLine(Struct, frozen=True):
    """One line of the run log: an icon, the token of its color, and a sentence."""

    icon: str
    color: str
    text: str


def number(value: float | None) -> str:
    """A loss with three digits that count: `0.0812`, `2.30`; a dash when there is none."""
    return NONE if value is None else f"{value:#.3g}"


def share(value: float | None) -> str:
    """An accuracy in per cent: `97.5 %`; a dash when there is none."""
    return NONE if value is None else f"{100 * value:.1f} %"


def duration(seconds: float) -> str:
    """A time for a person: `8 s`, `3 min 12 s`, `2 h 5 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def log_line(event: Event, history: History) -> LogLine | None:
    """What the log says of an event, which `history` has taken in already; None for a batch."""
    match event:
        case Started():
            return LogLine("play", "accent", _started(event))
        case EpochEnded():
            return LogLine("circle-dot", "text3", _epoch(event))
        case CheckpointSaved():
            text = f"val_loss fell to {number(event.val_loss)}: weights saved to {event.path.name}"
            return LogLine("star", "star", text)
        case Warned():
            return LogLine("triangle-alert", "warning", event.message)
        case Finished():
            return LogLine("circle-check", "ok", ending(event, history))
        case Stopped():
            return LogLine("square", "text2", ending(event, history))
        case Failed():
            return LogLine("circle-alert", "danger", event.message)
        case _:
            return None


def _started(event: Started) -> str:
    words = (
        f"Training {counted(event.parameters, 'parameter')} on {counted(event.training_images, 'image')} "
        f"for {counted(event.epochs, 'epoch')} of {event.batches_per_epoch:,} batches each"
        f"; {event.validation_images:,} held out for validation; seed {event.seed}"
    )
    return f"{words}. {event.start}" if event.start else words


def _epoch(event: EpochEnded) -> str:
    return (
        f"Epoch {event.epoch}: loss {number(event.loss)}, val_loss {number(event.val_loss)}, "
        f"accuracy {share(event.accuracy)}, val_accuracy {share(event.val_accuracy)}, {event.seconds:.1f} s"
    )


def ending(event: Terminal, history: History) -> str:
    """How a run ended and why, in one or two sentences."""
    match event:
        case Failed():
            return event.message
        case Stopped(best_epoch=None):
            return "Stopped on request. No epoch was complete, so there are no weights."
        case Stopped():
            return f"Stopped on request in epoch {_running_epoch(history):,}. {_kept(event)}"
        case Finished(stopped_early=True):
            patience = f" for {counted(history.patience, 'epoch')}" if history.patience else ""
            reason = f"val_loss had not fallen{patience}"
            return f"Stopped early after epoch {history.epoch:,}: {reason}. {_kept(event)}"
        case Finished():
            return f"Finished after {counted(history.epoch, 'epoch')}. {_kept(event)}"


def _running_epoch(history: History) -> int:
    return min(int(history.progress) + 1, history.epochs)


def _kept(event: Finished | Stopped) -> str:
    return f"The weights of epoch {event.best_epoch} (val_loss {number(event.best_val_loss)}) are kept."


def state(history: History, stopping: bool) -> str:
    """The line above the progress bar."""
    if isinstance(history.ended, Failed):
        return f"Broken off in epoch {_running_epoch(history):,}." if history.has_started else "Not started."
    if history.ended is not None:
        return ending(history.ended, history)
    if stopping:
        return "Stopping at the next batch…"
    if not history.has_started:
        return "Getting ready: loading TensorFlow, the images and the network…"
    words = [f"Epoch {_running_epoch(history):,} of {history.epochs:,}"]
    if history.seconds_left is not None:
        words.append(f"{duration(history.seconds_left)} left")
    if history.images_per_second is not None:
        words.append(f"{history.images_per_second:,.0f} images per second")
    return " · ".join(words)


def patience(history: History) -> str:
    """How long early stopping waits; empty where it is off, and before the first batch."""
    if history.patience is None or not history.has_started:
        return ""
    waited, epochs = history.epochs_without_better, counted(history.patience, "epoch")
    if history.ended is not None:
        return f"Early stopping: {waited:,} of {epochs} without a better val_loss."
    if waited == 0:
        return f"Early stopping: after {epochs} without a better val_loss."
    return f"Early stopping: {waited:,} of {epochs} without a better val_loss so far."


def overfitting(history: History) -> str:
    """Says that loss falls while val_loss does not; empty when it does not look like that."""
    best, last = history.best_epoch, history.epoch
    if best is None or last - best < _PATIENT_EPOCHS:
        return ""
    then, now = history.loss.at(best), history.loss.at(last)
    if then is None or now is None or now >= then:
        return ""
    return (
        f"val_loss has not fallen since epoch {best} while loss falls: overfitting. "
        f"The weights of epoch {best} are kept."
    )
