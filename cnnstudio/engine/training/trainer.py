"""Training: one blocking function that says what happens and can be stopped at any batch."""

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from cnnstudio.core.analysis import analyze
from cnnstudio.core.checks import run_checks
from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.tasks.class_weights import class_weights
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.words import counted
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.dataset import Dataset
from cnnstudio.engine.data.decoded import was_read_otherwise
from cnnstudio.engine.evaluation.target import target_of
from cnnstudio.engine.keras.library import KERAS_LOCK, KerasModel, load_keras
from cnnstudio.engine.keras.model import build_model, compile_model, first_sentence
from cnnstudio.engine.runs.folder import (
    BEST_FILE,
    HISTORY_FILE,
    LAST_FILE,
    Run,
    RunRecord,
    begin_run,
    best_row,
    clean_up,
    go_on_with,
    read_run,
    save_record,
    utc_now,
)
from cnnstudio.engine.runs.history import HistoryFile, HistoryRow
from cnnstudio.engine.runs.state import read_state
from cnnstudio.engine.training.callback import Patience, TrainingCallback
from cnnstudio.engine.training.checkpoints import (
    WeightsKeeper,
    load_state,
    refuse_without_room,
)
from cnnstudio.engine.training.events import (
    CheckpointSaved,
    Event,
    Failed,
    Finished,
    Measured,
    Started,
    Stopped,
    Terminal,
    Warned,
)
from cnnstudio.engine.training.feed import ReadErrors, shuffled, unshuffled
from cnnstudio.engine.training.probing import Measure, Measuring, ReadingTime
from cnnstudio.engine.training.start_weights import begin_with, fingerprint_of, refuse_unfit
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested
from cnnstudio.engine.training.varied_targets import with_varied_targets

_READ_OTHERWISE = (
    "The run was begun by an earlier version, which read pictures from files in another way: from now on "
    "they may differ by a shade, and whether any was changed since cannot be told."
)

Emit: TypeAlias = Callable[[Event], None]
Load: TypeAlias = Callable[[DataChoice, ShouldStop], Dataset]


class TrainingJob(Struct, frozen=True):
    """What to train, and the folder that the run is kept in: an empty one, or that of `resumed`.

    `origin` is the project's own file, where it has one. `resumed` is the run that goes on from its last
    whole epoch.
    """

    project: Project
    folder: Path
    load: Load = datasets.load
    origin: Path | None = None
    resumed: Run | None = None


def resumed_job(folder: Path, epochs: int | None = None) -> TrainingJob:
    """The job that goes on with a run, up to `epochs` in all or as many as it was to have.

    StudioError when the folder holds no run, one that still runs, or one with nothing left to do.
    """
    run = read_run(folder)
    if run.record.state == "running" and not run.is_broken_off:
        raise StudioError(f"The run in {folder} is still being trained. Stop it first.")
    if run.last is None or not run.history:
        raise StudioError(f"The run in {folder} has no whole epoch to go on from. Train its project anew.")
    project = run.project
    if epochs is not None:
        settings = project.training.model_copy(update={"epochs": epochs})
        project = project.with_training(settings)
    done = _epochs_done(run)
    if done >= project.training.epochs:
        raise StudioError(
            f"The run in {folder} has {done} of {counted(project.training.epochs, 'epoch')} behind it: "
            "nothing is left to do. Ask for more epochs to go on."
        )
    if _patience_of(project, run.history[:done]).is_over:
        raise StudioError(
            f"The run in {folder} was stopped early after epoch {done}: its patience of "
            f"{project.training.patience} epochs is used up. Train its project anew with more patience."
        )
    return TrainingJob(project, folder, resumed=run)


def train(job: TrainingJob, emit: Emit, should_stop: ShouldStop) -> None:
    """Train to the end, to the stop, or to the failure, and say so in exactly one last event.

    Blocks; `emit` and `should_stop` are called in the calling thread, `should_stop` at every batch,
    those of validation included. The same project, with the same file to start from, gives the same
    numbers again, to the last digit, on the same machine; so does a run that was broken off and goes on.
    Raises only what `emit` raises, and KeyboardInterrupt after a `Stopped`.
    """
    training = _Training(job, emit, should_stop)
    ending: Terminal = Failed("Training was broken off.")
    try:
        ending = training.run()
    except StopRequested:
        ending = training.stopped()
    except KeyboardInterrupt:
        ending = training.stopped()
        raise
    except Exception as error:
        ending = failure(error, job.project.training.batch_size)
    finally:
        training.close(ending)
        emit(ending)


