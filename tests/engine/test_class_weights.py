"""Training with weighed classes, against Keras's own `class_weight`."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import Included
from cnnstudio.core.project.training import SGD, TrainingSettings
from cnnstudio.core.tasks import Classification
from cnnstudio.core.tasks.class_weights import class_weights
from cnnstudio.engine.data.dataset import Dataset, dataset_of
from cnnstudio.engine.data.images import Images
from cnnstudio.engine.data.stream import order
from cnnstudio.engine.keras.model import build_model
from cnnstudio.engine.training.events import EpochEnded, Finished
from cnnstudio.engine.training.stopping import ShouldStop, never
from cnnstudio.engine.training.trainer import TrainingJob, train
from tests.core.pictures import stack
from tests.engine.small import Listener, few_digits


def uneven(choice: DataChoice, should_stop: ShouldStop = never) -> Dataset:
    """Few digits, of which a 0 is rare."""
    whole = few_digits(choice, should_stop)
    labels = whole.samples.listing.labels[:320]
    kept = np.flatnonzero((labels != 0) | (np.arange(320) < 60))
    images = Images(whole.samples.read(kept).pixels, labels[kept], [str(row) for row in kept], test_count=0)
    return dataset_of(images, whole.facts, whole.facts.class_names, choice)


def project_of(labels: str, weighed: bool) -> Project:
    loss = "categorical_crossentropy" if labels == "one-hot" else "sparse_categorical_crossentropy"
    settings = TrainingSettings.model_validate(
        {
            "optimizer": SGD(learning_rate=0.1),
            "epochs": 1,
            "batch_size": 16,
            "loss": loss,
            "class_weights": weighed,
        }
    )
    return Project(
        network=stack("rescale flatten dense(10,softmax)", (28, 28, 1)),
        data=DataChoice(source=Included()),
        training=settings,
        task=Classification.model_validate({"labels": labels}),
    )


def by_keras(project: Project, weighed: bool) -> float:
    """The val_loss of a plain `fit` with the same seed and order."""
    data = uneven(project.data)
    stream, held_out = data.stream("training"), data.stream("validation")
    batch, other = stream.batch(order(len(stream), 0, 1)), held_out.batch(np.arange(len(held_out)))
    keras.utils.set_random_seed(0)
    model = build_model(project.network)
    model.compile(keras.optimizers.SGD(0.1), project.training.loss)
    weights = class_weights(data.catalog.counts[:, 0].tolist())
    fitted = model.fit(
        batch.pixels.astype(np.float32),
        target(project, batch.labels),
        validation_data=(other.pixels.astype(np.float32), target(project, other.labels)),
        batch_size=16,
        shuffle=False,
        class_weight=dict(enumerate(weights)) if weighed else None,
        verbose=0,
    )
    return float(fitted.history["val_loss"][0])


def target(project: Project, labels: NDArray[Any]) -> Any:
    assert isinstance(project.task, Classification)
    return labels if project.task.labels == "integer" else keras.utils.to_categorical(labels, 10)


@pytest.mark.parametrize("labels", ["one-hot", "integer"])
def test_weighed_classes_give_what_keras_gives(labels: str, tmp_path: Path) -> None:
    found = {}
    for weighed in (True, False):
        project = project_of(labels, weighed)
        listener = Listener()
        folder = tmp_path / str(weighed)
        folder.mkdir()
        train(TrainingJob(project, folder, uneven), listener.emit, listener.should_stop)
        assert isinstance(listener.ending, Finished)
        found[weighed] = listener.all_of(EpochEnded)[0].values["val_loss"]
        assert found[weighed] == pytest.approx(by_keras(project, weighed), rel=1e-5)
    assert found[True] != pytest.approx(found[False], rel=1e-3)
