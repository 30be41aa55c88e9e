"""One sample of a choice, without reading the others."""

from contextlib import suppress
from pathlib import PurePosixPath

import numpy as np
from msgspec import Struct

from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.catalog import ALL_PICTURES, Part
from cnnstudio.engine.data.dataset import Dataset
from cnnstudio.engine.data.images import Pixels
from cnnstudio.engine.data.looking import class_before
from cnnstudio.engine.data.stream import Sample
from cnnstudio.engine.training.stopping import ShouldStop

_TRIES = 10


class Single(Struct, frozen=True, eq=False):
    """A sample (height, width, channels), what it is, and how many samples its part has.

    `class_name` is the class it is of, one of `class_names`, and `class_before` that of the source, whatever
    a person has said since; of a picture that as a whole is of none, `class_name` is that of its file.
    `locator` names it in corrections.
    """

    pixels: Pixels
    class_name: str
    count: int
    locator: str
    class_before: str
    class_names: tuple[str, ...]


def single_sample(choice: DataChoice, part: Part, index: int, should_stop: ShouldStop) -> Single:
    """The sample of a part at a place, from 0, or the next that can be read.

    Blocks as `load` does. StudioError where there is no such sample or it cannot be read; StopRequested once
    it was asked to stop.
    """
    dataset = datasets.load(choice, should_stop, browsing=True)
    stream = dataset.stream(part)
    if not 0 <= index < len(stream):
        raise StudioError(
            f"There is no {part} image {index + 1:,}: the data have {len(stream):,} of them. "
            "Choose another picture."
        )
    row, sample = _first_readable(dataset, part, index)
    (before,) = class_before(dataset, np.array([row]))
    names = dataset.catalog.class_names
    name = names[sample.label] if names != (ALL_PICTURES,) else PurePosixPath(sample.locator).name
    return Single(sample.pixels, name, len(stream), sample.locator, before, names)


def _first_readable(dataset: Dataset, part: Part, index: int) -> tuple[int, Sample]:
    """The sample and its row in the catalog."""
    stream, rows = dataset.stream(part), dataset.catalog.rows(part)
    *others, last = range(index, min(index + _TRIES, len(stream)))
    for place in others:
        with suppress(StudioError):
            return int(rows[place]), stream.sample(place)
    return int(rows[last]), stream.sample(last)
