"""What files of arrays have in common: a list of arrays, and a way to read one whole or row by row."""

from pathlib import Path
from typing import Any, Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from cnnstudio.core.analysis.describe import bytes_text
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.files.system import free_memory

_SHARE_OF_MEMORY = 0.5
"""Half of what is free is left to the network and its training."""


class Array(Struct, frozen=True):
    """An array of a file: its name there, its shape with the axis of the samples, and the type of its
    numbers.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str

    @property
    def nbytes(self) -> int:
        """What it takes in memory."""
        return int(np.prod(self.shape, dtype=object)) * max(np.dtype(self.dtype).itemsize, 1)


class Container(Protocol):
    """A file of arrays that is open. StudioError for what is damaged."""

    reads_rows: bool
    """Whether a row can be read without the others."""

    def arrays(self) -> tuple[Array, ...]:
        """What is in it; reads no numbers."""

    def read(self, name: str) -> NDArray[Any]:
        """A whole array."""

    def row(self, name: str, row: int) -> NDArray[Any]:
        """One row of an array; any thread may ask."""

    def close(self) -> None:
        """Let go of the file."""


def array_named(container: Container, name: str, path: Path) -> Array:
    """StudioError when there is none of that name."""
    found = next((one for one in container.arrays() if one.name == name), None)
    if found is None:
        raise StudioError(f"{path} has no array {name} any more. Choose the file again on the Data page.")
    return found


def refuse_without_room(arrays: list[Array], path: Path) -> None:
    """StudioError when these arrays would not fit the memory, told by what the file states of them."""
    needed, free = sum(one.nbytes for one in arrays), free_memory()
    if free is not None and needed > _SHARE_OF_MEMORY * free:
        raise StudioError(
            f"The arrays of {path} take {bytes_text(needed)} of memory, and at most "
            f"{bytes_text(int(_SHARE_OF_MEMORY * free))} may be used. Save them as HDF5, which is read "
            "picture by "
            "picture, or choose a smaller file."
        )
