"""Data: sources, catalogs, streams. A new kind of source is a file here and a line in `SOURCES`."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import Source
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.facts import DataFacts
from cnnstudio.engine.data.archive import at_hand, is_archive
from cnnstudio.engine.data.arrays import ARRAYS
from cnnstudio.engine.data.downloads import DOWNLOADED, DOWNLOADS
from cnnstudio.engine.data.folder import FOLDERS
from cnnstudio.engine.data.included import INCLUDED, INCLUDED_SETS
from cnnstudio.engine.data.masks import MASK_PAIRS
from cnnstudio.engine.data.source import Found, SourceKind, Tell, limited, silent
from cnnstudio.engine.data.table import TABLES
from cnnstudio.engine.training.stopping import ShouldStop, never

if TYPE_CHECKING:
    from cnnstudio.engine.data.dataset import Dataset
    from cnnstudio.engine.data.images import Pixels

SOURCES: tuple[SourceKind, ...] = (INCLUDED_SETS, DOWNLOADED, TABLES, ARRAYS, MASK_PAIRS, FOLDERS)
"""The folders are the last: they refuse what is of no kind."""

_TRIES = 10
"""Pictures that cannot be read are no samples: the next is then taken."""

NO_DATA = "No data are chosen. Choose some on the Data page first."


def is_data(path: Path) -> bool:
    """Whether a path may be a data set, told by its name and kind alone."""
    return is_archive(path) or any(kind.finder and kind.finder.accepts(path) for kind in SOURCES)


def find(path: Path, should_stop: ShouldStop = never, tell: Tell = silent) -> Found:
    """Look through what a person gave; blocks. An archive stands for the folder that it holds.

    StudioError, in one sentence, where it is no data set; StopRequested once it was asked to stop.
    """
    if not is_archive(path):
        return _found_at(path, should_stop, tell)
    from cnnstudio.engine.data.unpacking import unpacked

    folder = unpacked(path, should_stop, tell)
    with _named(path, folder):
        found = _found_at(folder, should_stop, tell)
    return replace(found, source=found.source.with_paths(lambda _: str(path.absolute())))


@contextmanager
def _named(archive: Path, folder: Path) -> Iterator[None]:
    """Have what is refused name the archive that a person chose."""
    try:
        yield
    except StudioError as error:
        raise StudioError(str(error).replace(str(folder), str(archive))) from error


def _found_at(path: Path, should_stop: ShouldStop, tell: Tell) -> Found:
    finders = [kind.finder for kind in SOURCES if kind.finder is not None]
    # What is of no kind, or not there at all, is refused by the reader of folders.
    chosen = next((finder for finder in finders if finder.accepts(path)), finders[-1])
    return chosen.find(path, should_stop, tell)


def kind_of(source: Source) -> SourceKind:
    """What the engine knows of sources of this kind."""
    return next(kind for kind in SOURCES if isinstance(source, kind.model))


def facts_of(choice: DataChoice) -> DataFacts | None:
    """What is known of the chosen data; reads nothing. `None` where none are chosen."""
    if choice.source is None:
        return None
    return limited(kind_of(choice.source).facts_of(choice.source, choice.preparation), choice)


def load(choice: DataChoice, should_stop: ShouldStop = never, browsing: bool = False) -> "Dataset":
    """Open the chosen data and share them out; pictures of files are decoded when a stream is read.

    Blocks, for seconds where there are very many files; who is `browsing` need not wait for these to be
    looked at again each time. StudioError when nothing is chosen or the data are no good, StopRequested once
    it was asked to stop.
    """
    if choice.source is None:
        raise StudioError(NO_DATA)
    from cnnstudio.engine.data.cache import CACHE
    from cnnstudio.engine.data.dataset import dataset_of

    kind = kind_of(choice.source)
    whole = kind.facts_of(choice.source, choice.preparation)
    source = at_hand(choice.source, should_stop)
    samples = CACHE.samples(kind, source, choice.preparation, should_stop, browsing)
    return dataset_of(samples, limited(whole, choice), whole.class_names, choice)


def first_image(choice: DataChoice) -> "Pixels":
    """The first picture to learn from that can be read, (height, width, channels) of bytes.

    StudioError when nothing is chosen, or none of ten can be read.
    """
    if choice.source is None:
        raise StudioError(NO_DATA)
    from cnnstudio.engine.data.cache import CACHE

    source = at_hand(choice.source)
    samples = CACHE.samples(kind_of(source), source, choice.preparation, never, browsing=True)
    rows = range(min(_TRIES, samples.listing.train_count))
    for row in rows[:-1]:
        with suppress(StudioError):
            return samples.one(row)[0]
    return samples.one(rows[-1])[0]


__all__ = [
    "DOWNLOADS",
    "INCLUDED",
    "NO_DATA",
    "SOURCES",
    "Found",
    "SourceKind",
    "facts_of",
    "find",
    "first_image",
    "is_data",
    "kind_of",
    "load",
]
