"""Training through the studio against a plain Keras script: same network, data and seed, in turn."""

import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from cnnstudio.core.project import Project
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.dataset import Dataset
from cnnstudio.engine.evaluation.target import target_of
from cnnstudio.engine.files.projects import sample_project
from cnnstudio.engine.runs.folder import claim_folder
from cnnstudio.engine.training.events import Event, Failed
from cnnstudio.engine.training.feed import ReadErrors, shuffled, unshuffled
from cnnstudio.engine.training.trainer import TrainingJob, train
from scripts.benchmarks.measure import Board, in_turn

EPOCHS = 2
ROUNDS = 5


def report(board: Board) -> None:
    project = _short(sample_project())
    plain, studio = in_turn(lambda: _plain_keras(project), lambda: _through_the_studio(project), ROUNDS)
    ratios = [b / a for a, b in zip(plain, studio, strict=True)]
    board.add(f"plain Keras script, {EPOCHS} epochs of the sample project", median(plain), "s")
    board.add("through the studio (curve, best weights and history kept)", median(studio), "s")
    board.add("studio / plain", median(ratios))
    _report_streams(board, project)


def _report_streams(board: Board, project: Project) -> None:
    """`fit` alone, models compiled and warm: batches from streams against plain arrays."""
    data = datasets.load(project.data)
    by_array, by_stream = _model(project), _model(project)
    arrays, streams = in_turn(
        lambda: _fit_arrays(by_array, project, data), lambda: _fit_streams(by_stream, project, data), 9
    )
    board.add(f"fit on plain arrays, {EPOCHS} epochs", min(arrays), "s")
    board.add(f"fit on streams, {EPOCHS} epochs", min(streams), "s")
    board.add("streams / arrays, least of nine rounds", min(streams) / min(arrays), "", 1.03)


def _short(project: Project) -> Project:
    settings = project.training.model_copy(update={"epochs": EPOCHS, "patience": None})
    return project.with_training(settings)


def _through_the_studio(project: Project) -> None:
    failed: list[Failed] = []

    def note(event: Event) -> None:
        failed.extend([event] if isinstance(event, Failed) else [])

    with tempfile.TemporaryDirectory() as folder:
        train(TrainingJob(project, claim_folder(Path(folder) / "run")), note, lambda: False)
    assert not failed, failed


def _model(project: Project) -> Any:
    """What a person would write: the same layers, optimizer and seed."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(project.training.seed)
    model = keras.Sequential([layers.Input((28, 28, 1))])
    for layer in project.network.layers[1:]:
        model.add(getattr(layers, layer.keras_class()).from_config(layer.keras_config()))
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return model


def _arrays(data: Dataset) -> tuple[Any, Any, Any]:
    """Pictures and one-hot labels to train on, and a pair of those held out."""
    import keras

    training, validation = (
        data.stream(part).batch(np.arange(len(data.stream(part)))) for part in ("training", "validation")
    )
    held_out = validation.pixels.astype(np.float32), keras.utils.to_categorical(validation.labels)
    return training.pixels.astype(np.float32), keras.utils.to_categorical(training.labels), held_out


def _plain_keras(project: Project) -> None:
    import keras

    data = datasets.load(project.data)
    with tempfile.TemporaryDirectory() as folder:
        best = keras.callbacks.ModelCheckpoint(
            f"{folder}/best.weights.h5", save_best_only=True, save_weights_only=True
        )
        _fit_arrays(_model(project), project, data, best)


def _fit_arrays(model: Any, project: Project, data: Dataset, *callbacks: Any) -> None:
    pictures, labels, held_out = _arrays(data)
    model.fit(
        pictures,
        labels,
        validation_data=held_out,
        batch_size=project.training.batch_size,
        epochs=EPOCHS,
        callbacks=list(callbacks),
        verbose=0,
    )


def _fit_streams(model: Any, project: Project, data: Dataset) -> None:
    size, target, errors = project.training.batch_size, target_of(project.task, 10), ReadErrors()
    model.fit(
        shuffled(data.stream("training"), size, target, project.training.seed, 1, errors),
        validation_data=unshuffled(data.stream("validation"), size, target, errors),
        epochs=EPOCHS,
        shuffle=False,
        verbose=0,
    )
