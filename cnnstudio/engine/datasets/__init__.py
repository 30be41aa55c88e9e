"""The kinds of data sets. A new one is a file here and a line in `DATASET_KINDS`."""

from cnnstudio.core.data import DataChoice, DataFacts
from cnnstudio.engine.datasets.base import Dataset, DatasetKind, Images, one_hot, split, stratified_split
from cnnstudio.engine.datasets.fashion_mnist import FASHION_MNIST
from cnnstudio.engine.datasets.mnist import MNIST

DATASET_KINDS: tuple[DatasetKind, ...] = (MNIST, FASHION_MNIST)


def kind_of(choice: DataChoice) -> DatasetKind:
    """The kind a choice names."""
    return next(kind for kind in DATASET_KINDS if kind.key == choice.kind)


def facts_of(choice: DataChoice) -> DataFacts:
    """What is known of the chosen data set; reads nothing."""
    return kind_of(choice).facts


def load(choice: DataChoice) -> Dataset:
    """Read the chosen data set and split it. Blocks for a moment; StudioError when its file is no good."""
    return split(kind_of(choice), choice)


__all__ = [
    "DATASET_KINDS",
    "Dataset",
    "DatasetKind",
    "Images",
    "facts_of",
    "kind_of",
    "load",
    "one_hot",
    "split",
    "stratified_split",
]
