"""IDX, the format that MNIST is given out in (yann.lecun.com/exdb/mnist), gzipped or not: an array in each
file.
"""

import gzip
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
from numpy.typing import NDArray

from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.data.arrays.container import Array

_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_MOST_AXES = 4
_GZIP = b"\x1f\x8b"


def is_idx_name(name: str) -> bool:
    """Whether a file is named as IDX files are: `train-images-idx3-ubyte`, with `.gz` or a dot for a
    hyphen.
    """
    return any(f"{mark}{axes}" in name.lower() for mark in ("-idx", ".idx") for axes in range(1, 4))


class IdxFiles:
    """The IDX files of a folder; the arrays are named as the files."""

    reads_rows = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def arrays(self) -> tuple[Array, ...]:
        """What is there, told by the beginnings of the files."""
        try:
            names = sorted(entry.name for entry in self._folder.iterdir() if is_idx_name(entry.name))
        except OSError as error:
            raise StudioError(f"{self._folder} cannot be read ({error}). Choose another folder.") from error
        return tuple(self._about(name) for name in names)

    def read(self, name: str) -> NDArray[Any]:
        """A whole array; StudioError where the file is not as long as it says."""
        with _opened(self._folder / name) as file:
            about = _header(file, self._folder / name)
            # One byte more than it states: a gzipped file must not give more than that.
            data = file.read(about.nbytes + 1)
        if len(data) != about.nbytes:
            raise StudioError(
                f"{self._folder / name} should hold {about.nbytes:,} bytes of numbers and does not. Copy or "
                "download it again."
            )
        return np.frombuffer(data, about.dtype).reshape(about.shape)

    def row(self, name: str, row: int) -> NDArray[Any]:
        """Not called: the files are read whole."""
        raise NotImplementedError(f"row {row} of {name}: an IDX file is read whole")

    def close(self) -> None:
        """Nothing is kept open."""

    def _about(self, name: str) -> Array:
        with _opened(self._folder / name) as file:
            return _header(file, self._folder / name)


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        with path.open("rb") as raw:
            packed = raw.read(len(_GZIP)) == _GZIP
            raw.seek(0)
            yield cast(IO[bytes], gzip.GzipFile(fileobj=raw)) if packed else raw
    except FileNotFoundError as error:
        raise StudioError(f"There is no file {path}. Choose the data again on the Data page.") from error
    except (OSError, EOFError, zlib.error) as error:
        raise StudioError(f"{path} is damaged ({error}). Copy or download it again.") from error


def _header(file: IO[bytes], path: Path) -> Array:
    start = file.read(4)
    known = len(start) == 4 and start[:2] == b"\0\0" and start[2] in _TYPES and 1 <= start[3] <= _MOST_AXES
    sizes = file.read(4 * start[3]) if known else b""
    if not known or len(sizes) != 4 * start[3]:
        raise StudioError(f"{path} is named as an IDX file, and is none. Copy or download it again.")
    shape = struct.unpack(f">{start[3]}I", sizes)
    return Array(path.name, shape, np.dtype(_TYPES[start[2]]).str)
