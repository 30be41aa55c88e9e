"""The kinds of data sets. A new one is a file here and a line in `DATASET_KINDS`."""

from typing import TYPE_CHECKING

from cnnstudio.core.project.data import DataChoice, DataFacts
from cnnstudio.engine.data.fashion_mnist import FASHION_MNIST
from cnnstudio.engine.data.folder import FOLDER, first_of_folder
from cnnstudio.engine.data.kind import DatasetKind
from cnnstudio.engine.data.mnist import MNIST
from cnnstudio.engine.training.stopping import ShouldStop, never

if TYPE_CHECKING:
    from cnnstudio.engine.data.arrays import Pixels
    from cnnstudio.engine.data.base import Dataset

INCLUDED_KINDS: tuple[DatasetKind, ...] = (MNIST, FASHION_MNIST)
"""Those that need nothing but their name."""
DATASET_KINDS: tuple[DatasetKind, ...] = (*INCLUDED_KINDS, FOLDER)


def kind_of(choice: DataChoice) -> DatasetKind:
    """The kind a choice names."""
    return next(kind for kind in DATASET_KINDS if kind.key == choice.kind)


def facts_of(choice: DataChoice) -> DataFacts:
    """What is known of the chosen data set; reads nothing."""
    return kind_of(choice).facts_of(choice)


def load(choice: DataChoice, should_stop: ShouldStop = never) -> "Dataset":
    """Read the chosen data set and split it.

    Blocks, for minutes where a folder is large. StudioError when the images are no good, StopRequested
    once it was asked to stop.
    """
    from cnnstudio.engine.data.base import split

    return split(kind_of(choice), choice, should_stop)


def first_image(choice: DataChoice) -> "Pixels":
    """The first image to learn from, (height, width, channels) of bytes; of a folder it reads no other."""
    return load(choice).x_train[0] if choice.folder is None else first_of_folder(choice.folder)


__all__ = ["DATASET_KINDS", "INCLUDED_KINDS", "DatasetKind", "facts_of", "first_image", "kind_of", "load"]
