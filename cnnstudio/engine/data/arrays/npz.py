"""NumPy's archive, `.npz`. Pickled objects are never loaded: they can run a program."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from numpy.lib import format as npy
from numpy.typing import NDArray

from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.data.arrays.container import Array

_ENDING = ".npy"
_TROUBLE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, NotImplementedError, RuntimeError)


class NpzFile:
    """An archive of arrays, each read whole."""

    reads_rows = False

    def __init__(self, path: Path) -> None:
        self._path = path
        with _reading_errors(path):
            self._zip = zipfile.ZipFile(path)

    def arrays(self) -> tuple[Array, ...]:
        """What is in it, told by the beginnings of the arrays."""
        with _reading_errors(self._path):
            names = [name for name in self._zip.namelist() if name.endswith(_ENDING)]
            return tuple(self._about(name) for name in names)

    def read(self, name: str) -> NDArray[Any]:
        """A whole array; StudioError for pickled objects."""
        if self._about(name + _ENDING).dtype == "object":
            raise StudioError(
                f"The array {name} of {self._path} holds pickled Python objects, which could run a program "
                "when "
                "they are read. Save it anew as numbers or text."
            )
        with _reading_errors(self._path), self._zip.open(name + _ENDING) as file:
            found: NDArray[Any] = npy.read_array(file, allow_pickle=False)
            return found

    def row(self, name: str, row: int) -> NDArray[Any]:
        """Not called: rows of an archive cannot be read alone."""
        raise NotImplementedError(f"row {row} of {name}: an archive is read whole")

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()

    def _about(self, member: str) -> Array:
        with _reading_errors(self._path), self._zip.open(member) as file:
            version = npy.read_magic(file)
            read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
            shape, _, dtype = read(file)
        kind = "object" if dtype.hasobject else dtype.str
        return Array(member.removesuffix(_ENDING), tuple(shape), kind)


@contextmanager
def _reading_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise StudioError(f"There is no file {path}. Check the name, or choose another file.") from error
    except _TROUBLE as error:
        raise StudioError(f"{path} is a damaged NumPy archive ({error}). Copy or save it again.") from error
