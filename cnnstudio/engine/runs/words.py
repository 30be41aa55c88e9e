"""A training in words: lines of the log, the state above the curves, and what the curves mean."""

from typing import assert_never

from msgspec import Struct

from cnnstudio.core.analysis.findings import Finding
from cnnstudio.core.tasks.metrics import metric
from cnnstudio.core.values.words import counted
from cnnstudio.engine.runs.names import run_name
from cnnstudio.engine.runs.store import RunEntry
from cnnstudio.engine.runs.story import Story
from cnnstudio.engine.training.events import (
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

NONE = "–"


class LogLine(Struct, frozen=True):
    """One line of the run log: an icon, the token of its color, and a sentence."""

    icon: str
    color: str
    text: str


def number(value: float | None) -> str:
    """A loss with three digits that count: `0.0812`, `2.30`; a dash when there is none."""
    return NONE if value is None else f"{value:#.3g}"


def share(value: float | None) -> str:
    """An accuracy in per cent: `97.5%`; a dash when there is none."""
    return NONE if value is None else f"{value:.1%}"


def duration(seconds: float) -> str:
    """A time for a person: `8 s`, `3 min 12 s`, `2 h 5 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def log_line(event: Event, story: Story) -> LogLine | None:
    """What the log says of an event, which `story` has taken in already; None for a batch."""
    match event:
        case Started():
            return LogLine("play", "accent", _started(event))
        case EpochEnded():
            return LogLine("circle-dot", "text3", epoch_text(event))
        case CheckpointSaved():
            moved = "rose" if story.monitor.higher_is_better else "fell"
            value = figure(event.monitor, event.value)
            text = f"{event.monitor} {moved} to {value}: weights saved to {event.path.name}"
            return LogLine("star", "star", text)
        case Warned():
            return LogLine("triangle-alert", "warning", event.message)
        case Finished() | Stopped() | Failed():
            return ending_line(event, story)
        case BatchEnded() | Measured():
            return None
        case _:
            assert_never(event)


def finding_line(finding: Finding) -> LogLine:
    """What the log says of what the curves mean."""
    look = ("lightbulb", "accent") if finding.severity == "advice" else ("triangle-alert", "warning")
    return LogLine(*look, finding.message)


def ending_line(event: Terminal, story: Story) -> LogLine:
    """What the log says of the end of a run."""
    match event:
        case Finished():
            return LogLine("circle-check", "ok", ending(event, story))
        case Stopped():
            return LogLine("square", "text2", ending(event, story))
        case Failed():
            return LogLine("circle-alert", "danger", event.message)


def _started(event: Started) -> str:
    if event.epochs_done:
        return f"Training goes on after epoch {event.epochs_done:,} of {event.epochs:,}."
    words = (
        f"Training {counted(event.parameters, 'parameter')} on {counted(event.training_images, 'image')} "
        f"for {counted(event.epochs, 'epoch')} of {counted(event.batches_per_epoch, 'batch')} each"
        f"; {event.validation_images:,} held out for validation; seed {event.seed}"
    )
    more = " ".join(filter(None, (*event.remarks, event.start)))
    return f"{words}. {more}" if more else words


def epoch_text(event: EpochEnded) -> str:
    """An epoch with all its figures: `Epoch 3: loss 0.21, accuracy 93.4%, val_loss ..., 4.2 s`."""
    figures = ", ".join(f"{name} {figure(name, value)}" for name, value in event.values.items())
    return f"Epoch {event.epoch}: {figures}, {event.seconds:.1f} s"


def figure(name: str, value: float | None) -> str:
    """A figure as its metric is read: a share in per cent, any other with three digits that count."""
    return share(value) if metric(name).is_share else number(value)


def ending(event: Terminal, story: Story) -> str:
    """How a run ended and why, in one or two sentences."""
    match event:
        case Failed():
            return event.message
        case Stopped(best_epoch=None):
            return "Stopped on request. No epoch was complete, so there are no weights."
        case Stopped():
            return f"Stopped on request in epoch {_running_epoch(story):,}. {_kept(event)}"
        case Finished(stopped_early=True):
            patience = f" for {counted(story.patience, 'epoch')}" if story.patience else ""
            reason = f"{event.monitor} had not {_moved(story)}{patience}"
            return f"Stopped early after epoch {story.epoch:,}: {reason}. {_kept(event)}"
        case Finished():
            return f"Finished after {counted(story.epoch, 'epoch')}. {_kept(event)}"


def _moved(story: Story) -> str:
    """What the monitored figure has done when it is better."""
    return "risen" if story.monitor.higher_is_better else "fallen"


def _running_epoch(story: Story) -> int:
    return min(int(story.progress) + 1, story.epochs)


def _kept(event: Finished | Stopped) -> str:
    best = figure(event.monitor, event.best_value)
    return f"The weights of epoch {event.best_epoch} ({event.monitor} {best}) are kept."


def state(story: Story, stopping: bool) -> str:
    """The line above the progress bar."""
    if isinstance(story.ended, Failed):
        return f"Broken off in epoch {_running_epoch(story):,}." if story.has_started else "Not started."
    if story.ended is not None:
        return ending(story.ended, story)
    if stopping:
        return "Stopping at the next batch…"
    if not story.has_started:
        return "Getting ready: loading TensorFlow, the images and the network…"
    words = [f"Epoch {_running_epoch(story):,} of {story.epochs:,}"]
    if story.images_per_second is not None:
        words.append(f"{story.images_per_second:,.0f} images per second")
    return " · ".join(words)


def patience(story: Story) -> str:
    """How long early stopping waits; empty where it is off, and before the first batch."""
    if story.patience is None or not story.has_started:
        return ""
    waited, epochs = story.epochs_without_better, counted(story.patience, "epoch")
    if story.ended is not None:
        return f"Early stopping: {waited:,} of {epochs} without a better {story.monitor.name}."
    if waited == 0:
        return f"Early stopping: after {epochs} without a better {story.monitor.name}."
    return f"Early stopping: {waited:,} of {epochs} without a better {story.monitor.name} so far."


def run_line(entry: RunEntry) -> str:
    """A run in a list: when it began, and how good its best epoch was."""
    value = entry.record.best_val_loss
    figures = "" if value is None else f" · val_loss {number(value)}"
    epoch = "" if entry.record.best_epoch is None else f" · epoch {entry.record.best_epoch}"
    return f"{run_name(entry.folder).capitalize()}{figures}{epoch}"
