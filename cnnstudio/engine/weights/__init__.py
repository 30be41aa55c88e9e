"""Trained Keras files, opened without Keras: names, shapes, and arrays one at a time.

To add a layout, write a module with a READER and name it in READERS.
"""

from contextlib import ExitStack
from pathlib import Path

import h5py

from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.weights import keras3_model, keras3_weights, legacy_model, legacy_weights
from cnnstudio.engine.weights.archive import is_archive
from cnnstudio.engine.weights.archive import opened as opened_archive
from cnnstudio.engine.weights.checked import CHECKER
from cnnstudio.engine.weights.file import WeightsFile
from cnnstudio.engine.weights.hdf5 import is_hdf5, reading_errors
from cnnstudio.engine.weights.reader import Reader, Source
from cnnstudio.engine.weights.values import KernelEntry, KernelKind, LayerWeights, WeightEntry

__all__ = [
    "READERS",
    "KernelEntry",
    "KernelKind",
    "LayerWeights",
    "WeightEntry",
    "WeightsFile",
    "open_unchecked",
    "open_weights",
]

READERS: tuple[Reader, ...] = (
    keras3_model.READER,
    legacy_model.READER,
    legacy_weights.READER,
    keras3_weights.READER,
)


def open_weights(path: Path) -> WeightsFile:
    """Open any Keras HDF5 or .keras file to read its arrays lazily.

    The file is not locked: a training run may replace it meanwhile. StudioError when there is no
    such file, or it is damaged, foreign, or of no known layout.
    """
    with reading_errors(path):
        _check_is_file(path)
        CHECKER.refuse_harmful(path)
    return open_unchecked(path)


def open_unchecked(path: Path) -> WeightsFile:
    """The same without asking first whether the file makes HDF5 hang or crash."""
    with ExitStack() as opened:
        source = _source(path, opened)
        with reading_errors(path):
            reader = next((item for item in READERS if item.recognises(source)), None)
            if reader is None:
                raise StudioError(
                    f"{path} is HDF5, but no Keras file: no layers with weights are listed in it. "
                    "Choose a file saved by Keras, such as best.weights.h5."
                )
            contents = reader.read(source)
        return WeightsFile(path, reader.format, contents, source, opened.pop_all())


def _source(path: Path, opened: ExitStack) -> Source:
    with reading_errors(path):
        hdf5, archived = is_hdf5(path), is_archive(path)
    if hdf5:
        with reading_errors(path):
            return Source(opened.enter_context(h5py.File(path, "r", locking=False)))
    if not archived:
        raise StudioError(
            f"{path} is neither HDF5 nor a .keras archive. Choose a .weights.h5, .h5, .hdf5 or .keras file."
        )
    archive, file = opened_archive(path)
    opened.enter_context(file)
    with reading_errors(path):
        return Source(opened.enter_context(h5py.File(file, "r")), archive)


def _check_is_file(path: Path) -> None:
    if path.is_dir():
        raise StudioError(f"{path} is a folder. Choose a weights file in it, such as best.weights.h5.")
    if not path.exists():
        raise StudioError(f"There is no file {path}. Check the name, or choose another file.")
    if not path.is_file():
        raise StudioError(f"{path} is no ordinary file. Choose a .weights.h5, .h5 or .keras file.")
