"""Reads networks that others built. A new format is a file beside this one and a line in `IMPORTERS`."""

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from cnnstudio.core.keras_format.importing import ImportResult
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.files.kinds import ARCHIVE_SUFFIX, HDF5_SUFFIXES, JSON_SUFFIX
from cnnstudio.engine.importers.comparison import compared
from cnnstudio.engine.importers.keras_file import from_archive, from_hdf5, from_json_file
from cnnstudio.engine.importers.keras_object import from_keras


class Importer(Struct, frozen=True):
    """A format: what a person calls it, how its files end, and what reads them."""

    title: str
    endings: tuple[str, ...]
    read: Callable[[Path], ImportResult]


IMPORTERS = (
    Importer("Keras archive", (ARCHIVE_SUFFIX,), from_archive),
    Importer("Keras HDF5 file", HDF5_SUFFIXES, from_hdf5),
    Importer("Keras JSON", (JSON_SUFFIX,), from_json_file),
)


def import_model(path: Path) -> ImportResult:
    """The network in a file, by its ending; weights stay behind. StudioError for what cannot be read.

    Where the file holds more or fewer weights than the network has, a note says so.
    """
    read = _importer_of(path).read
    _refuse_unreadable(path)
    try:
        return compared(read(path), path)
    except OSError as error:
        raise StudioError(f"Cannot read {path}: {error.strerror or error}.") from error


def _importer_of(path: Path) -> Importer:
    for importer in IMPORTERS:
        if path.name.lower().endswith(importer.endings):
            return importer
    endings = ", ".join(ending for importer in IMPORTERS for ending in importer.endings)
    raise StudioError(f"{path.name} is of no kind CNN Studio imports. Choose one of {endings}.")


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
