"""The pictures a kernel can be laid on: included photos, samples of the data sets, files."""

from pathlib import Path

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from cnnstudio.core.project.data import DataChoice, DataFacts, DataKind
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.data import INCLUDED_KINDS, facts_of, kind_of
from cnnstudio.engine.data.arrays import Images
from cnnstudio.engine.files.images import PHOTOS, Photo, open_image, resized
from cnnstudio.engine.training.stopping import never

MAX_SIDE = 720


class Sample(Struct, frozen=True):
    """A training image of an included data set, counted from 0."""

    key: DataKind
    index: int = 0


PictureChoice = Photo | Sample | Path


class Picture(Struct, frozen=True, eq=False):
    """Pixels (height, width, 1 or 3) of bytes, a title, and what was done to them, or "".

    `count` is how many pictures there are to choose from by index, 0 where there is one only.
    """

    choice: PictureChoice
    title: str
    pixels: NDArray[np.uint8]
    note: str = ""
    count: int = 0


def source_titles() -> list[tuple[PictureChoice, str]]:
    """Every included source with the words it is chosen by, photos first."""
    photos: list[tuple[PictureChoice, str]] = [(photo, photo.title) for photo in PHOTOS]
    return [*photos, *((Sample(kind.key), _facts(kind.key).title) for kind in INCLUDED_KINDS)]


class PictureReader:
    """Reads pictures, keeping the data set that was used last; called from one worker thread at a time."""

    def __init__(self) -> None:
        self._kept: tuple[DataKind, Images] | None = None

    def read(self, choice: PictureChoice) -> Picture:
        """Read a picture; large ones are made smaller. StudioError when it cannot be read."""
        match choice:
            case Photo():
                return _fitted(choice, choice.title, open_image(choice.path))
            case Sample():
                return self._sample(choice)
            case Path():
                return _fitted(choice, choice.name, open_image(choice))

    def _sample(self, choice: Sample) -> Picture:
        facts, images = _facts(choice.key), self._images(choice.key)
        count = len(images.x_train)
        if not 0 <= choice.index < count:
            raise StudioError(f"{facts.title} has no image {choice.index}. Choose one from 0 to {count - 1}.")
        label = facts.class_names[int(images.y_train[choice.index])]
        title = f"{facts.title} {choice.index}, label “{label}”"
        return Picture(choice, title, images.x_train[choice.index], count=count)

    def _images(self, key: DataKind) -> Images:
        if self._kept is None or self._kept[0] != key:
            choice = DataChoice(kind=key)
            self._kept = key, kind_of(choice).load(choice, never)
        return self._kept[1]


def _facts(key: DataKind) -> DataFacts:
    return facts_of(DataChoice(kind=key))


def _fitted(choice: PictureChoice, title: str, pixels: NDArray[np.uint8]) -> Picture:
    height, width = pixels.shape[:2]
    share = MAX_SIDE / max(height, width)
    if share >= 1:
        return Picture(choice, title, pixels)
    size = (max(1, round(height * share)), max(1, round(width * share)))
    note = f"Shrunken from {height} × {width} to {size[0]} × {size[1]} pixels."
    return Picture(choice, title, resized(pixels, size), note)
