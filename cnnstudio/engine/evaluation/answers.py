"""What the network of a run says to the picture that is looked at, quickly, question after question."""

from pathlib import Path
from typing import TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from cnnstudio.core.project.data import DataChoice
from cnnstudio.engine import data as datasets
from cnnstudio.engine.evaluation.network import TrainedNetwork, as_sample, open_network
from cnnstudio.engine.interpret.choices import PictureChoice
from cnnstudio.engine.interpret.pictures import read_picture
from cnnstudio.engine.keras.library import KERAS_LOCK
from cnnstudio.engine.runs.folder import read_run
from cnnstudio.engine.training.stopping import ShouldStop, never

TOP = 2
"""Classes that are told."""


class Question(Struct, frozen=True):
    """A picture for a checkpoint of a run: "best" or "last"; `weights` is the file of these."""

    run: Path
    checkpoint: str
    weights: Path
    picture: PictureChoice
    data: DataChoice


class Answer(Struct, frozen=True):
    """The likeliest classes with their shares from 0 to 1, or a sentence where the task gives no classes."""

    classes: tuple[tuple[str, float], ...] = ()
    sentence: str = ""


_Key: TypeAlias = tuple[Path, str, int]


class Answerer:
    """Keeps the network from one question to the next. One thread at a time may ask."""

    def __init__(self) -> None:
        self._key: _Key | None = None
        self._network: TrainedNetwork | None = None

    def answer(self, question: Question, should_stop: ShouldStop = never) -> Answer:
        """Ask. Blocks and imports Keras; StudioError when run, weights or picture cannot be read."""
        network = self._network_of(question)
        facts = datasets.facts_of(network.run.project.data)
        if facts is None or not network.task.answers_classes:
            return Answer(sentence=f"{network.task.title}: {network.task.summary}")
        picture = read_picture(question.picture, question.data, should_stop)
        pixels = as_sample(picture.pixels, facts, network.run)
        with KERAS_LOCK:
            answers = network.model.predict_on_batch(pixels[np.newaxis])
        return _likeliest(network.shares_of(answers)[0], network.task.output_names(facts))

    def _network_of(self, question: Question) -> TrainedNetwork:
        """A file that has been written anew since is read anew."""
        try:
            written = question.weights.stat().st_mtime_ns
        except OSError:
            written = 0
        key = question.run, question.checkpoint, written
        if self._network is None or key != self._key:
            # The old one must not take the room of the new.
            self._network = None
            self._network = open_network(read_run(question.run), question.checkpoint)
            self._key = key
        return self._network


def _likeliest(shares: NDArray[np.float64], names: tuple[str, ...]) -> Answer:
    order = np.argsort(-shares, kind="stable")[:TOP]
    return Answer(tuple((names[place], float(shares[place])) for place in order))
