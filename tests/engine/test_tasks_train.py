"""Every task, trained for real on a few samples of the included data."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from msgspec import Struct

from cnnstudio.core.layers import Conv2D
from cnnstudio.core.layers.settings import ActivationName
from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice, Split
from cnnstudio.core.project.sources import Included
from cnnstudio.core.project.training import Adam, TrainingSettings
from cnnstudio.core.tasks import TASKS, AnyTask, Classification, Reconstruction, Segmentation
from cnnstudio.core.tasks.losses import LossName
from cnnstudio.core.templates import template
from cnnstudio.engine.data import facts_of
from cnnstudio.engine.evaluation.report import evaluate
from cnnstudio.engine.runs.folder import read_run
from cnnstudio.engine.runs.story import Story, story_of
from cnnstudio.engine.training.events import (
    BatchEnded,
    CheckpointSaved,
    EpochEnded,
    Failed,
    Finished,
    Started,
    Warned,
    to_record,
)
from cnnstudio.engine.training.trainer import TrainingJob, train
from tests.core.pictures import stack
from tests.engine.small import DIGITS, Listener

EPOCHS = 2
FEW_SHAPES = DataChoice(source=Included(set="shapes"), limit=40)


def digits(*classes: str, limit: int) -> DataChoice:
    """So many digits, of these classes alone or of all."""
    return DataChoice(source=Included(), classes=classes or None, limit=limit, split=Split(seed=3))


def settings(loss: LossName, learning_rate: float = 1e-2) -> TrainingSettings:
    return TrainingSettings(
        optimizer=Adam(learning_rate=learning_rate), loss=loss, epochs=EPOCHS, batch_size=16
    )


def one_unit() -> Project:
    """Nought or one, told by a single share."""
    return Project(
        network=stack("rescale conv(4,3) flatten dense(1,sigmoid)"),
        task=Classification(labels="integer"),
        data=digits("0", "1", limit=200),
        training=settings("binary_crossentropy"),
    )


def all_classes(task: AnyTask, loss: LossName) -> Project:
    return Project(
        network=stack("rescale conv(4,3) flatten dense(10,softmax)"),
        task=task,
        data=digits(limit=300),
        training=settings(loss),
    )


def per_pixel(name: str, filters: int, activation: ActivationName) -> Conv2D:
    """A last layer that gives so many values for each pixel."""
    return Conv2D(name=name, filters=filters, kernel_size=(3, 3), activation=activation)


def segmentation(task: Segmentation, loss: LossName) -> Project:
    """Shapes: the ground and eight classes for each pixel."""
    network = stack("rescale conv(4,3)", (48, 48, 3))
    return Project(
        network=network.inserted(len(network.layers), per_pixel("classes", 9, "softmax")),
        task=task,
        data=FEW_SHAPES,
        training=settings(loss),
    )


def reconstruction(loss: LossName) -> Project:
    network = stack("rescale conv(4,3)")
    return Project(
        network=network.inserted(len(network.layers), per_pixel("picture", 1, "sigmoid")),
        task=Reconstruction(),
        data=digits(limit=100),
        training=settings(loss),
    )


PROJECTS = {
    "one unit": one_unit(),
    "one-hot": all_classes(Classification(), "categorical_crossentropy"),
    "integer": all_classes(Classification(labels="integer"), "sparse_categorical_crossentropy"),
    "masks": segmentation(Segmentation(), "sparse_categorical_crossentropy"),
    "one-hot masks": segmentation(Segmentation(labels="one-hot"), "categorical_crossentropy"),
    "pictures": reconstruction("mean_squared_error"),
    "pictures, binary": reconstruction("binary_crossentropy"),
}


class Trained(Struct, frozen=True):
    """A run that came to its end: its project, its folder, and who listened."""

    project: Project
    folder: Path
    listener: Listener


def trained(project: Project, folder: Path) -> Listener:
    """Train on what the project itself says."""
    listener = Listener()
    train(TrainingJob(project, folder), listener.emit, listener.should_stop)
    return listener


@pytest.fixture(scope="module")
def run_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Trained]:
    """Trains a project of `PROJECTS` once, for all the tests that look at its run."""

    @cache
    def run(key: str) -> Trained:
        folder = tmp_path_factory.mktemp("run")
        return Trained(PROJECTS[key], folder, trained(PROJECTS[key], folder))

    return run


@pytest.mark.parametrize("key", PROJECTS)
def test_a_task_is_trained_and_measured_by_its_own_figures(
    key: str, run_of: Callable[[str], Trained]
) -> None:
    run = run_of(key)
    project, listener = run.project, run.listener
    assert not listener.all_of(Failed), listener.all_of(Failed)
    assert not listener.all_of(Warned)
    measured = ("loss", *project.task.metrics)
    assert set(listener.all_of(BatchEnded)[0].values) == set(measured)
    epochs = listener.all_of(EpochEnded)
    assert len(epochs) == EPOCHS
    for epoch in epochs:
        # The command line and the log tell them in this order.
        assert tuple(epoch.values) == (*measured, *(f"val_{name}" for name in measured))
        assert set(to_record(epoch)) > set(epoch.values)
    assert epochs[1].values["loss"] < epochs[0].values["loss"]
    best = listener.all_of(CheckpointSaved)[-1]
    assert best.path == run.folder / "best.weights.h5"
    assert best.path.is_file()
    assert best.value == min(epoch.values["val_loss"] for epoch in epochs)
    assert isinstance(listener.ending, Finished)
    assert (listener.ending.best_epoch, listener.ending.best_value) == (best.epoch, best.value)


ONE_OF_EACH = ("one unit", "masks", "pictures")


def test_every_task_is_trained_and_evaluated_here() -> None:
    assert [type(PROJECTS[key].task) for key in ONE_OF_EACH] == list(TASKS)


@pytest.mark.parametrize("key", ONE_OF_EACH)
def test_a_trained_network_is_evaluated_by_the_figures_of_its_task(
    key: str, run_of: Callable[[str], Trained]
) -> None:
    run = run_of(key)
    project, saved = run.project, read_run(run.folder)
    report = evaluate(saved, "validation")
    assert set(report.metrics) == set(project.task.metrics)
    facts = facts_of(project.data)
    assert facts is not None
    assert report.classes == project.task.output_names(facts)
    assert len(report.confusion) == len(report.classes)
    last = saved.best_row
    assert last is not None
    # Batches of another size are summed up in another order.
    assert report.loss == pytest.approx(last.values["val_loss"], rel=1e-4)


@pytest.mark.parametrize("key", ONE_OF_EACH)
def test_a_run_read_back_tells_the_same_figures_as_it_did_live(
    key: str, run_of: Callable[[str], Trained]
) -> None:
    run, live = run_of(key), Story()
    for event in run.listener.events:
        live.add(event)
    story = story_of(read_run(run.folder))
    assert story.metrics == live.metrics == ("loss", *run.project.task.metrics)
    for name, curve in live.curves.items():
        assert story.curves[name].ys.tolist() == curve.ys.tolist()
    assert (story.best_epoch, story.ended) == (live.best_epoch, live.ended)


def test_one_unit_learns_which_of_two_classes_it_is(run_of: Callable[[str], Trained]) -> None:
    last = run_of("one unit").listener.all_of(EpochEnded)[-1]
    # Were the class numbers turned round or not 0 and 1, it would not beat chance in both.
    assert last.values["accuracy"] > 0.9
    assert last.values["val_accuracy"] > 0.9


def test_the_limit_and_the_classes_say_how_many_images_are_trained_on(
    run_of: Callable[[str], Trained],
) -> None:
    (started,) = run_of("one unit").listener.all_of(Started)
    assert (started.training_images, started.validation_images, started.batches_per_epoch) == (160, 40, 10)


def test_a_picture_of_what_is_asked_is_measured_against_pixels_from_0_to_1(
    run_of: Callable[[str], Trained],
) -> None:
    last = run_of("pictures").listener.all_of(EpochEnded)[-1]
    assert 0 < last.values["loss"] < 0.2
    assert 0 < last.values["mae"] < 0.5


def test_data_without_masks_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    project = template("unet").project((28, 28, 1), 10, DIGITS)
    ending = trained(project, tmp_path).ending
    assert isinstance(ending, Failed)
    assert "MNIST has no masks" in ending.message
    assert list(tmp_path.iterdir()) == []


def test_a_project_without_data_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    ending = trained(one_unit().with_data(DataChoice()), tmp_path).ending
    assert isinstance(ending, Failed)
    assert ending.message.startswith("No data are chosen.")
    assert list(tmp_path.iterdir()) == []
