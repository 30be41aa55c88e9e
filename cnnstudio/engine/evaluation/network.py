"""A trained network with the weights of one of its checkpoints, ready to answer."""

from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from cnnstudio.core.tasks import AnyTask
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.facts import DataFacts
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.images import Pixels
from cnnstudio.engine.data.prepare import prepared
from cnnstudio.engine.files.images import open_image
from cnnstudio.engine.keras.library import KERAS_LOCK, KerasModel
from cnnstudio.engine.keras.model import build_model, compile_model
from cnnstudio.engine.keras.weights import load_weights
from cnnstudio.engine.runs.folder import Run

CHECKPOINTS = ("best", "last")


class TrainedNetwork(Struct, frozen=True, eq=False):
    """A Keras model, what it was trained for, and the epoch its weights are of."""

    run: Run
    model: KerasModel
    epoch: int | None

    @property
    def task(self) -> AnyTask:
        """What it was trained for."""
        return self.run.project.task

    @property
    def outputs(self) -> int:
        """The size of the output's last axis."""
        return int(self.model.output_shape[-1])

    def classes_of(self, answers: NDArray[Any]) -> NDArray[np.int64]:
        """The class of each answer: the largest of its values, or for one unit whether it is above a half."""
        if answers.shape[-1] == 1:
            limit = 0.0 if self.run.project.training.from_logits else 0.5
            return (answers[..., 0] > limit).astype(np.int64)
        return np.asarray(answers.argmax(axis=-1), np.int64)

    def shares_of(self, answers: NDArray[Any]) -> NDArray[np.float64]:
        """Answers (..., outputs) as the share of each class (..., classes), between 0 and 1."""
        values = answers.astype(np.float64)
        if values.shape[-1] == 1:
            second = _sigmoid(values) if self.run.project.training.from_logits else values
            return np.concatenate([1 - second, second], axis=-1)
        if not self.run.project.training.from_logits:
            return values
        powers = np.exp(values - values.max(axis=-1, keepdims=True))
        shares: NDArray[np.float64] = powers / powers.sum(axis=-1, keepdims=True)
        return shares


class Prediction(Struct, frozen=True):
    """What a network answers to one picture: a share for each class, and the class with the largest."""

    image: str
    classes: dict[str, float]
    predicted: str

    def record(self) -> dict[str, Any]:
        """The JSON form."""
        return {"image": self.image, "classes": self.classes, "predicted": self.predicted}


def open_network(run: Run, checkpoint: str = "best") -> TrainedNetwork:
    """Build a run's network with the weights of a checkpoint. Blocks; imports Keras.

    StudioError when the run has no such weights, or they do not fit.
    """
    path = {"best": run.best, "last": run.last}.get(checkpoint)
    if path is None:
        raise StudioError(
            f"The run in {run.folder} has no {checkpoint} weights. Train its project, or choose another run."
        )
    with KERAS_LOCK:
        model = build_model(run.project.network)
        # Before it has an optimizer, whose state in the file is not wanted.
        load_weights(model, path)
        compile_model(model, run.project.training, run.project.task)
    return TrainedNetwork(run, model, _epoch_of(run, checkpoint))


def predict(network: TrainedNetwork, images: list[Path]) -> list[Prediction]:
    """What the network answers to pictures, each brought to what it was trained on. Blocks.

    StudioError for a picture that cannot be read, or a network that gives no classes.
    """
    facts = datasets.facts_of(network.run.project.data)
    names = () if facts is None else network.task.output_names(facts)
    if facts is None or not network.task.answers_classes:
        raise StudioError(
            f"The network in {network.run.folder} gives no class for a picture: its task is "
            f"{network.task.type}. Choose a run of a classification."
        )
    return [_prediction(network, path, facts, names) for path in images]


def _prediction(network: TrainedNetwork, path: Path, facts: DataFacts, names: tuple[str, ...]) -> Prediction:
    levels = network.run.project.data.levels
    pixels = as_sample(open_image(path, levels=levels), facts, network.run)
    shares = network.shares_of(network.model.predict_on_batch(pixels[np.newaxis]))[0]
    predicted = names[int(shares.argmax())]
    return Prediction(str(path), dict(zip(names, shares.tolist(), strict=True)), predicted)


def as_sample(picture: Pixels, facts: DataFacts, run: Run) -> Pixels:
    """A picture (height, width, channels) as the network receives one: its size, its colors."""
    height, width, channels = facts.sample_shape
    preparation = run.project.data.preparation.model_copy(
        update={"size": (height, width), "colors": "gray" if channels == 1 else "color"}
    )
    return prepared(picture, preparation)


def _epoch_of(run: Run, checkpoint: str) -> int | None:
    if checkpoint == "last":
        return run.history[-1].epoch if run.history else None
    row = run.best_row
    return None if row is None else row.epoch


def _sigmoid(values: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = 1 / (1 + np.exp(-values))
    return found
