"""What a data set is, and how its images are split and its labels written."""

from functools import cached_property
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from cnnstudio.core.project.data import DataChoice, DataFacts
from cnnstudio.engine.data.arrays import Indices, Labels, Pixels
from cnnstudio.engine.data.kind import DatasetKind
from cnnstudio.engine.training.stopping import ShouldStop, never


class Dataset(Struct, frozen=True, eq=False, dict=True):
    """A data choice made real: training, validation and test images, pixels as bytes from 0 to 255.

    Pixels stay bytes, a quarter of the memory of floats; Keras turns each batch into floats of the same
    values. Labels are class numbers; `encoded` writes them as the choice says.
    """

    choice: DataChoice
    facts: DataFacts
    x_train: Pixels
    y_train: Labels
    x_val: Pixels
    y_val: Labels
    x_test: Pixels
    y_test: Labels
    fingerprint: str
    note: str = ""
    """What a person should know of the reading, as a sentence, or empty."""

    @property
    def class_names(self) -> tuple[str, ...]:
        """What each class number stands for."""
        return self.facts.class_names

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """Images per class, shape (classes, 3): training, validation, test."""
        parts = (self.y_train, self.y_val, self.y_test)
        return np.stack([np.bincount(part, minlength=self.facts.classes) for part in parts], axis=1)

    def encoded(self, labels: Labels) -> NDArray[Any]:
        """Labels (count,) as the choice says: (count, classes) float32 of 0 and 1, or the class numbers."""
        return one_hot(labels, self.facts.classes) if self.choice.labels == "one-hot" else labels


def one_hot(labels: Labels, classes: int) -> NDArray[np.float32]:
    """Labels (count,) as rows (count, classes): a 1 at the class, 0 elsewhere."""
    return np.eye(classes, dtype=np.float32)[labels]


def split(kind: DatasetKind, choice: DataChoice, should_stop: ShouldStop = never) -> Dataset:
    """Read the images of a kind and hold some out for validation, as the choice says."""
    images = kind.load(choice, should_stop)
    train, held_out = stratified_split(images.y_train, choice.validation_share, choice.seed)
    return Dataset(
        choice=choice,
        facts=kind.facts_of(choice),
        x_train=images.x_train[train],
        y_train=images.y_train[train],
        x_val=images.x_train[held_out],
        y_val=images.y_train[held_out],
        x_test=images.x_test,
        y_test=images.y_test,
        fingerprint=images.fingerprint,
        note=images.note,
    )


def stratified_split(labels: Labels, share: float, seed: int) -> tuple[Indices, Indices]:
    """Indices (ascending) of training and validation images, each class giving the same share.

    `round(share * count)` images are held out in all. A class gives its share rounded down; the images
    still missing come from the classes that lost most by rounding. Each class keeps one for training.
    """
    labels = np.asarray(labels)
    counts = np.bincount(labels) if labels.size else np.zeros(0, np.int64)
    random = np.random.default_rng(seed)
    held_out = [
        random.permutation(np.flatnonzero(labels == number))[:taken]
        for number, taken in enumerate(_held_out_counts(counts, share))
    ]
    validation = np.sort(np.concatenate(held_out)) if held_out else np.zeros(0, np.int64)
    training = np.setdiff1d(np.arange(labels.size), validation, assume_unique=True)
    return training, validation


def _held_out_counts(counts: NDArray[np.int64], share: float) -> NDArray[np.int64]:
    exact = counts.astype(np.float64) * share
    most = np.maximum(counts - 1, 0)
    taken: NDArray[np.int64] = np.minimum(np.floor(exact).astype(np.int64), most)
    missing = round(float(exact.sum())) - int(taken.sum())
    by_loss = np.argsort(taken - exact, kind="stable")
    spare = by_loss[taken[by_loss] < most[by_loss]]
    taken[spare[: max(missing, 0)]] += 1
    return taken
