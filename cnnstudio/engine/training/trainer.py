"""Training: one blocking function that says what happens and can be stopped at any batch."""

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from cnnstudio.core.analysis import analyze
from cnnstudio.core.checks import run_checks
from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.base import Dataset
from cnnstudio.engine.keras.library import KERAS_LOCK, KerasModel, load_keras
from cnnstudio.engine.keras.model import build_model, compile_model, first_sentence
from cnnstudio.engine.runs.folder import HISTORY_FILE, RunRecord, begin_run, save_record, utc_now
from cnnstudio.engine.runs.history import HistoryFile
from cnnstudio.engine.training.callback import TrainingCallback
from cnnstudio.engine.training.checkpoints import WeightsKeeper
from cnnstudio.engine.training.events import (
    CheckpointSaved,
    Event,
    Failed,
    Finished,
    Started,
    Stopped,
    Terminal,
    Warned,
)
from cnnstudio.engine.training.start_weights import begin_with, fingerprint_of, refuse_unfit
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested

Emit: TypeAlias = Callable[[Event], None]
Load: TypeAlias = Callable[[DataChoice, ShouldStop], Dataset]


class TrainingJob(Struct, frozen=True):
    """What to train, and the empty folder that the run is kept in (`runs` makes one)."""

    project: Project
    folder: Path
    load: Load = datasets.load


def train(job: TrainingJob, emit: Emit, should_stop: ShouldStop) -> None:
    """Train to the end, to the stop, or to the failure, and say so in exactly one last event.

    Blocks; `emit` and `should_stop` are called in the calling thread, `should_stop` at every batch,
    those of validation included. The same project, with the same file to start from, gives the same
    numbers again, to the last digit, on the same machine. Raises only what `emit` raises, and
    KeyboardInterrupt after a `Stopped`.
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
    findings = run_checks(project, analyze(project.network), datasets.facts_of(project.data))
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        more = f" ({len(errors) - 1} more errors)" if len(errors) > 1 else ""
        raise StudioError(f"{errors[0].message}{more}")


def failure(error: Exception, batch_size: int) -> Failed:
    """What broke training off, in a sentence for a person; the traceback unless it was foreseen."""
    if isinstance(error, StudioError):
        return Failed(str(error))
    details = "".join(traceback.format_exception(error))
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
        return Failed(
            f"There is not enough memory for batches of {batch_size} images. "
            "Use a smaller batch size, or a smaller network.",
            details,
        )
    return Failed(f"Training broke off: {first_sentence(error)}", details)


class _Training:
    def __init__(self, job: TrainingJob, emit: Emit, should_stop: ShouldStop) -> None:
        self._job = job
        self._emit = emit
        self._should_stop = should_stop
        self._record: RunRecord | None = None
        self._keeper: WeightsKeeper | None = None
        self._start = ""

    def run(self) -> Finished:
        refuse_faulty(self._job.project)
        self._refuse_unfit_start()
        data = self._job.load(self._job.project.data, self._should_stop)
        self._record = begin_run(self._job.folder, self._job.project, data.fingerprint, self._start_digest())
        if data.note:
            self._emit(Warned(data.note))
        if self._should_stop():
            raise StopRequested
        model = self._built()
        self._keeper = WeightsKeeper(model, self._job.folder)
        callback = TrainingCallback(
            model=model,
            keeper=self._keeper,
            history=HistoryFile(self._job.folder / HISTORY_FILE),
            patience=self._job.project.training.patience,
            emit=self._emit,
            should_stop=self._should_stop,
        )
        self._emit(self._started(model, data))
        self._fit(model, data, callback)
        return self._finished(callback)

    def _refuse_unfit_start(self) -> None:
        """Before the data are read, which may take minutes."""
        project = self._job.project
        if project.training.start_from is not None:
            refuse_unfit(project.network, project.training.start_from)

    def _start_digest(self) -> str | None:
        start = self._job.project.training.start_from
        return None if start is None else fingerprint_of(start)

    def _built(self) -> KerasModel:
        """Set the seed and draw or read the first weights, with no other thread drawing in between."""
        training, network = self._job.project.training, self._job.project.network
        with KERAS_LOCK:
            load_keras().utils.set_random_seed(training.seed)
            model = build_model(network)
            if training.start_from is not None:
                self._start = begin_with(model, network, training.start_from).sentence()
            compile_model(model, training)
        return model

    def _started(self, model: KerasModel, data: Dataset) -> Started:
        training = self._job.project.training
        return Started(
            run_folder=self._job.folder,
            epochs=training.epochs,
            batches_per_epoch=-(-len(data.y_train) // training.batch_size),
            training_images=len(data.y_train),
            validation_images=len(data.y_val),
            parameters=model.count_params(),
            seed=training.seed,
            start=self._start,
        )

    def _fit(self, model: KerasModel, data: Dataset, callback: TrainingCallback) -> None:
        training = self._job.project.training
        model.fit(
            data.x_train,
            data.encoded(data.y_train),
            validation_data=(data.x_val, data.encoded(data.y_val)),
            batch_size=training.batch_size,
            epochs=training.epochs,
            callbacks=[callback.as_callback()],
            verbose=0,
        )

    def _finished(self, callback: TrainingCallback) -> Finished:
        best = self._best
        if best is None:
            raise StudioError(
                f"Training came to its end, but no weights could be saved in {self._job.folder}. "
                "Free some space or choose another folder, and train again."
            )
        return Finished(best.epoch, best.val_loss, self._job.folder, callback.stopped_early)

    def stopped(self) -> Stopped:
        best = self._best
        return Stopped(
            best_epoch=best.epoch if best else None,
            best_val_loss=best.val_loss if best else None,
            run_folder=self._job.folder,
        )

    @property
    def _best(self) -> CheckpointSaved | None:
        return self._keeper.saved if self._keeper else None

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
            "best_val_loss": best.val_loss if best else None,
        }
        try:
            save_record(self._job.folder, self._record.model_copy(update=changes))
        except StudioError as error:
            self._emit(Warned(str(error)))
