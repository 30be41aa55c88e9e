"""Arrays in HDF5, of which each row is read when it is wanted."""

from pathlib import Path
from threading import Lock
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.data.arrays.container import Array
from cnnstudio.engine.weights.checked import CHECKER
from cnnstudio.engine.weights.hdf5 import child, reading_errors

_MOST_ARRAYS = 1_000


class Hdf5File:
    """An open HDF5 file. h5py lets one thread in at a time; so does the lock, which spares the others a wait
    with Python's lock held.
    """

    reads_rows = True

    def __init__(self, path: Path) -> None:
        self._path, self._lock = path, Lock()
        if not path.is_file():
            raise StudioError(f"There is no file {path}. Check the name, or choose another file.")
        with reading_errors(path):
            CHECKER.refuse_harmful(path)
            self._file = h5py.File(path, "r")

    def arrays(self) -> tuple[Array, ...]:
        """What is in it, of all groups; soft and external links are not followed."""
        found: list[Array] = []
        with reading_errors(self._path), self._lock:
            self._collect(self._file, "", found)
        return tuple(found)

    def read(self, name: str) -> NDArray[Any]:
        """A whole array."""
        with reading_errors(self._path), self._lock:
            return _plain(self._dataset(name)[()])

    def row(self, name: str, row: int) -> NDArray[Any]:
        """One row of an array."""
        with reading_errors(self._path), self._lock:
            return _plain(self._dataset(name)[row])

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _dataset(self, name: str) -> Any:
        found = child(self._file, name)
        if not isinstance(found, h5py.Dataset):
            raise StudioError(f"{self._path} has no array {name}. Choose the file again on the Data page.")
        return found

    def _collect(self, group: Any, prefix: str, found: list[Array]) -> None:
        for name in group:
            there = child(group, name)
            if len(found) >= _MOST_ARRAYS:
                return
            if isinstance(there, h5py.Group):
                self._collect(there, f"{prefix}{name}/", found)
            elif isinstance(there, h5py.Dataset):
                kind = "str" if h5py.check_string_dtype(there.dtype) else there.dtype.str
                found.append(Array(f"{prefix}{name}", tuple(there.shape), kind))


def _plain(values: Any) -> NDArray[Any]:
    array = np.asarray(values)
    return array.astype(str) if array.dtype == object else array
