import math
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeAlias

import h5py
import numpy as np
import pytest
from msgspec.structs import replace

from cnnstudio.core.layers import Dropout
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.tasks.metrics import Monitor
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.data.dataset import Dataset, dataset_of
from cnnstudio.engine.data.images import Images
from cnnstudio.engine.data.stream import Stream, order
from cnnstudio.engine.files.writing import writing_errors
from cnnstudio.engine.keras.model import build_model, compile_model
from cnnstudio.engine.runs.folder import read_run
from cnnstudio.engine.training import callback, checkpoints, trainer
from cnnstudio.engine.training.checkpoints import WeightsKeeper, save_weights
from cnnstudio.engine.training.events import (
    Baseline,
    BatchEnded,
    CheckpointSaved,
    EpochEnded,
    Event,
    Failed,
    Finished,
    Started,
    Stopped,
    Warned,
    to_record,
)
from cnnstudio.engine.training.stopping import ShouldStop
from cnnstudio.engine.training.trainer import TrainingJob, train
from tests.core.pictures import stack
from tests.engine.small import DIGITS, Listener, few_digits, small_project, trained, usual_environment

BATCHES = 8
Curve: TypeAlias = list[tuple[float, ...]]


@pytest.fixture(scope="module", autouse=True)
def _every_batch_speaks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(callback, "BATCH_EVENT_INTERVAL_S", 0.0)
        yield


@pytest.fixture(scope="module")
def usual_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Listener]:
    """The folder of a run of two epochs, and who listened."""
    folder = tmp_path_factory.mktemp("usual")
    return folder, trained(small_project(epochs=2), folder)


@pytest.fixture(scope="module")
def curve_of_seed_7(tmp_path_factory: pytest.TempPathFactory) -> Curve:
    """What a run with dropout measured in each epoch."""
    return _curve(trained(_with_dropout(7), tmp_path_factory.mktemp("seven")))


def test_a_run_tells_its_course_in_order(usual_run: tuple[Path, Listener]) -> None:
    folder, listener = usual_run
    kinds = [event.kind for event in listener.events]
    assert kinds == [
        "started",
        *["batch"] * BATCHES,
        "epoch",
        "measured",
        "checkpoint",
        *["batch"] * BATCHES,
        "epoch",
        "measured",
        "checkpoint",
        "finished",
    ]
    begun = listener.events[0]
    assert isinstance(begun, Started)
    started = Started(folder, 2, BATCHES, 256, 64, 7890, 0, checkpoint_bytes=139_748)
    assert replace(begun, baseline=Baseline()) == started
    assert begun.baseline.loss == pytest.approx(math.log(10))
    assert [(e.epoch, e.batch) for e in listener.all_of(BatchEnded)][:2] == [(1, 1), (1, 2)]
    epochs = listener.all_of(EpochEnded)
    assert [epoch.epoch for epoch in epochs] == [1, 2]
    assert all(epoch.seconds > 0 and epoch.learning_rate == pytest.approx(1e-3) for epoch in epochs)
    assert listener.ending == Finished(2, epochs[1].values["val_loss"], folder, stopped_early=False)


def test_a_share_that_leaves_no_class_an_image_to_hold_out_is_refused_before_the_first_epoch(
    tmp_path: Path,
) -> None:
    """Of ten images, one a class, two could be held out by their number; each class keeps its only one."""

    def one_of_each(choice: DataChoice, should_stop: ShouldStop) -> Dataset:
        whole = few_digits(choice, should_stop)
        labels = whole.catalog.labels[:320]
        rows = [int(np.flatnonzero(labels == number)[0]) for number in range(10)]
        locators = [whole.catalog.locators[row] for row in rows]
        images = Images(whole.samples.read(np.array(rows)).pixels, labels[rows], locators, test_count=0)
        return dataset_of(images, whole.facts, whole.facts.class_names, choice)

    listener = Listener()
    train(TrainingJob(small_project(), tmp_path, one_of_each), listener.emit, lambda: False)
    (ending,) = listener.events
    assert isinstance(ending, Failed)
    assert ending.message.startswith("No image is held out for validation")
    assert ending.details == ""


def test_a_run_folder_holds_what_the_run_was(usual_run: tuple[Path, Listener]) -> None:
    project, (folder, listener) = small_project(epochs=2), usual_run
    run = read_run(folder)
    assert run.project == project
    assert [row.values["val_loss"] for row in run.history] == [
        e.values["val_loss"] for e in listener.all_of(EpochEnded)
    ]
    assert (run.record.state, run.record.best_epoch) == ("finished", 2)
    assert run.record.data_fingerprint == few_digits(project.data).catalog.fingerprint
    assert (run.best, run.last) == (folder / "best.weights.h5", folder / "last.weights.h5")
    assert sorted(path.name for path in folder.iterdir()) == [
        "best.weights.h5",
        "history.csv",
        "last.weights.h5",
        "project.cnnstudio",
        "run.json",
    ]


