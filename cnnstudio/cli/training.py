"""What `cnnstudio train` does: run the trainer and show its events."""

import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import FrameType
from typing import Any, assert_never

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cnnstudio.cli import findings
from cnnstudio.cli.output import plain_console, printable
from cnnstudio.core.project import Project
from cnnstudio.core.tasks.metrics import metric
from cnnstudio.core.values.words import counted
from cnnstudio.engine.runs import words
from cnnstudio.engine.runs.findings import NewFindings
from cnnstudio.engine.runs.folder import claim_folder
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
    Warned,
    to_record,
)
from cnnstudio.engine.training.trainer import TrainingJob, refuse_faulty, resumed_job, train

INTERRUPTED = 130


def run_training(project: Project, folder: Path, origin: Path, *, as_json: bool) -> int:
    """Train and return the exit status: 0 finished, 1 failed, 130 stopped by Ctrl-C.

    StudioError, before anything is written, for a project that cannot be trained or a folder in use.
    """
    refuse_faulty(project)
    return _run(TrainingJob(project, claim_folder(folder), origin=origin), as_json)


def resume_training(folder: Path, epochs: int | None, *, as_json: bool) -> int:
    """Go on with a run from its last whole epoch; the exit status is as for `run_training`.

    StudioError for a folder without a run that can go on.
    """
    return _run(resumed_job(folder, epochs), as_json)


def _run(job: TrainingJob, as_json: bool) -> int:
    findings.warn(job.project)
    statuses: list[int] = []
    with _stop_flag() as should_stop, _shown(as_json) as show:

        def emit(event: Event) -> None:
            statuses.append(_status(event))
            show(event)

        train(job, emit, should_stop)
    return statuses[-1]


def _status(event: Event) -> int:
    match event:
        case Stopped():
            return INTERRUPTED
        case Failed():
            return 1
        case Started() | BatchEnded() | EpochEnded() | Measured() | CheckpointSaved() | Warned() | Finished():
            return 0
        case _:
            assert_never(event)


@contextmanager
def _stop_flag() -> Iterator[Callable[[], bool]]:
    """Turn the first Ctrl-C, or a polite kill, into a flag. A second Ctrl-C breaks off at once."""
    asked: list[int] = []

    def on_signal(number: int, frame: FrameType | None) -> None:
        del frame
        asked.append(number)
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _shown(as_json: bool) -> Iterator[Callable[[Event], None]]:
    story, new = Story(), NewFindings()
    report = None if as_json else _Report()

    def show(event: Event) -> None:
        story.add(event)
        if report is None:
            _print_line(event)
        else:
            report.show(event)
        for finding in new.after(event, story):
            if report is None:
                _print({"event": "finding", "epoch": story.epoch, **findings.record(finding)})
            else:
                report.say(f"  {finding.code} {finding.severity}  {finding.message}")

    with nullcontext() if report is None else report.progress:
        yield show


def _print_line(event: Event) -> None:
    """What a program reads; batches are too many, and what was measured is told as findings."""
    if not isinstance(event, BatchEnded | Measured):
        _print(to_record(event))
    if isinstance(event, Failed):
        _complain(event)


def _print(record: dict[str, Any]) -> None:
    typer.echo(json.dumps(record, ensure_ascii=False))


def _complain(failed: Failed) -> None:
    sys.stderr.write(f"{failed.message}\n")


class _Report:
    """A bar for the running epoch and a line for each that is done."""

    def __init__(self) -> None:
        console = plain_console()
        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._bar = self.progress.add_task("Starting", total=None)
        self._batches = 0
        self._epochs = 0

    def show(self, event: Event) -> None:
        match event:
            case Started():
                self._begin(event)
            case BatchEnded():
                done = (event.epoch - 1) * self._batches + event.batch
                text = f"Epoch {event.epoch}/{self._epochs}  loss {event.values['loss']:.4f}"
                self.progress.update(self._bar, completed=done, description=text)
            case EpochEnded():
                self.progress.update(self._bar, completed=event.epoch * self._batches)
                self.say(_epoch_line(event, self._epochs))
            case Measured():
                pass
            case CheckpointSaved():
                self.say(f"  best so far, saved as {event.path.name}")
            case Warned():
                self.say(f"Warning: {event.message}")
            case Finished() | Stopped():
                self.say(_ending(event))
            case Failed():
                self.progress.stop()
                _complain(event)
            case _:
                assert_never(event)

    def _begin(self, started: Started) -> None:
        self._batches, self._epochs = started.batches_per_epoch, started.epochs
        if started.epochs_done:
            self.say(f"Going on after epoch {started.epochs_done} of {started.epochs}.")
        self.progress.update(self._bar, total=self._batches * self._epochs)
        self.say(
            f"{counted(started.training_images, 'image')} to train on, "
            f"{started.validation_images:,} to validate; "
            f"{counted(started.parameters, 'parameter')}; seed {started.seed}."
        )
        for remark in (*started.remarks, started.start):
            if remark:
                self.say(printable(remark))

    def say(self, text: str) -> None:
        """Print a line above the bar."""
        self.progress.console.print(text, markup=False, highlight=False, soft_wrap=True)


def _epoch_line(event: EpochEnded, epochs: int) -> str:
    figures = "  ".join(f"{name} {_figure(name, value)}" for name, value in event.values.items())
    return f"Epoch {event.epoch}/{epochs}  {figures}  {event.seconds:.1f} s"


def _figure(name: str, value: float) -> str:
    return f"{value:.2%}" if metric(name).is_share else f"{value:.4f}"


def _ending(event: Finished | Stopped) -> str:
    if event.best_epoch is None:
        return f"Stopped before the first epoch was complete. The run is in {event.run_folder}."
    how = "Stopped" if isinstance(event, Stopped) else "Finished"
    no_more = f" early: {event.monitor} fell no more"
    early = no_more if isinstance(event, Finished) and event.stopped_early else ""
    best = words.figure(event.monitor, event.best_value)
    return (
        f"{how}{early}. Best epoch {event.best_epoch}, {event.monitor} {best}. "
        f"The run is in {event.run_folder}."
    )
