"""One sample of a choice, without reading the others."""

from contextlib import suppress

from msgspec import Struct

from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.catalog import Part
from cnnstudio.engine.data.images import Pixels
from cnnstudio.engine.data.stream import Sample, Stream
from cnnstudio.engine.training.stopping import ShouldStop

_TRIES = 10


class Single(Struct, frozen=True, eq=False):
    """A sample (height, width, channels), the name of its class, and how many samples its part has."""

    pixels: Pixels
    class_name: str
    count: int


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
    sample = _first_readable(stream, index)
    return Single(sample.pixels, dataset.catalog.class_names[sample.label], len(stream))


def _first_readable(stream: Stream, index: int) -> Sample:
    *others, last = range(index, min(index + _TRIES, len(stream)))
    for place in others:
        with suppress(StudioError):
            return stream.sample(place)
    return stream.sample(last)
