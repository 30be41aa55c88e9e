"""One sample of a choice, without reading the others where that can be."""

from contextlib import suppress

from msgspec import Struct

from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.cache import CACHE
from cnnstudio.engine.data.catalog import Part, catalog_of
from cnnstudio.engine.data.images import Pixels
from cnnstudio.engine.training.stopping import ShouldStop

_TRIES = 10
"""Pictures that cannot be read are no samples, which only reading tells: the next is then taken."""


class Single(Struct, frozen=True, eq=False):
    """A sample (height, width, channels), the name of its class, and how many samples its part has."""

    pixels: Pixels
    class_name: str
    count: int


def single_sample(choice: DataChoice, part: Part, index: int, should_stop: ShouldStop) -> Single:
    """The sample of a part at a place, from 0.

    Of a folder that was not read yet only this picture is. Blocks, otherwise, as `load` does. StudioError
    where there is no such sample or it cannot be read; StopRequested once it was asked to stop.
    """
    source, preparation = choice.source, choice.preparation
    if source is None:
        raise StudioError(datasets.NO_DATA)
    kind = datasets.kind_of(source)
    if kind.listed is None or kind.picture is None or CACHE.holds(kind, source, preparation):
        return _of_all(choice, part, index, should_stop)
    catalog = catalog_of(kind.listed(source), kind.facts_of(source, preparation).class_names, choice)
    rows = catalog.rows(part)
    _refuse_beyond(part, index, len(rows))
    *others, last = rows[index : index + _TRIES]
    for row in others:
        with suppress(StudioError):
            pixels = kind.picture(source, preparation, catalog.locators[row])
            return Single(pixels, catalog.class_names[catalog.labels[row]], len(rows))
    pixels = kind.picture(source, preparation, catalog.locators[last])
    return Single(pixels, catalog.class_names[catalog.labels[last]], len(rows))


def _of_all(choice: DataChoice, part: Part, index: int, should_stop: ShouldStop) -> Single:
    dataset = datasets.load(choice, should_stop)
    stream = dataset.stream(part)
    _refuse_beyond(part, index, len(stream))
    sample = stream.sample(index)
    return Single(sample.pixels, dataset.catalog.class_names[sample.label], len(stream))


def _refuse_beyond(part: Part, index: int, count: int) -> None:
    if not 0 <= index < count:
        raise StudioError(
            f"There is no {part} image {index + 1:,}: the data have {count:,} of them. "
            "Choose another picture."
        )