def refuse_faulty(project: Project) -> None:
    """StudioError with the first finding that keeps this project from being trained."""
    facts = datasets.facts_of(project.data)
    if facts is None:
        raise StudioError(datasets.NO_DATA)
    findings = run_checks(project, analyze(project.network), facts)
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        more = f" ({len(errors) - 1} more errors)" if len(errors) > 1 else ""
        raise StudioError(f"{errors[0].message}{more}")


def refuse_without_validation(data: Dataset) -> None:
    """StudioError where no image is held out: a class with a single one keeps it for training."""
    if data.catalog.count("validation") == 0:
        raise StudioError(
            "No image is held out for validation, so the best weights could not be told. Raise the "
            "validation share on the Data page, or add images: each class keeps at least one to learn from."
        )


def failure(error: Exception, batch_size: int) -> Failed:
    """What broke training off, in a sentence for a person; the traceback unless it was foreseen."""
    if isinstance(error, StudioError):
        return Failed(str(error))
    details = "".join(traceback.format_exception(error))
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
        return Failed(
            f"There is not enough memory for batches of {counted(batch_size, 'image')}. "
            "Use a smaller batch size, or a smaller network.",
            details,
        )
    return Failed(f"Training broke off: {first_sentence(error)}", details)


def _epochs_done(run: Run) -> int:
    """The last whole epoch whose weights are on disk; its line in the history was written before them."""
    epoch = None if run.last is None else read_state(run.last).epoch
    return len(run.history) if epoch is None else min(epoch, len(run.history))


def _patience_of(project: Project, rows: tuple[HistoryRow, ...]) -> Patience:
    """Early stopping, as it stood after these epochs."""
    monitor = project.task.monitor
    patience = Patience(monitor, project.training.patience)
    for row in rows:
        patience.add(row.values[monitor.name])
    return patience


