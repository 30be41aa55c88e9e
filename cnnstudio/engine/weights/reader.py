"""What every layout's reader offers."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from cnnstudio.engine.weights.values import Contents


class Archive(Struct, frozen=True):
    """What a .keras archive tells beside its arrays."""

    config: dict[str, Any] | None
    keras_version: str | None


class Source(Struct, frozen=True):
    """An open HDF5 file (`root`, an h5py.File) and the archive that it came in, if it did."""

    root: Any
    archive: Archive | None = None


class Reader(Struct, frozen=True):
    """A layout: its name for people and programs, how to know it, how to read it.

    Both functions may let h5py's exceptions through; they read names and shapes, never arrays.
    """

    format: str
    recognises: Callable[[Source], bool]
    read: Callable[[Source], Contents]
