"""Reading the pictures that are looked at: photos, samples of data sets, files."""

from pathlib import Path
from typing import assert_never

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from cnnstudio.core.project.data import DataChoice, Preparation
from cnnstudio.core.project.sources import Included, Levels
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.facts import DataFacts
from cnnstudio.core.values.shape import Shape
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.cache import CACHE
from cnnstudio.engine.data.included import INCLUDED, INCLUDED_SETS, included_set
from cnnstudio.engine.data.prepare import prepared
from cnnstudio.engine.data.single import Single, single_sample
from cnnstudio.engine.files.deep import Extremes, completed, ends_text, levels_of
from cnnstudio.engine.files.images import open_image, resized
from cnnstudio.engine.files.photos import PHOTOS, Photo
from cnnstudio.engine.interpret.choices import DataPicture, PictureChoice, Sample
from cnnstudio.engine.training.stopping import ShouldStop, never

MAX_SIDE = 720


class Picture(Struct, frozen=True, eq=False):
    """Pixels (height, width, channels) of bytes, a title, and what was done to them, or "".

    `count` is how many pictures there are to choose from by index, 0 where there is one only. `of_data` is
    what is known of one of the project's data.
    """

    choice: PictureChoice
    title: str
    pixels: NDArray[np.uint8]
    note: str = ""
    count: int = 0
    of_data: Single | None = None


def source_titles() -> list[tuple[PictureChoice, str]]:
    """Every included source with the words it is chosen by, photos first."""
    photos: list[tuple[PictureChoice, str]] = [(photo, photo.title) for photo in PHOTOS]
    return [*photos, *((Sample(one.name), one.facts.title) for one in INCLUDED)]


def read_picture(choice: PictureChoice, data: DataChoice, should_stop: ShouldStop = never) -> Picture:
    """Read a picture; large files are made smaller.

    Blocks, for the time of reading `data` where it is one of these. StudioError when it cannot be read, or
    nothing of that kind is there; StopRequested once it was asked to stop.
    """
    match choice:
        case Photo():
            return _fitted(choice, choice.title, open_image(choice.path))
        case Sample():
            return _sample(choice, should_stop)
        case DataPicture():
            return _data_picture(choice, data, should_stop)
        case Path():
            return _own_picture(choice, data.levels)
        case _:
            assert_never(choice)


def fitted_to(picture: Picture, entrance: Shape, data: DataChoice) -> NDArray[np.uint8]:
    """A picture as a network with this Input (height, width, channels) receives it.

    A picture of the data is what it receives anyway. Another is brought to the Input's size and colors the
    way the data are prepared; where the Input leaves a size open, to that of the data, or it keeps its own.
    """
    if isinstance(picture.choice, DataPicture) or len(entrance) != 3:
        return picture.pixels
    wanted = _closed(entrance, datasets.facts_of(data), picture.pixels.shape)
    preparation = data.preparation.model_copy(
        update={"size": wanted[:2], "colors": {1: "gray", 3: "color"}.get(wanted[2])}
    )
    return prepared(picture.pixels, preparation)


def _closed(entrance: Shape, facts: DataFacts | None, own: tuple[int, ...]) -> tuple[int, ...]:
    there = own if facts is None or len(facts.sample_shape) != len(own) else facts.sample_shape
    return tuple(size or other or 1 for size, other in zip(entrance, there, strict=True))


def _own_picture(path: Path, given: Levels | None) -> Picture:
    """A file, deep ones scaled as those of the data are; which numbers are black and white is noted."""
    seen: list[Extremes] = []
    picture = _fitted(path, path.name, open_image(path, levels=given, seen=seen.append))
    if not seen:
        return picture
    levels = completed(given, levels_of(seen[0]))
    used = Levels(real=levels.real) if seen[0].whole is None else Levels(whole=levels.whole)
    return replace(picture, note=f"{picture.note} Shown are {ends_text(used)}.".strip())


def _sample(choice: Sample, should_stop: ShouldStop) -> Picture:
    source = Included(set=choice.key)
    facts = included_set(source).facts
    samples = CACHE.samples(INCLUDED_SETS, source, Preparation(), should_stop)
    listing = samples.listing
    if not 0 <= choice.index < listing.train_count:
        raise StudioError(
            f"{facts.title} has no image {choice.index + 1:,}. Choose one from 1 to {listing.train_count:,}."
        )
    label = facts.class_names[int(listing.labels[choice.index])]
    title = f"{facts.title} {choice.index + 1:,}, label “{label}”"
    return Picture(choice, title, samples.one(choice.index)[0], count=listing.train_count)


def _data_picture(choice: DataPicture, data: DataChoice, should_stop: ShouldStop) -> Picture:
    single = single_sample(data, choice.part, choice.index, should_stop)
    title = f"{single.class_name}, {choice.part} image {choice.index + 1:,}"
    return Picture(choice, title, single.pixels, count=single.count, of_data=single)


def _fitted(choice: PictureChoice, title: str, pixels: NDArray[np.uint8]) -> Picture:
    height, width = pixels.shape[:2]
    share = MAX_SIDE / max(height, width)
    if share >= 1:
        return Picture(choice, title, pixels)
    size = (max(1, round(height * share)), max(1, round(width * share)))
    note = f"Shrunken from {height} × {width} to {size[0]} × {size[1]} pixels."
    return Picture(choice, title, resized(pixels, size), note)
