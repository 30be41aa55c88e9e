"""Looking through a data set: which samples are meant, small pictures of them, and what one of them is."""

from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from msgspec import Struct

from cnnstudio.core.project.corrections import corrected
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.data import kind_of
from cnnstudio.engine.data.archive import at_hand
from cnnstudio.engine.data.catalog import PARTS, Part
from cnnstudio.engine.data.dataset import Dataset
from cnnstudio.engine.data.images import Indices, Pixels
from cnnstudio.engine.data.stream import Stream
from cnnstudio.engine.files.images import resized

Subset: TypeAlias = Part | Literal["corrected"]
"""A part, or all pictures that were put right, those included that were left out."""


class Wanted(Struct, frozen=True):
    """Which samples a person looks for: of a part, of one class or all, with a text in their locators."""

    of: Subset = "training"
    class_number: int | None = None
    text: str = ""
    names: tuple[str, ...] = ()
    """Only these, of whatever part and class."""

    @property
    def takes_names(self) -> bool:
        """Whether the locators have to be read: of a million samples that takes a while."""
        return bool(self.text or self.names) or self.of == "corrected"


def rows_of(data: Dataset, wanted: Wanted) -> Indices:
    """The rows of the catalog that are meant, ascending; capitals in the text make no difference."""
    catalog = data.catalog
    if wanted.names:
        named = frozenset(wanted.names)
        return np.array([row for row, name in enumerate(catalog.locators) if name in named], np.int64)
    if wanted.of == "corrected":
        names = frozenset(corrected(data.choice))
        rows = np.array([row for row, name in enumerate(catalog.locators) if name in names], np.int64)
    else:
        rows = catalog.rows(wanted.of)
    if wanted.class_number is not None:
        rows = rows[catalog.labels[rows] == wanted.class_number]
    if not wanted.text:
        return rows
    text, locators = wanted.text.casefold(), catalog.locators
    return rows[[text in locators[row].casefold() for row in rows.tolist()]]


def place_of(data: Dataset, row: int) -> tuple[Part, int] | None:
    """The part of a row and its place there, from 0; None for one that takes no part."""
    number = int(data.catalog.parts[row])
    if number == len(PARTS):
        return None
    return PARTS[number], int((data.catalog.parts[:row] == number).sum())


def file_of(choice: DataChoice, locator: str) -> Path | None:
    """The file that a sample is read from; None where it has none of its own."""
    if choice.source is None:
        return None
    source = at_hand(choice.source)
    return kind_of(source).file_of(source, locator)


def class_before(data: Dataset, rows: Indices) -> list[str]:
    """The class each of these rows is of in the source, whatever a person has said since."""
    source = data.choice.source
    assert source is not None
    names = kind_of(source).facts_of(source, data.choice.preparation).class_names
    return [names[number] for number in data.samples.listing.labels[rows].tolist()]


def classes_before(data: Dataset) -> dict[str, str]:
    """The class each picture that was put right is of in the source, by locator."""
    rows = rows_of(data, Wanted("corrected"))
    locators = [data.catalog.locators[row] for row in rows.tolist()]
    return dict(zip(locators, class_before(data, rows), strict=True))


class Thumbnail(Struct, frozen=True, eq=False):
    """A small picture (height, width, channels) of a row, or the reason why there is none."""

    row: int
    pixels: Pixels | None
    reason: str = ""


def thumbnails(stream: Stream, rows: Indices, side: int) -> list[Thumbnail]:
    """Pictures of at most `side` pixels; blocks while they are decoded. A smaller one stays as it is."""
    try:
        batch = stream.batch(rows)
    except StudioError:  # too many cannot be read, and those that can are wanted all the same
        return [_one(stream, row, side) for row in rows.tolist()]
    found = {int(row): _shrunk(pixels, side) for row, pixels in zip(batch.places, batch.pixels, strict=True)}
    return [Thumbnail(row, found[row]) if row in found else _one(stream, row, side) for row in rows.tolist()]


def _one(stream: Stream, row: int, side: int) -> Thumbnail:
    try:
        return Thumbnail(row, _shrunk(stream.sample(row).pixels, side))
    except StudioError as error:
        return Thumbnail(row, None, str(error))


def _shrunk(pixels: Pixels, side: int) -> Pixels:
    height, width = pixels.shape[:2]
    share = side / max(height, width)
    if share >= 1:
        return pixels
    return resized(pixels, (max(1, round(share * height)), max(1, round(share * width))))
