"""Unpacking a .keras archive: its JSON, and its arrays into a temporary file."""

import shutil
import tempfile
import zipfile
import zlib
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.weights.config import parsed_config
from cnnstudio.engine.weights.reader import Archive

WEIGHTS = "model.weights.h5"
MAX_UNPACKED_BYTES = 16 * 1024**3
_MAX_JSON_BYTES = 64 * 1024**2
_TROUBLE = (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError)


def is_archive(path: Path) -> bool:
    """Tell whether the file begins like a zip archive, even when the rest of it is missing."""
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def unpacked(path: Path) -> tuple[Archive, IO[bytes]]:
    """What the archive tells, and its weights as an open temporary file that closing removes.

    StudioError when it is damaged, protected, too large, or holds no weights.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _archive(archive), _weights(archive, path)
    except _TROUBLE as error:
        raise StudioError(
            f"{path} is a damaged .keras archive and cannot be unpacked ({error}). Copy or download it again."
        ) from error


def _archive(archive: zipfile.ZipFile) -> Archive:
    metadata = parsed_config(_json(archive, "metadata.json")) or {}
    version = metadata.get("keras_version")
    config = parsed_config(_json(archive, "config.json"))
    return Archive(config, version if isinstance(version, str) else None)


def _json(archive: zipfile.ZipFile, name: str) -> bytes | None:
    if name not in archive.namelist() or archive.getinfo(name).file_size > _MAX_JSON_BYTES:
        return None
    return archive.read(name)


def _weights(archive: zipfile.ZipFile, path: Path) -> IO[bytes]:
    if WEIGHTS not in archive.namelist():
        raise StudioError(
            f"{path} is a zip archive without {WEIGHTS}, so it is no Keras model. "
            "Choose a .keras file that Keras has saved."
        )
    if archive.getinfo(WEIGHTS).file_size > MAX_UNPACKED_BYTES:
        raise StudioError(
            f"{path} says its weights take more than 16 GiB unpacked. That is too large to open."
        )
    with ExitStack() as opened, archive.open(WEIGHTS) as packed:
        file = opened.enter_context(tempfile.TemporaryFile())
        shutil.copyfileobj(packed, file, 1024**2)
        opened.pop_all()
        return file