class _Training:
    def __init__(self, job: TrainingJob, emit: Emit, should_stop: ShouldStop) -> None:
        self._job = job
        self._project = job.project
        self._monitor = job.project.task.monitor
        self._emit = emit
        self._should_stop = should_stop
        self._record: RunRecord | None = None
        self._keeper: WeightsKeeper | None = None
        self._done: tuple[HistoryRow, ...] = ()
        self._start = ""
        self._measuring: Measuring | None = None
        self._note = ""

    def run(self) -> Finished:
        refuse_faulty(self._project)
        self._refuse_unfit_start()
        data = self._job.load(self._project.data, self._should_stop)
        refuse_without_validation(data)
        self._record = self._begun(data)
        self._measuring = measuring = Measuring(self._project, data)
        if self._should_stop():
            raise StopRequested
        model = self._built()
        checkpoint_bytes = refuse_without_room(model, self._job.folder)
        self._keeper = WeightsKeeper(model, self._job.folder, self._monitor, self._best_of_before())
        history = HistoryFile(self._job.folder / HISTORY_FILE, self._done)
        history.begin()
        callback = TrainingCallback(
            model=model,
            keeper=self._keeper,
            history=history,
            metrics=self._project.task.metrics,
            monitor=self._monitor,
            patience=_patience_of(self._project, self._done),
            emit=self._emit,
            should_stop=self._should_stop,
            measure=self._telling(data, measuring.of(model)),
        )
        started = self._started(model, data, checkpoint_bytes)
        self._emit(replace(started, baseline=measuring.baseline))
        self._fit(model, data, callback, measuring.reading)
        return self._finished(callback)

    def _refuse_unfit_start(self) -> None:
        """Before the data are read, which may take minutes."""
        if self._project.training.start_from is not None and self._job.resumed is None:
            refuse_unfit(self._project.network, self._project.training.start_from)

    def _begun(self, data: Dataset) -> RunRecord:
        """The record of the run: a new one, or that of before, whose data must still be the same."""
        run, fingerprint = self._job.resumed, data.catalog.fingerprint
        if run is None:
            start = self._project.training.start_from
            digest = None if start is None else fingerprint_of(start)
            return begin_run(self._job.folder, self._project, fingerprint, digest, self._job.origin)
        if was_read_otherwise(run.record.data_fingerprint, fingerprint):
            self._emit(Warned(_READ_OTHERWISE))
        elif run.record.data_fingerprint != fingerprint:
            raise StudioError(
                f"The data are other ones than when the run in {run.folder} began, so it cannot go on. "
                "Train its project anew."
            )
        clean_up(run.folder)
        self._done = run.history[: _epochs_done(run)]
        return go_on_with(run.folder, self._project, run.record)

    def _built(self) -> KerasModel:
        """Set the seed and draw or read the first weights, with no other thread drawing in between."""
        training, network, run = self._project.training, self._project.network, self._job.resumed
        with KERAS_LOCK:
            load_keras().utils.set_random_seed(training.seed)
            model = build_model(network)
            if training.start_from is not None and run is None:
                self._start = begin_with(model, network, training.start_from).sentence()
            model = with_varied_targets(model, network, self._project.task)
            compile_model(model, training, self._project.task)
            if run is not None:
                load_state(model, run.folder / LAST_FILE)
        return model

    def _best_of_before(self) -> CheckpointSaved | None:
        run, path = self._job.resumed, self._job.folder / BEST_FILE
        row = None if run is None else best_row(self._done, self._monitor, run.best_epoch)
        if row is None or not path.is_file():
            return None
        return CheckpointSaved(row.epoch, row.values[self._monitor.name], path, self._monitor.name)

    def _started(self, model: KerasModel, data: Dataset, checkpoint_bytes: int) -> Started:
        training, images = self._project.training, data.catalog.count("training")
        return Started(
            run_folder=self._job.folder,
            epochs=training.epochs,
            batches_per_epoch=-(-images // training.batch_size),
            training_images=images,
            validation_images=data.catalog.count("validation"),
            parameters=model.count_params(),
            seed=training.seed,
            start=self._start,
            epochs_done=len(self._done),
            checkpoint_bytes=checkpoint_bytes,
            monitor=self._monitor,
            remarks=data.catalog.remarks,
        )

    def _telling(self, data: Dataset, measure: Measure) -> Measure:
        """The same measuring, after which is told what an epoch found that cannot be read."""

        def measured(epoch: int, training_s: float) -> Measured:
            if data.note != self._note:
                self._note = data.note
                self._emit(Warned(self._note))
            return measure(epoch, training_s)

        return measured

    def _fit(
        self, model: KerasModel, data: Dataset, callback: TrainingCallback, reading: ReadingTime
    ) -> None:
        settings, done = self._project.training, len(self._done)
        target = target_of(self._project.task, int(model.output_shape[-1]))
        size, errors = settings.batch_size, ReadErrors()
        stream, held_out = data.stream("training"), data.stream("validation")
        with errors.told():
            model.fit(
                shuffled(stream, size, target, settings.seed, done + 1, errors, reading, self._weights(data)),
                validation_data=unshuffled(held_out, size, target, errors),
                initial_epoch=done,
                epochs=settings.epochs,
                shuffle=False,
                callbacks=[callback.as_callback()],
                verbose=0,
            )

    def _weights(self, data: Dataset) -> tuple[float, ...]:
        """How much a sample of each class counts, where the project weighs them; empty where all count the
        same.
        """
        if not self._project.training.class_weights or self._project.task.tells_of_places:
            return ()
        return class_weights(data.catalog.counts[:, 0].tolist())

    def _finished(self, callback: TrainingCallback) -> Finished:
        best = self._best
        if best is None:
            raise StudioError(
                f"Training came to its end, but no weights could be saved in {self._job.folder}. "
                "Free some space or choose another folder, and train again."
            )
        stopped_early = callback.stopped_early
        return Finished(best.epoch, best.value, self._job.folder, stopped_early, self._monitor.name)

    def stopped(self) -> Stopped:
        best = self._best
        return Stopped(
            best_epoch=best.epoch if best else None,
            best_value=best.value if best else None,
            run_folder=self._job.folder,
            monitor=self._monitor.name,
        )

    @property
    def _best(self) -> CheckpointSaved | None:
        return self._keeper.saved if self._keeper else self._best_of_before()

    def close(self, ending: Terminal) -> None:
        """Write how the run ended into its record."""
        if self._record is None:
            return
        best = self._best
        changes = {
            "ended": utc_now(),
            "state": ending.kind,
            "message": ending.message if isinstance(ending, Failed) else "",
            "best_epoch": best.epoch if best else None,
            "best_value": best.value if best else None,
            "best_val_loss": best.value if best and best.monitor == "val_loss" else None,
            **({} if self._measuring is None else self._measuring.record()),
        }
        try:
            save_record(self._job.folder, self._record.model_copy(update=changes))
        except StudioError as error:
            self._emit(Warned(str(error)))
