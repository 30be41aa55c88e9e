"""The pictures of a folder as arrays."""

import hashlib
import os
from contextlib import suppress
from pathlib import Path

import numpy as np

from cnnstudio.core.analysis.describe import bytes_text
from cnnstudio.core.project.data import Preparation
from cnnstudio.core.project.sources import Folder, Levels
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.data.folder.files import RULES, FolderFiles, folder_files, scrambled
from cnnstudio.engine.data.folder.reader import Files, PictureReader, Refusals, shape_of
from cnnstudio.engine.data.images import Images, Labels, Listing, Pixels
from cnnstudio.engine.data.prepare import prepared
from cnnstudio.engine.files.deep import sentence_about
from cnnstudio.engine.files.images import open_image
from cnnstudio.engine.files.system import free_memory
from cnnstudio.engine.training.stopping import ShouldStop, never

_TRIES = 10
_SHARE_OF_MEMORY = 0.5
"""Half of what is free is left to the network and its training."""


def read(source: Folder, preparation: Preparation, should_stop: ShouldStop = never) -> Images:
    """Read every picture, brought to the preparation's size and colors; blocks, and asks every few pictures.

    Pictures that cannot be read are left out, and the note says so. StudioError when they are more than one
    in ten, when the folder holds other classes than the source says, or when there is not enough memory.
    """
    folder = files_of(source)
    parts = _parts_of(folder)
    files = [file for part in parts for file in part]
    _check_room(len(files), preparation)
    refusals = Refusals(len(files))
    reader = PictureReader(preparation, source.levels, should_stop)
    pixels, kept = reader.stacked(files, refusals)
    labels = np.array([files[row][1] for row in kept], np.int64)
    ends = np.cumsum([len(part) for part in parts])
    first, last = np.searchsorted(kept, ends[:2]).tolist()
    _check_classes(source, labels[:first], refusals)
    return Images(
        pixels,
        labels,
        [_locator(files[row][0], source) for row in kept],
        test_count=len(kept) - last,
        note=refusals.note,
        validation_count=last - first,
        remarks=_remarks(source, folder, reader.levels),
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


def listing_of(source: Folder) -> Listing:
    """The pictures as `read` orders them, as if each could be read. StudioError as for `files_of`."""
    parts = _parts_of(files_of(source))
    files = [file for part in parts for file in part]
    labels = np.array([number for _, number in files], np.int64)
    _, validation, test = (len(part) for part in parts)
    return Listing(labels, [_locator(path, source) for path, _ in files], validation, test)


def picture_at(source: Folder, preparation: Preparation, locator: str) -> Pixels:
    """One picture (height, width, channels) by its locator."""
    path = Path(source.path, *locator.split("/"))
    return prepared(open_image(path, preparation.size, source.levels), preparation)


def first_picture(source: Folder, preparation: Preparation) -> Pixels:
    """The first training picture, (height, width, channels); StudioError when none of ten can be read."""
    locators = listing_of(source).locators[:_TRIES]
    for locator in locators[:-1]:
        with suppress(StudioError):
            return picture_at(source, preparation, locator)
    return picture_at(source, preparation, locators[-1])


def stamp_of(source: Folder) -> str:
    """Another text whenever a file came, went or was written. StudioError as for `files_of`."""
    digest = hashlib.sha256()
    for path in files_of(source).paths:
        digest.update(os.fsencode(path))
        with suppress(OSError):
            about = os.stat(path)  # noqa: PTH116 - a Path for each of a million files takes a minute
            digest.update(f"{about.st_size} {about.st_mtime_ns}".encode())
    return digest.hexdigest()


def _remarks(source: Folder, folder: FolderFiles, levels: Levels) -> tuple[str, ...]:
    return tuple(filter(None, (*folder.remarks, _as_before(source, folder), sentence_about(levels))))


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


def _parts_of(folder: FolderFiles) -> tuple[Files, Files, Files]:
    """Training, validation and test, each mixed by chance, always alike."""
    numbered = list(enumerate(folder.classes))
    training = _mixed([(path, number) for number, one in numbered for path in one.training])
    validation = _mixed([(path, number) for number, one in numbered for path in one.validation])
    return training, validation, _mixed([(path, number) for number, one in numbered for path in one.test])


def _locator(path: str, source: Folder) -> str:
    """The path below the folder, with slashes on every system."""
    return os.path.relpath(path, source.path).replace(os.sep, "/")


def _mixed(files: Files) -> Files:
    """In an order by chance, always the same: whoever looks at the first few sees pictures of all classes."""
    return sorted(files, key=lambda file: scrambled(file[0]))


def _check_room(total: int, preparation: Preparation) -> None:
    height, width, channels = shape_of(preparation)
    # One copy: training streams them from here. Measured with 574 MB of pictures: 687 MB above TensorFlow's
    # own memory at the peak of a training, of which about 100 MB do not grow with the pictures.
    needed = total * height * width * channels
    free = free_memory()
    room = None if free is None else int(_SHARE_OF_MEMORY * free)
    if room is not None and needed > room:
        raise StudioError(
            f"{total:,} pictures of {height} x {width} x {channels} take {bytes_text(needed)} of memory, and "
            f"at most {bytes_text(room)} may be used. Choose a smaller size or gray on the Data page."
        )


def _check_classes(source: Folder, labels: Labels, refusals: Refusals) -> None:
    counts = np.bincount(labels, minlength=len(source.class_names))
    if counts.min() == 0:
        name = source.class_names[int(counts.argmin())]
        raise StudioError(
            f"No picture of the class {name} in {source.path} can be read; the first: {refusals.first}"
        )


def _difference(names: tuple[str, ...], source: Folder) -> str:
    gone = sorted(set(source.class_names) - set(names))
    new = sorted(set(names) - set(source.class_names))
    told = [f"{gone[0]} is gone" if gone else "", f"{new[0]} is new" if new else ""]
    return " and ".join(one for one in told if one) or "their order is another one"
