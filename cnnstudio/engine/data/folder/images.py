"""The pictures of a folder as samples, decoded when they are wanted."""

import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from cnnstudio.core.project.data import Preparation
from cnnstudio.core.project.sources import Folder, Levels
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.data.decoded import BY_FILES, Decoded, DecodedSamples
from cnnstudio.engine.data.folder.files import RULES, FolderFiles, folder_files, scrambled
from cnnstudio.engine.data.folder.levels import levels_over
from cnnstudio.engine.data.folder.scan import some_headers
from cnnstudio.engine.data.images import Listing
from cnnstudio.engine.data.packed import PackedNames
from cnnstudio.engine.data.prepare import read_prepared, shape_of
from cnnstudio.engine.files.deep import sentence_about
from cnnstudio.engine.training.stopping import ShouldStop, never

_Numbers: TypeAlias = NDArray[np.int64]
_Files: TypeAlias = list[tuple[str, int]]
"""Paths with the numbers of their classes."""


def opened(source: Folder, preparation: Preparation, should_stop: ShouldStop = never) -> DecodedSamples:
    """The pictures of a folder; blocks for the time of listing it.

    StudioError when the folder holds other classes than the source says; StopRequested once it was asked to
    stop.
    """
    folder = files_of(source)
    parts = _parts_of(folder)
    paths = [path for part in parts for path, _ in part]
    labels = np.array([number for part in parts for _, number in part], np.int64)
    _, validation, test = (len(part) for part in parts)
    above = len(_with_separator(source.path))
    locators = PackedNames(path[above:].replace(os.sep, "/") for path in paths)
    listing = Listing(labels, locators, validation, test)
    levels = source.levels or _levels_of(paths, should_stop)
    sizes, times = _looked_at(paths)
    root = Path(source.path)

    def decode(row: int) -> Decoded:
        return read_prepared(root / locators[row], preparation, levels), None

    return DecodedSamples(
        listing,
        decode,
        shape_of(preparation),
        _fingerprint(listing, sizes),
        _remarks(source, folder, levels),
        stamp=_stamp(folder, sizes, times),
    )


def files_of(source: Folder) -> FolderFiles:
    """The files as they are now; StudioError when the classes are not those of the source."""
    found = folder_files(Path(source.path), source.rules)
    names = found.layout.class_names
    if names != source.class_names:
        raise StudioError(
            f"{source.path} holds other classes than when it was chosen: {_difference(names, source)}. "
            "Choose the folder again on the Data page."
        )
    return found


def stamp_of(source: Folder) -> str:
    """Another text whenever a file came, went or was written. StudioError as for `files_of`."""
    folder = files_of(source)
    paths = [path for part in _parts_of(folder) for path, _ in part]
    return _stamp(folder, *_looked_at(paths))


def _stamp(folder: FolderFiles, sizes: _Numbers, times: _Numbers) -> str:
    names = "\0".join(path for path in folder.paths)
    digest = hashlib.sha256(names.encode("utf-8", "surrogateescape"))
    digest.update(sizes.tobytes() + times.tobytes())
    return digest.hexdigest()


def _looked_at(paths: Sequence[str]) -> tuple[_Numbers, _Numbers]:
    """The size of each file in bytes, and when it was written, in nanoseconds; 0 for one that is gone."""
    sizes, times = np.zeros(len(paths), np.int64), np.zeros(len(paths), np.int64)
    for row, path in enumerate(paths):
        with suppress(OSError):
            about = os.stat(path)  # noqa: PTH116 - a Path for each of a million files takes a minute
            sizes[row], times[row] = about.st_size, about.st_mtime_ns
    return sizes, times


def _remarks(source: Folder, folder: FolderFiles, levels: Levels | None) -> tuple[str, ...]:
    about = sentence_about(levels) if levels else ""
    return tuple(filter(None, (*folder.remarks, _as_before(source, folder), about)))


def _as_before(source: Folder, folder: FolderFiles) -> str:
    """Whether the folder would be looked through another way now than when the project chose it."""
    if source.rules == RULES:
        return ""
    with suppress(StudioError):
        if folder_files(folder.root).classes == folder.classes:
            return ""
    return (
        "The project keeps the pictures and the split that the first version gave it. Choose the folder "
        "again to take in folders within class folders and a validation part of its own."
    )


def _parts_of(folder: FolderFiles) -> tuple[_Files, _Files, _Files]:
    """Training, validation and test, each mixed by chance, always alike."""
    numbered = list(enumerate(folder.classes))
    training = _mixed([(path, number) for number, one in numbered for path in one.training])
    validation = _mixed([(path, number) for number, one in numbered for path in one.validation])
    return training, validation, _mixed([(path, number) for number, one in numbered for path in one.test])


def _with_separator(path: str) -> str:
    return path if path.endswith(os.sep) else path + os.sep


def _mixed(files: _Files) -> _Files:
    """In an order by chance, always the same: whoever looks at the first few sees pictures of all classes."""
    return sorted(files, key=lambda file: scrambled(file[0]))


def _levels_of(paths: Sequence[str], should_stop: ShouldStop) -> Levels | None:
    """What is black and white where the source does not say it, as those of older versions do not."""
    with suppress(StudioError):
        if any(header.is_deep for header in some_headers(paths)):
            return levels_over(paths, should_stop)
    return None


def _fingerprint(listing: Listing, sizes: _Numbers) -> str:
    """Over the names, classes, parts and sizes of the files: to read them all would take minutes.

    Not over their times, which a copy of the folder need not keep.
    """
    digest = hashlib.sha256(f"{listing.validation_count} {listing.test_count}".encode())
    digest.update(listing.labels.tobytes())
    digest.update("\0".join(listing.locators).encode("utf-8", "surrogateescape") + sizes.tobytes())
    return BY_FILES + digest.hexdigest()[:16]


def _difference(names: tuple[str, ...], source: Folder) -> str:
    gone = sorted(set(source.class_names) - set(names))
    new = sorted(set(names) - set(source.class_names))
    told = [f"{gone[0]} is gone" if gone else "", f"{new[0]} is new" if new else ""]
    return " and ".join(one for one in told if one) or "their order is another one"
