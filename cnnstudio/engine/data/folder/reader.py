"""Reading many picture files at once, deep ones scaled alike."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeAlias

import numpy as np

from cnnstudio.core.project.data import Preparation
from cnnstudio.core.project.sources import Levels
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.words import counted
from cnnstudio.engine.data.folder.levels import THREADS
from cnnstudio.engine.data.images import Pixels
from cnnstudio.engine.data.prepare import prepared
from cnnstudio.engine.files.deep import Extremes, completed, joined, levels_of
from cnnstudio.engine.files.images import open_image
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested

_MOST_UNREADABLE = 0.1
_AT_ONCE = 32

Files: TypeAlias = list[tuple[str, int]]
"""Paths with the numbers of their classes."""


class Refusals:
    """Counts the pictures that cannot be read; too many of them are an error."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._count = 0
        self._empty = 0
        self.first: StudioError | None = None

    def add(self, path: str, error: StudioError) -> None:
        self.first = self.first or error
        self._count += 1
        self._empty += _is_empty(path)
        if self._count > _MOST_UNREADABLE * self._total:
            raise StudioError(
                f"More than 1 in 10 of {self._total:,} pictures cannot be read; the first: {self.first}"
            ) from error

    @property
    def note(self) -> str:
        if self.first is None:
            return ""
        empty = f" ({self._empty:,} empty)" if self._empty else ""
        are = "is" if self._count == 1 else "are"
        return (
            f"{counted(self._count, 'picture')} of {self._total:,} cannot be read and {are} left out{empty}; "
            f"the first: {self.first}"
        )


def _is_empty(path: str) -> bool:
    with suppress(OSError):
        return os.stat(path).st_size == 0  # noqa: PTH116 - a Path for each of a million files takes a minute
    return False


class PictureReader:
    """Reads pictures on several cores. What is black and white in deep ones is known once all are read, where
    the source does not say it: those that were scaled another way are then read again.
    """

    def __init__(self, preparation: Preparation, given: Levels | None, should_stop: ShouldStop) -> None:
        self._preparation, self._given, self._should_stop = preparation, given, should_stop
        self._seen: dict[str, Extremes] = {}

    @property
    def levels(self) -> Levels:
        """What is black and white in the pictures that were read; nothing without deep ones."""
        if not self._seen:
            return Levels()
        return completed(self._given, levels_of(joined(self._seen.values())))

    def stacked(self, files: Files, refusals: Refusals) -> tuple[Pixels, list[int]]:
        """The pictures that can be read, and which of the files they are."""
        pixels = np.empty((len(files), *shape_of(self._preparation)), np.uint8)
        kept: list[int] = []
        paths = [path for path, _ in files]
        for row, picture in enumerate(self._in_turn(paths, self._given)):
            if isinstance(picture, StudioError):
                refusals.add(paths[row], picture)
                continue
            pixels[len(kept)] = picture
            kept.append(row)
        self._scale_alike(pixels, [paths[row] for row in kept])
        return pixels[: len(kept)], kept

    def _scale_alike(self, pixels: Pixels, paths: Sequence[str]) -> None:
        common = self.levels
        places = [
            place
            for place, path in enumerate(paths)
            if path in self._seen and completed(self._given, levels_of(self._seen[path])) != common
        ]
        again = self._in_turn([paths[place] for place in places], common)
        for place, picture in zip(places, again, strict=True):
            if isinstance(picture, StudioError):
                raise picture
            pixels[place] = picture

    def _in_turn(self, paths: Sequence[str], levels: Levels | None) -> Iterator[Pixels | StudioError]:
        """Each picture, or why it cannot be read; Pillow decodes on several cores."""
        with ThreadPoolExecutor(THREADS, thread_name_prefix="pictures") as pool:
            for start in range(0, len(paths), _AT_ONCE):
                if self._should_stop():
                    raise StopRequested
                yield from pool.map(lambda path: self._tried(path, levels), paths[start : start + _AT_ONCE])

    def _tried(self, path: str, levels: Levels | None) -> Pixels | StudioError:
        try:
            seen = partial(self._seen.__setitem__, path)
            picture = open_image(Path(path), self._preparation.size, levels, seen)
            return prepared(picture, self._preparation)
        except StudioError as error:
            return error


def shape_of(preparation: Preparation) -> tuple[int, int, int]:
    """Height, width and channels of every picture; a folder's preparation leaves nothing open."""
    assert preparation.size is not None
    return (*preparation.size, 1 if preparation.colors == "gray" else 3)
