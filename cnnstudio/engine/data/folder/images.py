"""The pictures of a folder as arrays."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import numpy as np

from cnnstudio.core.analysis.describe import bytes_text
from cnnstudio.core.project.data import Preparation
from cnnstudio.core.project.sources import Folder
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.data.folder.files import ClassFiles, class_files, scrambled
from cnnstudio.engine.data.images import Images, Labels, Pixels
from cnnstudio.engine.data.prepare import prepared
from cnnstudio.engine.files.images import open_image
from cnnstudio.engine.files.system import free_memory
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested, never

_MOST_UNREADABLE = 0.1
_TRIES = 10
_AT_ONCE = 32
_THREADS = min(4, os.cpu_count() or 1)
"""Each holds one picture as it is in the file, which may be large."""
_SHARE_OF_MEMORY = 0.5
"""Half of what is free is left to the network and its training."""


def read(source: Folder, preparation: Preparation, should_stop: ShouldStop = never) -> Images:
    """Read every picture, brought to the preparation's size and colors; blocks, and asks every few pictures.

    Pictures that cannot be read are left out, and the note says so. StudioError when they are more than one
    in ten, when the folder holds other classes than the source says, or when there is not enough memory.
    """
    classes = files_of(source)
    training = _mixed([(path, number) for number, one in enumerate(classes) for path in one.training])
    test = _mixed([(path, number) for number, one in enumerate(classes) for path in one.test])
    files = [*training, *test]
    _check_room(len(files), preparation)
    refusals = _Refusals(len(files))
    pixels, kept = _stacked(files, preparation, refusals, should_stop)
    labels = np.array([files[row][1] for row in kept], np.int64)
    test_count = sum(row >= len(training) for row in kept)
    _check_classes(source, labels[: len(kept) - test_count], refusals)
    locators = [_locator(files[row][0], source) for row in kept]
    return Images(pixels, labels, locators, test_count, note=refusals.note)


def files_of(source: Folder) -> tuple[ClassFiles, ...]:
    """The files as they are now; StudioError when the classes are not those of the source."""
    classes = class_files(Path(source.path))
    names = tuple(one.name for one in classes)
    if names != source.class_names:
        raise StudioError(
            f"{source.path} holds other classes than when it was chosen: {_difference(names, source)}. "
            "Choose the folder again on the Data page."
        )
    return classes


def first_picture(source: Folder, preparation: Preparation) -> Pixels:
    """The first training picture, (height, width, channels); StudioError when none of ten can be read."""
    files = [path for path, _ in _mixed([(path, 0) for one in files_of(source) for path in one.training])]
    for path in files[: _TRIES - 1]:
        with suppress(StudioError):
            return _picture(path, preparation)
    return _picture(files[min(_TRIES, len(files)) - 1], preparation)


def stamp_of(source: Folder) -> str:
    """Another text whenever a file came, went or was written. StudioError as for `files_of`."""
    digest = hashlib.sha256()
    for one in files_of(source):
        for path in (*one.training, *one.test):
            digest.update(os.fsencode(path))
            with suppress(OSError):
                about = os.stat(path)  # noqa: PTH116 - a Path for each of a million files takes a minute
                digest.update(f"{about.st_size} {about.st_mtime_ns}".encode())
    return digest.hexdigest()


def _locator(path: str, source: Folder) -> str:
    """The path below the folder, with slashes on every system."""
    return os.path.relpath(path, source.path).replace(os.sep, "/")


class _Refusals:
    """Counts the pictures that cannot be read; too many of them are an error."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._count = 0
        self.first: StudioError | None = None

    def add(self, error: StudioError) -> None:
        self.first = self.first or error
        self._count += 1
        if self._count > _MOST_UNREADABLE * self._total:
            raise StudioError(
                f"More than 1 in 10 of {self._total:,} pictures cannot be read; the first: {self.first}"
            ) from error

    @property
    def note(self) -> str:
        if self.first is None:
            return ""
        what = "1 picture" if self._count == 1 else f"{self._count:,} pictures"
        return f"{what} of {self._total:,} cannot be read and left out; the first: {self.first}"


def _mixed(files: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """In an order by chance, always the same: whoever looks at the first few sees pictures of all classes."""
    return sorted(files, key=lambda file: scrambled(file[0]))


def _stacked(
    files: Sequence[tuple[str, int]], preparation: Preparation, refusals: _Refusals, should_stop: ShouldStop
) -> tuple[Pixels, list[int]]:
    """The pictures that can be read, and which of the files they are."""
    pixels = np.empty((len(files), *_shape_of(preparation)), np.uint8)
    kept: list[int] = []
    for row, picture in enumerate(_read_in_turn(files, preparation, should_stop)):
        if isinstance(picture, StudioError):
            refusals.add(picture)
            continue
        pixels[len(kept)] = picture
        kept.append(row)
    return pixels[: len(kept)], kept


def _read_in_turn(
    files: Sequence[tuple[str, int]], preparation: Preparation, should_stop: ShouldStop
) -> Iterator[Pixels | StudioError]:
    """Each picture, or why it cannot be read; Pillow decodes on several cores."""
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="pictures") as pool:
        for start in range(0, len(files), _AT_ONCE):
            if should_stop():
                raise StopRequested
            part = files[start : start + _AT_ONCE]
            yield from pool.map(lambda file: _tried(file[0], preparation), part)


def _tried(path: str, preparation: Preparation) -> Pixels | StudioError:
    try:
        return _picture(path, preparation)
    except StudioError as error:
        return error


def _picture(path: str, preparation: Preparation) -> Pixels:
    return prepared(open_image(Path(path), near=preparation.size), preparation)


def _shape_of(preparation: Preparation) -> tuple[int, int, int]:
    """Height, width and channels of every picture; a folder's preparation leaves nothing open."""
    assert preparation.size is not None
    return (*preparation.size, 1 if preparation.colors == "gray" else 3)


def _check_room(total: int, preparation: Preparation) -> None:
    height, width, channels = _shape_of(preparation)
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


def _check_classes(source: Folder, labels: Labels, refusals: _Refusals) -> None:
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
