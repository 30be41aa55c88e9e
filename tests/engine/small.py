"""Trainings that take a second: a few real digits, a tiny network, and ears for the events."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

from cnnstudio.core.layers import Conv2D, Dense, Flatten, Input, Rescaling
from cnnstudio.core.network import Network
from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import Included
from cnnstudio.core.project.training import Adam, TrainingSettings
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.cache import CACHE
from cnnstudio.engine.data.dataset import Dataset, dataset_of
from cnnstudio.engine.data.images import Images, Pixels
from cnnstudio.engine.data.samples import Samples
from cnnstudio.engine.training.events import Event, Terminal
from cnnstudio.engine.training.stopping import ShouldStop, never
from cnnstudio.engine.training.trainer import TrainingJob, train

E = TypeVar("E")
DIGITS = DataChoice(source=Included())
TRAINING_IMAGES = 256
VALIDATION_IMAGES = 64


def whole_of(samples: Samples) -> Images:
    """All samples as arrays, those that cannot be read left out."""
    listing = samples.listing
    taken = samples.read(np.arange(len(listing.labels)))
    kept = np.arange(len(listing.labels)) if taken.kept is None else taken.kept
    first, last = listing.train_count, len(listing.labels) - listing.test_count
    return Images(
        taken.pixels,
        listing.labels[kept],
        [listing.locators[row] for row in kept],
        test_count=int((kept >= last).sum()),
        masks=taken.masks,
        note=samples.note,
        validation_count=int(((kept >= first) & (kept < last)).sum()),
        remarks=samples.remarks,
    )


def few_digits(choice: DataChoice, should_stop: ShouldStop = never) -> Dataset:
    """256 training and 64 validation images of the shipped MNIST, for a share of 0.2."""
    assert choice.source is not None
    kind = datasets.kind_of(choice.source)
    whole = whole_of(CACHE.samples(kind, choice.source, choice.preparation, should_stop))
    rows = np.r_[0:320, whole.train_count : whole.train_count + 40]
    locators = [whole.locators[row] for row in rows]
    images = Images(whole.pixels[rows], whole.labels[rows], locators, test_count=40)
    facts = kind.facts_of(choice.source, choice.preparation)
    return dataset_of(images, facts, facts.class_names, choice)


def first_digit(choice: DataChoice) -> Pixels:
    """The first of the few digits."""
    return few_digits(choice).stream("training").sample(0).pixels


def small_project(epochs: int = 2, *, learning_rate: float = 1e-3, **training: object) -> Project:
    network = Network(
        layers=(
            Input(name="input"),
            Rescaling(name="rescale"),
            Conv2D(name="conv1", filters=4, strides=(2, 2)),
            Flatten(name="flatten"),
            Dense(name="dense", units=10, activation="softmax"),
        )
    )
    settings = {"optimizer": Adam(learning_rate=learning_rate), "epochs": epochs, **training}
    return Project(network=network, data=DIGITS, training=TrainingSettings.model_validate(settings))


class Listener:
    """Collects the events of a run, and asks it to stop once `stop_when` says so of an event."""

    def __init__(self, stop_when: Callable[[Event], bool] = lambda event: False) -> None:
        self.events: list[Event] = []
        self.polled = 0
        self._stop_when = stop_when
        self._stop = False

    def emit(self, event: Event) -> None:
        self.events.append(event)
        self._stop = self._stop or self._stop_when(event)

    def should_stop(self) -> bool:
        self.polled += 1
        return self._stop

    def all_of(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def ending(self) -> Terminal:
        """The last event, after checking that it is the only one of its sort."""
        endings = [event for event in self.events if isinstance(event, Terminal)]
        assert len(endings) == 1
        assert endings[0] is self.events[-1]
        return endings[0]


def trained(project: Project, folder: Path, listener: Listener | None = None) -> Listener:
    """Train on the few digits and return who listened."""
    listener = listener or Listener()
    folder.mkdir(exist_ok=True)
    train(TrainingJob(project, folder, few_digits), listener.emit, listener.should_stop)
    return listener


def usual_environment() -> dict[str, str]:
    """The environment of a person, in which nobody has told TensorFlow what to log."""
    return {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
