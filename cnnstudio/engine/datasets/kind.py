"""What is known of a data set without reading it. Needs no NumPy: the window shows it before it is loaded."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from cnnstudio.core.data import DataChoice, DataFacts, DataKind
from cnnstudio.engine.resources import resource_path
from cnnstudio.engine.stopping import ShouldStop

if TYPE_CHECKING:
    from cnnstudio.engine.datasets.arrays import Images


class DatasetKind(Struct, frozen=True):
    """One kind of data set.

    `facts_of` a choice of this kind reads nothing. `load` blocks, raises StudioError for what is missing or
    damaged, and StopRequested once it was asked to stop.
    """

    key: DataKind
    facts_of: Callable[[DataChoice], DataFacts]
    load: Callable[[DataChoice, ShouldStop], "Images"]


def included(key: DataKind, facts: DataFacts, archive: str) -> DatasetKind:
    """A kind whose images are shipped, in the NumPy archive of that name; its facts are always the same."""

    def load(choice: DataChoice, should_stop: ShouldStop) -> "Images":
        del choice, should_stop
        from cnnstudio.engine.datasets.npz import read_npz

        return read_npz(resource_path("data", archive), facts)

    return DatasetKind(key, lambda choice: facts, load)
