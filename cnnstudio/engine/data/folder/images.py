"""The pictures of a folder as samples, decoded when they are wanted."""

from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

import numpy as np

from cnnstudio.core.project.data import Preparation
from cnnstudio.core.project.sources import Folder, Levels
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.data import picture_files
from cnnstudio.engine.data.decoded import DecodedSamples
from cnnstudio.engine.data.folder.files import RULES, FolderFiles, folder_files, scrambled
from cnnstudio.engine.data.picture_files import PictureFiles, levels_of, samples_of
from cnnstudio.engine.files.deep import sentence_about
from cnnstudio.engine.training.stopping import ShouldStop, never

_Files: TypeAlias = list[tuple[str, int]]
"""Paths with the numbers of their classes."""


def opened(source: Folder, preparation: Preparation, should_stop: ShouldStop = never) -> DecodedSamples:
    """The pictures of a folder; blocks for the time of listing it.

    StudioError when the folder holds other classes than the source says; StopRequested once it was asked to
    stop.
    """
    folder = files_of(source)
    files = _picture_files(source, folder)
    levels = source.levels or levels_of(files.paths, should_stop)
    return samples_of(files, preparation, levels, _remarks(source, folder, levels))


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
    return picture_files.stamp_of(_picture_files(source, files_of(source)))


def _picture_files(source: Folder, folder: FolderFiles) -> PictureFiles:
    parts = _parts_of(folder)
    return PictureFiles(
        source.path,
        [path for part in parts for path, _ in part],
        np.array([number for part in parts for _, number in part], np.int64),
        len(parts[1]),
        len(parts[2]),
        test_is_drawn=folder.layout.validation is None and folder.layout.test is None,
    )


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


def _mixed(files: _Files) -> _Files:
    """In an order by chance, always the same: whoever looks at the first few sees pictures of all classes."""
    return sorted(files, key=lambda file: scrambled(file[0]))


def _difference(names: tuple[str, ...], source: Folder) -> str:
    gone = sorted(set(source.class_names) - set(names))
    new = sorted(set(names) - set(source.class_names))
    told = [f"{gone[0]} is gone" if gone else "", f"{new[0]} is new" if new else ""]
    return " and ".join(one for one in told if one) or "their order is another one"
