"""The data sets that Keras fetches from the network. A new one is a row of `DOWNLOADS` and a name in
`DownloadName`.
"""

import importlib
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from cnnstudio.core.project.data import Preparation
from cnnstudio.core.project.sources import Download, DownloadName
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.facts import DataFacts
from cnnstudio.engine.data.included import CLOTHES
from cnnstudio.engine.data.source import SourceKind
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested

if TYPE_CHECKING:
    from cnnstudio.engine.data.images import Images

_BYTES = (0.0, 255.0)
_CIFAR10 = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
# The fine labels of CIFAR-100, in their order: that of the alphabet (Krizhevsky 2009).
_CIFAR100 = """
apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel
can castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur
dolphin elephant flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion
lizard lobster man maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree
pear pickup_truck pine_tree plain plate poppy porcupine possum rabbit raccoon ray road rocket rose sea
seal shark shrew skunk skyscraper snail snake spider squirrel streetcar sunflower sweet_pepper table
tank telephone television tiger tractor train trout tulip turtle wardrobe whale willow_tree wolf woman
worm
"""


class DownloadedSet(Struct, frozen=True):
    """One of them: its name, which is that of its module in `keras.datasets` too, and what is known of it."""

    name: DownloadName
    facts: DataFacts


DOWNLOADS: tuple[DownloadedSet, ...] = (
    DownloadedSet(
        "mnist", DataFacts("MNIST, whole", (28, 28, 1), tuple("0123456789"), 60_000, 10_000, _BYTES)
    ),
    DownloadedSet(
        "fashion_mnist", DataFacts("Fashion-MNIST, whole", (28, 28, 1), CLOTHES, 60_000, 10_000, _BYTES)
    ),
    DownloadedSet("cifar10", DataFacts("CIFAR-10", (32, 32, 3), _CIFAR10, 50_000, 10_000, _BYTES)),
    DownloadedSet(
        "cifar100", DataFacts("CIFAR-100", (32, 32, 3), tuple(_CIFAR100.split()), 50_000, 10_000, _BYTES)
    ),
)


def downloaded_set(source: Download) -> DownloadedSet:
    """The data set that a source names."""
    return next(one for one in DOWNLOADS if one.name == source.set)


def _facts_of(source: Download, preparation: Preparation) -> DataFacts:
    from msgspec.structs import replace

    facts = downloaded_set(source).facts
    return replace(facts, sample_shape=preparation.shape_of(facts.sample_shape))


def _open(source: Download, preparation: Preparation, should_stop: ShouldStop) -> "Images":
    """Blocks for the time of the download where Keras does not have the set yet; it cannot be stopped
    then.
    """
    import numpy as np

    from cnnstudio.engine.data.images import Images, numbered
    from cnnstudio.engine.data.prepare import all_prepared

    facts = downloaded_set(source).facts
    if should_stop():
        raise StopRequested
    (x_train, y_train), (x_test, y_test) = _fetched(source.set, facts.title)
    pixels = np.concatenate([x_train, x_test]).reshape(-1, *facts.sample_shape)
    labels = np.concatenate([y_train, y_test]).reshape(-1).astype(np.int64)
    if len(pixels) != facts.train_count + facts.test_count or labels.max(initial=0) >= facts.classes:
        raise StudioError(
            f"{facts.title} is damaged where Keras keeps it. Remove ~/.keras/datasets, and try again."
        )
    locators = [*numbered("train", len(x_train)), *numbered("test", len(x_test))]
    images = Images(pixels, labels, locators, len(x_test))
    return images if preparation == Preparation() else all_prepared(images, preparation, should_stop)


def _fetched(name: DownloadName, title: str) -> Any:
    from cnnstudio.engine.keras.library import load_keras

    # Of this thread alone: its progress bar goes to standard output.
    load_keras().config.disable_interactive_logging()
    try:
        return importlib.import_module(f"keras.datasets.{name}").load_data()
    except Exception as error:
        raise StudioError(
            f"{title} could not be downloaded ({str(error).splitlines()[0]}). Connect to a network and try "
            "again, or "
            "choose data that come with the studio."
        ) from error


def _stamp(source: Download) -> str:
    del source  # the same for ever
    return ""


DOWNLOADED = SourceKind(Download, _facts_of, _open, _stamp)
