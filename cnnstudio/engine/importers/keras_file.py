"""Files with a Keras model's architecture: `.keras` archives, whole-model HDF5 files, JSON."""

import json
import zipfile
import zlib
from collections.abc import Sequence
from functools import cache
from math import prod
from pathlib import Path
from typing import Any

import h5py

from cnnstudio.core.keras_format.importing import ImportResult, Known, Lookup, network_from_config
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.weights import open_weights
from cnnstudio.engine.weights.checked import CHECKER
from cnnstudio.engine.weights.hdf5 import attribute, reading_errors
from cnnstudio.engine.weights.values import WeightEntry

MAX_CONFIG_BYTES = 64 * 2**20
"""More than any architecture needs; a larger one is refused before it is read."""
MAX_CONFIG_VALUES = 2_000_000
"""Commas and opening brackets of an architecture: a bound for the memory that reading it takes."""
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_TROUBLE = (zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, RuntimeError, EOFError, ValueError)


def from_archive(path: Path) -> ImportResult:
    """The network in a `.keras` archive of Keras 3. StudioError where there is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            text = _config_text(archive, path)
    except _TROUBLE as error:
        raise StudioError(
            f"{path.name} is damaged or no Keras archive: it should be a zip file with a config.json. "
            "Save the model again with Keras."
        ) from error
    return _from_text(text, path, _stored_counts(path))


def _config_text(archive: zipfile.ZipFile, path: Path) -> bytes:
    described = archive.getinfo("config.json")
    _refuse_large(described.file_size, path)
    if described.compress_type not in _PACKINGS:
        raise zipfile.BadZipFile("Keras packs in no such way")
    return archive.read(described)


def from_hdf5(path: Path) -> ImportResult:
    """The network in a whole-model HDF5 file of Keras 1, 2 or 3. StudioError where there is none."""
    with reading_errors(path):
        CHECKER.refuse_harmful(path)
    with reading_errors(path), h5py.File(path, "r", locking=False) as file:
        text = attribute(file, "model_config")
    if not isinstance(text, str | bytes):
        raise StudioError(
            f"{path.name} holds weights without an architecture. "
            "Save the whole model in Keras with model.save, or open this file in Inspect."
        )
    return _from_text(text, path, _stored_counts(path))


def from_json_file(path: Path) -> ImportResult:
    """The network in Keras's JSON, as `model.to_json()` writes it."""
    _refuse_large(path.stat().st_size, path)
    return _from_text(path.read_bytes(), path)


def _stored_counts(path: Path) -> Lookup:
    """What a model file tells of layers outside the catalogue: how many weights it stores for each."""

    @cache
    def stored() -> dict[str, tuple[int, int]]:
        try:
            with open_weights(path) as file:
                return {layer.name.rpartition("/")[2]: _counts(layer.weights) for layer in file.layers}
        except StudioError:
            return {}  # the architecture stands without its weights

    return lambda layer_path: Known(parameters=stored().get(layer_path[-1]))


def _counts(weights: Sequence[WeightEntry]) -> tuple[int, int]:
    """How many numbers training changes and how many it does not, as far as names tell."""
    kept = [weight for weight in weights if weight.name.startswith(("moving_", "seed_"))]
    total, fixed = (sum(prod(weight.shape) for weight in some) for some in (weights, kept))
    return total - fixed, fixed


def _from_text(text: str | bytes, path: Path, known: Lookup | None = None) -> ImportResult:
    data = text.encode("utf-8", errors="replace") if isinstance(text, str) else text
    _refuse_large(len(data), path)
    _refuse_many(sum(data.count(sign) for sign in (b",", b"{", b"[")), path)
    try:
        document: Any = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise StudioError(
            f"{path.name} holds no readable architecture: it should be JSON text. "
            "Save the model again with Keras."
        ) from error
    try:
        return network_from_config(document, known)
    except StudioError as error:
        raise StudioError(f"{path.name}: {error}") from error


def _refuse_large(size: int, path: Path) -> None:
    if size > MAX_CONFIG_BYTES:
        raise StudioError(
            f"The architecture in {path.name} takes {size:,} bytes; at most {MAX_CONFIG_BYTES:,} are read. "
            "It is no usual Keras model."
        )


def _refuse_many(values: int, path: Path) -> None:
    if values > MAX_CONFIG_VALUES:
        raise StudioError(
            f"The architecture in {path.name} holds about {values:,} values; at most "
            f"{MAX_CONFIG_VALUES:,} are read. It is no usual Keras model."
        )
