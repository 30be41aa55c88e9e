"""Reads networks that others built. A new format is a file beside this one and a line in `IMPORTERS`."""

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from cnnstudio.core.keras_format.importing import ImportResult, Lookup
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.files.kinds import ARCHIVE_SUFFIX, HDF5_SUFFIXES, JSON_SUFFIX
from cnnstudio.engine.importers.comparison import compared
from cnnstudio.engine.importers.keras_file import from_archive, from_hdf5, from_json_file, is_json
from cnnstudio.engine.importers.keras_object import from_keras
from cnnstudio.engine.importers.stored import stored_counts
from cnnstudio.engine.weights.archive import is_archive
from cnnstudio.engine.weights.hdf5 import is_hdf5


class Importer(Struct, frozen=True):
    """A format: what a person calls it, how its files end, how their content tells it, and what reads them.

    `read` takes the file and what tells of the stored weights.
    """

    title: str
    endings: tuple[str, ...]
    recognises: Callable[[Path], bool]
    read: Callable[[Path, Lookup], ImportResult]


IMPORTERS = (
    Importer("Keras archive", (ARCHIVE_SUFFIX,), is_archive, from_archive),
    Importer("Keras HDF5 file", HDF5_SUFFIXES, is_hdf5, from_hdf5),
    Importer("Keras JSON", (JSON_SUFFIX,), is_json, from_json_file),
)


def import_model(path: Path, weights: Path | None = None) -> ImportResult:
    """The network in a file, told by its content; weights stay behind. StudioError for what cannot be read.

    `weights` is the file that holds them where the model's own does not, as for Keras's JSON. Where it holds
    more or fewer weights than the network has, a note says so.
    """
    _refuse_unreadable(path)
    try:
        found = _importer_of(path).read(path, stored_counts(weights or path, is_whole=weights is None))
        return compared(found, weights or path)
    except OSError as error:
        raise StudioError(f"Cannot read {path}: {error.strerror or error}.") from error


def _importer_of(path: Path) -> Importer:
    """By how the file begins; one that begins like none is told by its ending, for what to say of it."""
    by_content = (importer for importer in IMPORTERS if importer.recognises(path))
    by_ending = (importer for importer in IMPORTERS if path.name.lower().endswith(importer.endings))
    found = next(by_content, None) or next(by_ending, None)
    if found is None:
        endings = ", ".join(ending for importer in IMPORTERS for ending in importer.endings)
        raise StudioError(f"{path.name} is of no kind CNN Studio imports. Choose one of {endings}.")
    return found


def _refuse_unreadable(path: Path) -> None:
    """A pipe or a device could be read without end, and a folder not at all."""
    try:
        path.stat()
    except FileNotFoundError as error:
        raise StudioError(f"There is no file {path}. Check the name, or choose another file.") from error
    except (OSError, ValueError) as error:
        raise StudioError(f"Cannot read {path}: {error}.") from error
    if not path.is_file():
        raise StudioError(f"{path} is no ordinary file. Choose a file that Keras has saved.")


__all__ = ["IMPORTERS", "ImportResult", "Importer", "from_keras", "import_model"]