def test_the_studio_gives_the_curve_of_a_plain_keras_script(usual_run: tuple[Path, Listener]) -> None:
    import keras

    _, listener = usual_run
    data = few_digits(DIGITS)
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Conv2D(4, 3, strides=2, padding="same", activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    training, validation = _arrays(data.stream("training")), _arrays(data.stream("validation"))
    history: dict[str, list[float]] = {"loss": [], "val_loss": []}
    for epoch in (1, 2):
        places = order(256, seed=0, epoch=epoch)
        fitted = model.fit(
            training[0][places],
            training[1][places],
            validation_data=validation,
            shuffle=False,
            batch_size=32,
            verbose=0,
        )
        for name, values in history.items():
            values.append(fitted.history[name][0])
    for name, values in history.items():
        assert [epoch.values[name] for epoch in listener.all_of(EpochEnded)] == values


def _arrays(stream: Stream) -> tuple[Any, Any]:
    """All pictures of a stream as floats, and their labels one-hot."""
    whole = stream.batch(np.arange(len(stream)))
    return whole.pixels.astype(np.float32), np.eye(10)[whole.labels]


def _with_dropout(seed: int) -> Any:
    project = small_project(epochs=2, seed=seed)
    return project.with_network(project.network.inserted(4, Dropout(name="dropout", rate=0.5)))


def _curve(listener: Listener) -> Curve:
    return [tuple(epoch.values.values()) for epoch in listener.all_of(EpochEnded)]


def test_the_same_seed_gives_the_same_curve_to_the_last_digit_and_another_seed_another(
    tmp_path: Path, curve_of_seed_7: Curve
) -> None:
    again: list[Listener] = []
    worker = threading.Thread(target=lambda: again.append(trained(_with_dropout(7), tmp_path / "again")))
    worker.start()
    other = build_model(stack("conv(8,3) dropout flatten dense(10)"))
    worker.join()
    assert other.count_params() > 0
    assert _curve(again[0]) == curve_of_seed_7
    assert _curve(trained(_with_dropout(8), tmp_path / "other")) != curve_of_seed_7


_IN_ANOTHER_PROCESS = """
import sys
from pathlib import Path
from tests.engine.small import trained
from tests.engine.test_trainer import _curve, _with_dropout
print(_curve(trained(_with_dropout(7), Path(sys.argv[1]))))
"""


def test_another_process_gives_the_same_curve_and_is_silent(tmp_path: Path, curve_of_seed_7: Curve) -> None:
    there = subprocess.run(
        [sys.executable, "-c", _IN_ANOTHER_PROCESS, str(tmp_path / "there")],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
        env=usual_environment(),
    )
    assert there.stdout == f"{curve_of_seed_7}\n"
    assert there.stderr == ""


@pytest.mark.parametrize(
    ("at", "batches_after"),
    [
        (lambda event: isinstance(event, Started), 1),
        (lambda event: isinstance(event, BatchEnded) and event.batch == 3, 0),
        (lambda event: isinstance(event, BatchEnded) and event.batch == BATCHES, 0),
    ],
)
def test_a_stop_is_heard_within_one_batch(
    at: Callable[[Event], bool], batches_after: int, tmp_path: Path
) -> None:
    listener = trained(small_project(epochs=50), tmp_path, Listener(at))
    asked = next(index for index, event in enumerate(listener.events) if at(event))
    assert len(listener.events[asked + 1 : -1]) == batches_after
    assert listener.ending == Stopped(None, None, tmp_path)
    assert read_run(tmp_path).record.state == "stopped"


def test_a_stop_during_validation_does_not_wait_for_its_end(tmp_path: Path) -> None:
    polls: list[int] = []

    def stop_in_validation() -> bool:
        polls.append(1)
        return len(polls) == 1 + BATCHES + 1

    listener = Listener()
    train(TrainingJob(small_project(), tmp_path, few_digits), listener.emit, stop_in_validation)
    assert listener.all_of(BatchEnded)[-1].batch == BATCHES
    assert not listener.all_of(EpochEnded)
    assert isinstance(listener.ending, Stopped)


def test_a_stop_keeps_the_best_weights_so_far(tmp_path: Path) -> None:
    in_epoch_two = Listener(lambda event: isinstance(event, BatchEnded) and event.epoch == 2)
    listener = trained(small_project(epochs=50), tmp_path, in_epoch_two)
    first = listener.all_of(EpochEnded)[0]
    assert listener.ending == Stopped(1, first.values["val_loss"], tmp_path)
    assert len(read_run(tmp_path).history) == 1
    model = build_model(small_project().network)
    model.load_weights(tmp_path / "best.weights.h5")


def test_early_stopping_waits_as_long_as_its_patience(tmp_path: Path) -> None:
    frozen = small_project(epochs=50, learning_rate=1e-12, patience=2)
    listener = trained(frozen, tmp_path)
    assert len(listener.all_of(EpochEnded)) <= 5
    ending = listener.ending
    assert isinstance(ending, Finished)
    assert ending.stopped_early
    assert len(listener.all_of(EpochEnded)) == ending.best_epoch + 2


def test_without_patience_training_goes_to_the_end(tmp_path: Path) -> None:
    listener = trained(small_project(epochs=4, learning_rate=1e-12, patience=None), tmp_path)
    assert len(listener.all_of(EpochEnded)) == 4
    assert isinstance(listener.ending, Finished)
    assert not listener.ending.stopped_early


def _epoch(number: int, val_loss: float) -> EpochEnded:
    values = {"loss": 1.0, "accuracy": 0.5, "val_loss": val_loss, "val_accuracy": 0.5}
    return EpochEnded(number, values, 1.0, 1e-3)


def test_the_best_weights_are_replaced_only_when_val_loss_falls(tmp_path: Path) -> None:
    model = build_model(stack("flatten dense(2)"))
    keeper = WeightsKeeper(model, tmp_path, Monitor())
    kept: list[float] = []
    for number, val_loss in enumerate((0.5, 0.7, 0.5, 0.4), start=1):
        model.set_weights([np.full((784, 2), float(number)), np.zeros(2)])
        keeper.keep(_epoch(number, val_loss))
        with h5py.File(tmp_path / "best.weights.h5") as file:
            kept.append(float(file["layers/dense/vars/0"][0, 0]))
    assert kept == [1.0, 1.0, 1.0, 4.0]
    assert keeper.saved == CheckpointSaved(4, 0.4, tmp_path / "best.weights.h5")
    with h5py.File(tmp_path / "last.weights.h5") as file:
        assert float(file["layers/dense/vars/0"][0, 0]) == 4.0


def _full_disk(*args: object) -> None:
    raise OSError("Can't write data (file write failed: errno = 28, error message = 'No space left')")


def test_a_full_disk_leaves_the_older_best_whole(tmp_path: Path) -> None:
    path = tmp_path / "best.weights.h5"
    save_weights(build_model(stack("flatten dense(2)")), path, 1)
    before = path.read_bytes()
    with pytest.raises(StudioError, match="the disk is full"):
        save_weights(SimpleNamespace(save_weights=_full_disk, variables=()), path, 2)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_room_is_asked_for_before_hdf5_touches_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "best.weights.h5"
    model = build_model(stack("flatten dense(20)"))
    save_weights(model, path, 1)
    before = path.read_bytes()
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, unlimited[1]))
    try:
        with pytest.raises(StudioError, match=r"Cannot write .*best\.weights\.h5: File too large"):
            save_weights(model, path, 1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def _failing_from(epoch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every save of weights fail from that epoch on: the first epoch makes two saves."""
    real, calls = checkpoints.save_weights, []

    def save(model: Any, path: Path, ended: int) -> None:
        calls.append(path)
        if len(calls) > 2 * (epoch - 1):
            with writing_errors(path):
                _raise_full()
        real(model, path, ended)

    monkeypatch.setattr(checkpoints, "save_weights", save)


def _raise_full() -> None:
    raise OSError(28, "No space left on device")


def test_training_goes_on_when_the_disk_is_full_and_warns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _failing_from(2, monkeypatch)
    listener = trained(small_project(epochs=3), tmp_path)
    warnings = listener.all_of(Warned)
    assert len(warnings) == 2
    assert "the disk is full" in warnings[0].message
    assert "Training goes on" in warnings[0].message
    assert len(listener.all_of(EpochEnded)) == 3
    assert listener.ending == Finished(1, listener.all_of(EpochEnded)[0].values["val_loss"], tmp_path, False)
    build_model(small_project().network).load_weights(tmp_path / "best.weights.h5")


def test_a_disk_without_room_for_the_weights_is_told_before_the_first_epoch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = build_model(small_project().network)
    compile_model(model, small_project().training, small_project().task)
    model.optimizer.build(model.trainable_variables)
    needed = 3 * checkpoints.size_of(model)

    def usage(free: int) -> Callable[[object], SimpleNamespace]:
        return lambda path: SimpleNamespace(total=10**12, used=10**12 - free, free=free)

    monkeypatch.setattr(shutil, "disk_usage", usage(needed - 1))
    listener = trained(small_project(), tmp_path / "full")
    assert isinstance(listener.ending, Failed)
    assert "Free some space, or choose another folder" in listener.ending.message
    assert f"are free in {tmp_path / 'full'}" in listener.ending.message
    assert listener.ending.details == ""
    assert listener.events == [listener.ending]
    assert read_run(tmp_path / "full").record.state == "failed"
    monkeypatch.setattr(shutil, "disk_usage", usage(needed))
    assert isinstance(trained(small_project(), tmp_path / "roomy").ending, Finished)


def test_a_checkpoint_takes_no_more_room_than_was_said(usual_run: tuple[Path, Listener]) -> None:
    folder, listener = usual_run
    (started,) = listener.all_of(Started)
    size = (folder / "last.weights.h5").stat().st_size
    assert size <= started.checkpoint_bytes < 2 * size


def test_a_run_of_which_nothing_could_be_kept_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _failing_from(1, monkeypatch)
    listener = trained(small_project(epochs=2), tmp_path)
    assert isinstance(listener.ending, Failed)
    assert "no weights could be saved" in listener.ending.message


def test_a_loss_that_is_no_number_ends_the_run_with_advice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tensorflow as tf

    def no_numbers(pixels: Any, labels: Any, masks: Any) -> Any:
        return tf.fill((tf.shape(labels)[0], 10), np.float32("nan"))

    monkeypatch.setattr(trainer, "target_of", lambda task, outputs: no_numbers)
    ending = trained(small_project(), tmp_path).ending
    assert isinstance(ending, Failed)
    assert ending.message.startswith("The loss became not a number in epoch 1, batch 1: ")
    assert "Try a learning rate of 0.0001 instead of 0.001" in ending.message
    assert read_run(tmp_path).record.state == "failed"


def test_a_project_that_cannot_be_trained_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    project = small_project()
    wrong = project.with_network(
        project.network.replaced("dense", project.network.layer("dense").updated(units=7))
    )
    listener = trained(wrong, tmp_path)
    assert len(listener.events) == 1
    assert isinstance(listener.ending, Failed)
    assert "10" in listener.ending.message
    assert list(tmp_path.iterdir()) == []


class ResourceExhaustedError(Exception):
    """Named as TensorFlow's own."""


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (MemoryError(), "There is not enough memory for batches of 32 images"),
        (ResourceExhaustedError("OOM"), "There is not enough memory for batches of 32 images"),
        (RuntimeError("it broke"), "Training broke off: it broke"),
        (StudioError("The images are missing."), "The images are missing."),
    ],
)
def test_every_failure_is_one_sentence_and_the_last_event(
    error: Exception, sentence: str, tmp_path: Path
) -> None:
    def load(choice: DataChoice, should_stop: ShouldStop) -> Dataset:
        raise error

    listener = Listener()
    train(TrainingJob(small_project(), tmp_path, load), listener.emit, listener.should_stop)
    ending = listener.ending
    assert isinstance(ending, Failed)
    assert ending.message.startswith(sentence)
    assert ("Traceback" in ending.details) != isinstance(error, StudioError)


