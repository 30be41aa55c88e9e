"""Files with a Keras model's architecture: `.keras` archives, whole-model HDF5 files, JSON."""

import json
import zipfile
import zlib
from pathlib import Path
from typing import Any

import h5py

from cnnstudio.core.keras_format.importing import ImportResult, Lookup, network_from_config
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.weights.checked import CHECKER
from cnnstudio.engine.weights.hdf5 import attribute, reading_errors

MAX_CONFIG_BYTES = 64 * 2**20
"""More than any architecture needs; a larger one is refused before it is read."""
MAX_CONFIG_VALUES = 2_000_000
"""Commas and opening brackets of an architecture: a bound for the memory that reading it takes."""
_BEFORE_JSON = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
"""Marks of the encoding and blanks."""
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_TROUBLE = (zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, RuntimeError, EOFError, ValueError)


def from_archive(path: Path, known: Lookup) -> ImportResult:
    """The network in a `.keras` archive of Keras 3. StudioError where there is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            text = _config_text(archive, path)
    except _TROUBLE as error:
        raise StudioError(
            f"{path.name} is damaged or no Keras archive: it should be a zip file with a config.json. "
            "Save the model again with Keras."
        ) from error
    return _from_text(text, path, known)


def _config_text(archive: zipfile.ZipFile, path: Path) -> bytes:
    described = archive.getinfo("config.json")
    _refuse_large(described.file_size, path)
    if described.compress_type not in _PACKINGS:
        raise zipfile.BadZipFile("Keras packs in no such way")
    return archive.read(described)


def from_hdf5(path: Path, known: Lookup) -> ImportResult:
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
    return _from_text(text, path, known)


def is_json(path: Path) -> bool:
    """Tell whether the file begins like a JSON object or list."""
    with path.open("rb") as file:
        return file.read(64).lstrip(_BEFORE_JSON)[:1] in (b"{", b"[")


def from_json_file(path: Path, known: Lookup) -> ImportResult:
    """The network in Keras's JSON, as `model.to_json()` writes it."""
    _refuse_large(path.stat().st_size, path)
    return _from_text(path.read_bytes(), path, known)


def _from_text(text: str | bytes, path: Path, known: Lookup) -> ImportResult:
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
    _refuse_foreign(document, path)
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


def _refuse_foreign(document: Any, path: Path) -> None:
    """TensorFlow.js keeps its arrays in files beside this one, in a form of its own."""
    if not isinstance(document, dict) or not {"modelTopology", "weightsManifest"} & document.keys():
        return
    kind = "graph model" if document.get("format") == "graph-model" else "model"
    way_out = (
        "It holds operations, not layers: save the original Keras model instead."
        if kind == "graph model"
        else "Convert it with tensorflowjs_converter --input_format tfjs_layers_model --output_format keras "
        f"{path.name} model.h5, then import model.h5."
    )
    raise StudioError(f"{path.name} is a TensorFlow.js {kind}, which CNN Studio does not read. {way_out}")
