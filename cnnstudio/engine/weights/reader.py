"""What every layout's reader offers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cnnstudio.engine.weights.values import Contents


@dataclass(frozen=True)
class Archive:
    """What a .keras archive tells beside its arrays."""

    config: dict[str, Any] | None
    keras_version: str | None


@dataclass(frozen=True)
class Source:
    """An open HDF5 file (`root`, an h5py.File) and the archive that it came in, if it did."""

    root: Any
    archive: Archive | None = None


@dataclass(frozen=True)
class Reader:
    """A layout: its name for people and programs, how to know it, how to read it.

    Both functions may let h5py's exceptions through; they read names and shapes, never arrays.
    """

    format: str
    recognises: Callable[[Source], bool]
    read: Callable[[Source], Contents]