def test_an_interrupt_stops_the_run_and_goes_on_to_the_caller(tmp_path: Path) -> None:
    listener = Listener()

    def interrupted() -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(TrainingJob(small_project(), tmp_path, few_digits), listener.emit, interrupted)
    assert isinstance(listener.ending, Stopped)


def test_a_folder_that_is_gone_fails_the_run(tmp_path: Path) -> None:
    listener = Listener()
    job = TrainingJob(small_project(), tmp_path / "gone", few_digits)
    train(job, listener.emit, listener.should_stop)
    assert isinstance(listener.ending, Failed)
    assert "Cannot write" in listener.ending.message


def test_batch_events_are_rationed_and_epoch_events_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callback, "BATCH_EVENT_INTERVAL_S", 3600.0)
    listener = trained(small_project(epochs=3), tmp_path)
    assert len(listener.all_of(BatchEnded)) == 1
    assert len(listener.all_of(EpochEnded)) == 3


def test_the_first_batch_after_a_validation_is_not_told_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1e6]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(callback, "BATCH_EVENT_INTERVAL_S", 0.05)
    events: list[Event] = []

    def emit(event: Event) -> None:
        events.append(event)
        # As long as a validation takes, far longer than the interval between two batches that are told.
        clock[0] += isinstance(event, EpochEnded)

    train(TrainingJob(small_project(epochs=3), tmp_path, few_digits), emit, Listener().should_stop)
    assert len([event for event in events if isinstance(event, EpochEnded)]) == 3
    assert [(event.epoch, event.batch) for event in events if isinstance(event, BatchEnded)] == [(1, 1)]


def test_events_become_json_records_with_their_kind() -> None:
    record = to_record(_epoch(3, float("nan")))
    assert (record["event"], record["epoch"], record["val_loss"]) == ("epoch", 3, None)
    assert to_record(CheckpointSaved(1, 0.5, Path("a/b"))) == {
        "event": "checkpoint",
        "epoch": 1,
        "val_loss": 0.5,
        "path": "a/b",
    }
