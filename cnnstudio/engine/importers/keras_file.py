"""Files with a Keras model's architecture: `.keras` archives, whole-model HDF5 files, JSON."""

import json
import zipfile
from pathlib import Path
from typing import Any

import h5py

from cnnstudio.core.errors import StudioError
from cnnstudio.core.keras_format.importing import ImportResult, network_from_config

MAX_CONFIG_BYTES = 64 * 2**20
"""More than any architecture needs; a larger one is refused before it is read."""


def from_archive(path: Path) -> ImportResult:
    """The network in a `.keras` archive of Keras 3. StudioError where there is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_large(archive.getinfo("config.json").file_size, path)
            text = archive.read("config.json")
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError) as error:
        raise StudioError(
            f"{path.name} is damaged or no Keras archive: it should be a zip file with a config.json. "
            "Save the model again with Keras."
        ) from error
    return _from_text(text, path)


def from_hdf5(path: Path) -> ImportResult:
    """The network in a whole-model HDF5 file of Keras 1, 2 or 3. StudioError where there is none."""
    try:
        with h5py.File(path, "r", locking=False) as file:
            text = file.attrs.get("model_config")
    except (OSError, RuntimeError, ValueError, KeyError, TypeError) as error:
        raise StudioError(
            f"{path.name} is damaged or no HDF5 file. Save the model again with Keras."
        ) from error
    if not isinstance(text, str | bytes):
        raise StudioError(
            f"{path.name} holds weights without an architecture. "
            "Save the whole model in Keras with model.save, or open this file in Inspect."
        )
    return _from_text(text, path)


def from_json_file(path: Path) -> ImportResult:
    """The network in Keras's JSON, as `model.to_json()` writes it."""
    _refuse_large(path.stat().st_size, path)
    return _from_text(path.read_bytes(), path)


def _from_text(text: str | bytes, path: Path) -> ImportResult:
    _refuse_large(len(text), path)
    try:
        document: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise StudioError(
            f"{path.name} holds no readable architecture: it should be JSON text. "
            "Save the model again with Keras."
        ) from error
    try:
        return network_from_config(document)
    except StudioError as error:
        raise StudioError(f"{path.name}: {error}") from error


def _refuse_large(size: int, path: Path) -> None:
    if size > MAX_CONFIG_BYTES:
        raise StudioError(
            f"The architecture in {path.name} takes {size:,} bytes; at most {MAX_CONFIG_BYTES:,} are read. "
            "It is no usual Keras model."
        )
