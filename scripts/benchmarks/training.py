"""Training through the studio against a plain Keras script: same network, data and seed, in turn."""

import tempfile
from pathlib import Path
from statistics import median

import numpy as np

from cnnstudio.core.project import Project
from cnnstudio.engine import data as datasets
from cnnstudio.engine.files.projects import sample_project
from cnnstudio.engine.runs.folder import claim_folder
from cnnstudio.engine.training.events import Event, Failed
from cnnstudio.engine.training.trainer import TrainingJob, train
from scripts.benchmarks.measure import in_turn, line

EPOCHS = 2
ROUNDS = 5


def report() -> None:
    project = _short(sample_project())
    plain, studio = in_turn(lambda: _plain_keras(project), lambda: _through_the_studio(project), ROUNDS)
    ratios = [b / a for a, b in zip(plain, studio, strict=True)]
    line(f"plain Keras script, {EPOCHS} epochs of the sample project", f"{median(plain):.2f} s")
    line("through the studio (curve, best weights and history kept)", f"{median(studio):.2f} s")
    line("studio / plain", f"{median(ratios):.2f}")


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


def _plain_keras(project: Project) -> None:
    """What a person would write: the same layers, images, batch size, optimizer and seed."""
    import keras
    from keras import layers

    data = datasets.load(project.data)
    keras.utils.set_random_seed(project.training.seed)
    model = keras.Sequential([layers.Input((28, 28, 1))])
    for layer in project.network.layers[1:]:
        model.add(getattr(layers, layer.keras_class()).from_config(layer.keras_config()))
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    with tempfile.TemporaryDirectory() as folder:
        best = keras.callbacks.ModelCheckpoint(
            f"{folder}/best.weights.h5", save_best_only=True, save_weights_only=True
        )
        model.fit(
            data.x_train.astype(np.float32),
            keras.utils.to_categorical(data.y_train),
            validation_data=(data.x_val.astype(np.float32), keras.utils.to_categorical(data.y_val)),
            batch_size=project.training.batch_size,
            epochs=EPOCHS,
            callbacks=[best],
            verbose=0,
        )
