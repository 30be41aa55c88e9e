"""HDF5 read with suspicion: only what lies in the file itself, never followed in circles."""

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from math import prod
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.weights.values import WeightEntry

MAX_ARRAY_BYTES = 2 * 1024**3
_MAX_ATTRIBUTE_BYTES = 64 * 1024**2
_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_TROUBLE = (OSError, RuntimeError, KeyError, ValueError, TypeError, AttributeError, MemoryError)


@contextmanager
def reading_errors(path: Path) -> Iterator[None]:
    """Turn whatever h5py raises on a damaged file into one StudioError that names it."""
    try:
        yield
    except PermissionError as error:
        raise StudioError(
            f"You may not read {path}. Change its permissions, or choose another file."
        ) from error
    except _TROUBLE as error:
        detail = str(error).strip("'\"") or type(error).__name__
        raise StudioError(
            f"{path} is damaged or cut short and cannot be read ({detail}). Copy or download it again."
        ) from error


def is_hdf5(path: Path) -> bool:
    """Tell whether the file says it is HDF5, even when the rest of it is missing."""
    with path.open("rb") as file:
        return file.read(len(_SIGNATURE)) == _SIGNATURE or bool(h5py.is_hdf5(path))


def child(group: Any, name: str) -> Any | None:
    """The object at `name`, a path with slashes, inside `group`; None when there is none.

    Soft and external links are not followed: Keras writes none, and they can lead to other files.
    """
    here = group
    for part in filter(None, name.split("/")):
        if not isinstance(here, h5py.Group) or part == ".":
            return None
        if not isinstance(here.get(part, getlink=True), h5py.HardLink):
            return None
        here = here[part]
    return here


def subgroups(group: Any) -> list[tuple[str, Any]]:
    """The groups directly inside `group`, in natural order: conv2d_2 before conv2d_10."""
    inside = [(name, child(group, name)) for name in sorted(group, key=natural)]
    return [(name, item) for name, item in inside if isinstance(item, h5py.Group)]


def arrays(group: Any) -> list[tuple[str, Any]]:
    """The datasets directly inside `group`, in natural order."""
    inside = [(name, child(group, name)) for name in sorted(group, key=natural)]
    return [(name, item) for name, item in inside if isinstance(item, h5py.Dataset)]


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """A sort key that counts: a run of digits is one number."""
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name))


def text(value: Any) -> str | None:
    """An attribute's text, which old files hold as bytes; None when it is no text."""
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    return value if isinstance(value, str) else None


def attribute(item: Any, name: str) -> Any | None:
    """An attribute; None when there is none. ValueError when it is neither text nor numbers.

    Its description is looked at first: HDF5 crashes on some senseless types and sizes.
    """
    if name not in item.attrs:
        return None
    described = h5py.h5a.open(item.id, name.encode())
    kind, count = described.get_type(), described.get_space().get_simple_extent_npoints()
    if count * kind.get_size() > _MAX_ATTRIBUTE_BYTES:
        raise ValueError(f"the attribute {name} is too large")
    if kind.get_class() not in (h5py.h5t.STRING, h5py.h5t.FLOAT, h5py.h5t.INTEGER):
        raise ValueError(f"the attribute {name} is neither text nor numbers")
    return item.attrs[name]


def texts(group: Any, name: str) -> list[str] | None:
    """An attribute that is a list of names; None when it is not there.

    Keras cuts long lists into `name0`, `name1` and so on. An empty list may be stored as float64.
    """
    if name in group.attrs:
        return _as_texts(attribute(group, name))
    if f"{name}0" not in group.attrs:
        return None
    found: list[str] = []
    for number in itertools.count():
        if f"{name}{number}" not in group.attrs:
            return found
        found.extend(_as_texts(attribute(group, f"{name}{number}")))
    return found


def _as_texts(value: Any) -> list[str]:
    items = [] if isinstance(value, h5py.Empty) else np.asarray(value).ravel().tolist()
    return [found for found in map(text, items) if found is not None]


def entry(name: str, dataset: Any) -> WeightEntry:
    """Describe a dataset without reading it."""
    stored_as = text(attribute(dataset, "dtype"))
    dtype = "bfloat16" if stored_as == "bfloat16" else str(dataset.dtype)
    return WeightEntry(name, tuple(int(size) for size in dataset.shape or ()), dtype, str(dataset.name))


def read_array(
    root: Any, wanted: WeightEntry, path: Path, part: tuple[slice, ...] | None = None
) -> NDArray[Any]:
    """Read one array of the open file at `path`, or the part that is asked for of each of its axes.

    StudioError when it is too large, holds no numbers, or does not lie in the file.
    """
    dataset = child(root, wanted.path)
    if not isinstance(dataset, h5py.Dataset) or dataset.external or dataset.is_virtual:
        raise StudioError(
            f"The array {wanted.path} of {path} is kept in another file. Choose a file that is complete."
        )
    if not (dataset.dtype.kind in "fiub" or wanted.dtype == "bfloat16") or dataset.shape is None:
        raise StudioError(
            f"The array {wanted.path} of {path} holds {dataset.dtype}, not numbers. It cannot be shown."
        )
    part = part or (slice(None),) * len(wanted.shape)
    _refuse_large(dataset, wanted, path, part)
    values: NDArray[Any] = np.asarray(dataset[_as_stored(part, wanted.axes)])
    values = _from_bfloat16(values) if wanted.dtype == "bfloat16" else values
    return _in_order(values, wanted)


def _refuse_large(dataset: Any, wanted: WeightEntry, path: Path, part: tuple[slice, ...]) -> None:
    """StudioError for more than is read at once, and for numbers that are stated but not there."""
    item, chunk = int(dataset.dtype.itemsize), dataset.chunks or ()
    whole = prod(wanted.shape) * item
    asked = zip(part, wanted.shape, strict=True)
    needed = max(prod(len(range(*some.indices(size))) for some, size in asked), prod(chunk)) * item
    if needed > MAX_ARRAY_BYTES:
        raise StudioError(
            f"The array {wanted.path} of {path}, shape {wanted.shape}, says it takes "
            f"{needed / 1024**3:.1f} GiB. Arrays of up to 2 GiB can be read."
        )
    is_packed = dataset.id.get_create_plist().get_nfilters() > 0
    if not is_packed and dataset.id.get_storage_size() < whole:
        raise StudioError(
            f"The array {wanted.path} of {path}, shape {wanted.shape}, says it takes {whole:,} bytes, "
            "which the file does not hold. It is damaged or cut short: copy or download it again."
        )


def _as_stored(part: tuple[slice, ...], axes: tuple[int, ...]) -> tuple[slice, ...]:
    """The same part of the array in the order of its axes in the file."""
    by_axis = dict(zip(axes or range(len(part)), part, strict=True))
    return tuple(by_axis[axis] for axis in range(len(part)))


def _in_order(values: NDArray[Any], wanted: WeightEntry) -> NDArray[Any]:
    ordered = values.transpose(wanted.axes) if wanted.axes else values
    return np.flip(ordered, axis=tuple(range(ordered.ndim - 2))) if wanted.upside_down else ordered


def _from_bfloat16(values: NDArray[Any]) -> NDArray[Any]:
    """A bfloat16 is the upper half of a float32; NumPy has no such type of its own."""
    if values.dtype.itemsize != 2:
        return values.astype(np.float32)
    halves = np.ascontiguousarray(values).view(np.uint16).astype(np.uint32)
    return (halves << 16).view(np.float32).reshape(values.shape)
