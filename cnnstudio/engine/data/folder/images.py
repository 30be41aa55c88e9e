"""The pictures of a folder as arrays."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import numpy as np

from cnnstudio.core.analysis.describe import bytes_text
from cnnstudio.core.project.data import FolderSource
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.data.arrays import Images, Labels, Pixels
from cnnstudio.engine.data.folder.files import ClassFiles, class_files, scrambled
from cnnstudio.engine.files.images import open_image, resized, to_channels
from cnnstudio.engine.files.system import free_memory
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested, never

_MOST_UNREADABLE = 0.1
_TRIES = 10
_AT_ONCE = 32
_THREADS = min(4, os.cpu_count() or 1)
"""Each holds one picture as it is in the file, which may be large."""
_SHARE_OF_MEMORY = 0.5
_COPIES = 2
"""The pictures as they are read, and again as they are split."""


def read(source: FolderSource, should_stop: ShouldStop = never) -> Images:
    """Read every picture, brought to the source's size and colors; blocks, and asks every few pictures.

    Pictures that cannot be read are left out, and the note says so. StudioError when they are more than one
    in ten, when the folder holds other classes than the source says, or when there is not enough memory.
    """
    return read_files(source, files_of(source), should_stop)


def files_of(source: FolderSource) -> tuple[ClassFiles, ...]:
    """The files as they are now; StudioError when the classes are not those of the source."""
    classes = class_files(Path(source.path))
    names = tuple(one.name for one in classes)
    if names != source.class_names:
        raise StudioError(
            f"{source.path} holds other classes than when it was chosen: {_difference(names, source)}. "
            "Choose the folder again on the Data page."
        )
    return classes


def read_files(source: FolderSource, classes: Sequence[ClassFiles], should_stop: ShouldStop) -> Images:
    """What `read` does, of files that are known already."""
    training = _mixed([(path, number) for number, one in enumerate(classes) for path in one.training])
    test = _mixed([(path, number) for number, one in enumerate(classes) for path in one.test])
    total = len(training) + len(test)
    _check_room(source, total)
    refusals = _Refusals(total)
    x_train, y_train = _stacked(training, source, refusals, should_stop)
    x_test, y_test = _stacked(test, source, refusals, should_stop)
    _check_classes(source, y_train, refusals)
    return Images(x_train, y_train, x_test, y_test, refusals.note)


def first_picture(source: FolderSource) -> Pixels:
    """The first training picture, (height, width, channels); StudioError when none of ten can be read."""
    files = [path for path, _ in _mixed([(path, 0) for one in files_of(source) for path in one.training])]
    for path in files[: _TRIES - 1]:
        with suppress(StudioError):
            return _picture(path, source)
    return _picture(files[min(_TRIES, len(files)) - 1], source)


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
    files: Sequence[tuple[str, int]], source: FolderSource, refusals: _Refusals, should_stop: ShouldStop
) -> tuple[Pixels, Labels]:
    pixels = np.empty((len(files), *source.sample_shape), np.uint8)
    labels = np.empty(len(files), np.int64)
    done = 0
    for number, picture in _read_in_turn(files, source, should_stop):
        if isinstance(picture, StudioError):
            refusals.add(picture)
            continue
        pixels[done], labels[done] = picture, number
        done += 1
    return pixels[:done], labels[:done]


def _read_in_turn(
    files: Sequence[tuple[str, int]], source: FolderSource, should_stop: ShouldStop
) -> Iterator[tuple[int, Pixels | StudioError]]:
    """Each class number with its picture, or why it cannot be read; Pillow decodes on several cores."""
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="pictures") as pool:
        for start in range(0, len(files), _AT_ONCE):
            if should_stop():
                raise StopRequested
            part = files[start : start + _AT_ONCE]
            pictures = pool.map(lambda file: _tried(file[0], source), part)
            yield from zip((number for _, number in part), pictures, strict=True)


def _tried(path: str, source: FolderSource) -> Pixels | StudioError:
    try:
        return _picture(path, source)
    except StudioError as error:
        return error


def _picture(path: str, source: FolderSource) -> Pixels:
    picture = open_image(Path(path), near=source.size)
    return resized(to_channels(picture, source.sample_shape[2]), source.size)


def _check_room(source: FolderSource, total: int) -> None:
    height, width, channels = source.sample_shape
    needed = _COPIES * total * height * width * channels
    free = free_memory()
    room = None if free is None else int(_SHARE_OF_MEMORY * free)
    if room is not None and needed > room:
        raise StudioError(
            f"{total:,} pictures of {height} x {width} x {channels} take {bytes_text(needed)} of memory, and "
            f"at most {bytes_text(room)} may be used. Choose a smaller size or gray on the Data page."
        )


def _check_classes(source: FolderSource, labels: Labels, refusals: _Refusals) -> None:
    counts = np.bincount(labels, minlength=len(source.class_names))
    if counts.min() == 0:
        name = source.class_names[int(counts.argmin())]
        raise StudioError(
            f"No picture of the class {name} in {source.path} can be read; the first: {refusals.first}"
        )


def _difference(names: tuple[str, ...], source: FolderSource) -> str:
    gone = sorted(set(source.class_names) - set(names))
    new = sorted(set(names) - set(source.class_names))
    told = [f"{gone[0]} is gone" if gone else "", f"{new[0]} is new" if new else ""]
    return " and ".join(one for one in told if one) or "their order is another one"
