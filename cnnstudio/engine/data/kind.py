"""What is known of a data set without reading it. Needs no NumPy: the window shows it before it is loaded."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from cnnstudio.core.project.data import DataChoice, DataFacts, DataKind
from cnnstudio.engine.files.resources import resource_path
from cnnstudio.engine.training.stopping import ShouldStop

if TYPE_CHECKING:
    from cnnstudio.engine.data.arrays import Images


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
        from cnnstudio.engine.data.npz import read_npz

        return read_npz(resource_path("data", archive), facts)

    return DatasetKind(key, lambda choice: facts, load)
