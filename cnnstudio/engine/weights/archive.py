"""A .keras archive: its JSON, and its arrays as an open file; nothing of it is ever written to disk."""

import io
import zipfile
import zlib
from pathlib import Path
from typing import IO

from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.weights.config import parsed_config
from cnnstudio.engine.weights.reader import Archive

WEIGHTS = "model.weights.h5"
MAX_PACKED_BYTES = 1024**3
"""Weights that are compressed are held in memory; Keras itself does not compress them."""
_MAX_JSON_BYTES = 64 * 1024**2
_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_MOST_TIMES = 100
_SMALL_BYTES = 16 * 1024**2
"""Trained numbers hardly shrink; only small files, mostly empty tables, shrink a hundred times."""
_LOCAL_HEADER_BYTES = 30
_ENCRYPTED = 1
_TROUBLE = (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError)


def is_archive(path: Path) -> bool:
    """Tell whether the file begins like a zip archive, even when the rest of it is missing."""
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def opened(path: Path) -> tuple[Archive, IO[bytes]]:
    """What the archive tells, and its weights as an open file.

    StudioError when it is damaged, protected, too large, or holds no weights.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _archive(archive), _weights(archive, path)
    except _TROUBLE as error:
        raise StudioError(
            f"{path} is a damaged .keras archive and cannot be unpacked ({error}). Copy or download it again."
        ) from error


class _Member(io.RawIOBase):
    """A part of a file as a file: what an archive holds without compression is read where it lies."""

    def __init__(self, path: Path, start: int, size: int) -> None:
        self._file = path.open("rb")
        self._start, self._size, self._place = start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        self._place = max(0, base + offset)
        return self._place

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        wanted = memoryview(buffer).cast("B")[: max(0, self._size - self._place)]
        self._file.seek(self._start + self._place)
        read = self._file.readinto(wanted)
        self._place += read
        return read

    def close(self) -> None:
        self._file.close()
        super().close()


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
    member = archive.getinfo(WEIGHTS)
    is_packed = member.compress_type != zipfile.ZIP_STORED
    if is_packed:
        # Before anything is unpacked: what is no HDF5 file may be a bomb all the same.
        _refuse_blown_up(member, path)
    with archive.open(member) as packed:
        if packed.read(len(_SIGNATURE)) != _SIGNATURE:
            raise StudioError(
                f"{path} is damaged: its {WEIGHTS} is no HDF5 file. Save the model again with Keras."
            )
    if not is_packed and not member.flag_bits & _ENCRYPTED:
        return io.BufferedReader(_Member(path, _place_of(member, path), member.file_size))
    return io.BytesIO(archive.read(member))


def _place_of(member: zipfile.ZipInfo, path: Path) -> int:
    """Where a member's bytes begin: after its own header, whose name and extra field tell their lengths."""
    with path.open("rb") as file:
        file.seek(member.header_offset)
        header = file.read(_LOCAL_HEADER_BYTES)
    lengths = (int.from_bytes(header[place : place + 2], "little") for place in (26, 28))
    return member.header_offset + _LOCAL_HEADER_BYTES + sum(lengths)


def _refuse_blown_up(member: zipfile.ZipInfo, path: Path) -> None:
    size, packed = member.file_size, member.compress_size
    if size > _SMALL_BYTES and size > _MOST_TIMES * packed:
        raise StudioError(
            f"{path} says that {packed:,} bytes unpack to {size:,}, which no trained weights do. "
            "It is no usual Keras model: save the model again with Keras."
        )
    if size > MAX_PACKED_BYTES:
        raise StudioError(
            f"{path} holds {size / 1024**3:.1f} GiB of compressed weights; up to 1 GiB is unpacked. "
            "Save the model again with Keras, which does not compress them."
        )
