"""The samples of a part, one after the other: what training, pictures, evaluation and inspection read.

The order of an epoch is a function of seed and epoch alone, so a run can go on after a break with the
very numbers it would have had, and several machines can share an epoch out.
"""

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from cnnstudio.core.values.facts import DataFacts
from cnnstudio.engine.data.images import Indices, Labels, Masks, Pixels
from cnnstudio.engine.data.samples import Samples


class Sample(Struct, frozen=True, eq=False):
    """One sample: `pixels` (height, width, channels) of bytes, its class number, its mask where there
    are masks.
    """

    pixels: Pixels
    label: int
    locator: str
    mask: Masks | None = None


class Batch(Struct, frozen=True, eq=False):
    """Some samples: pixels (count, height, width, channels), labels (count,), masks (count, height, width),
    and their places in the stream. Those that cannot be read are not among them.
    """

    pixels: Pixels
    labels: Labels
    places: Indices
    masks: Masks | None = None


class Stream(Protocol):
    """A part of a catalog, with its pixels. Any thread may read; nothing it gives may be changed."""

    @property
    def facts(self) -> DataFacts:
        """What is known of the data as they were read."""

    @property
    def labels(self) -> Labels:
        """The class numbers, (count,)."""

    def __len__(self) -> int: ...

    def sample(self, index: int) -> Sample:
        """The sample at a place, from 0; StudioError when it cannot be read."""

    def batch(self, places: Indices) -> Batch:
        """The samples at some places that can be read; StudioError where too many cannot."""


class SampleStream(Struct, frozen=True, eq=False):
    """Some `rows` of the samples of a source; `mask_table` (256,) renumbers masks where only some classes are
    wanted.
    """

    facts: DataFacts
    samples: Samples
    all_labels: Labels
    rows: Indices
    mask_table: NDArray[np.uint8] | None = None

    @property
    def labels(self) -> Labels:
        """The class numbers, (count,)."""
        return self.all_labels[self.rows]

    def __len__(self) -> int:
        return len(self.rows)

    def sample(self, index: int) -> Sample:
        """The sample at a place, from 0; StudioError when it cannot be read."""
        row = int(self.rows[index])
        pixels, mask = self.samples.one(row)
        locator = self.samples.listing.locators[row]
        return Sample(pixels, int(self.all_labels[row]), locator, self._renumbered(mask))

    def batch(self, places: Indices) -> Batch:
        """The samples at some places."""
        taken = self.samples.read(self.rows[places])
        there = places if taken.kept is None else places[taken.kept]
        labels = self.all_labels[self.rows[there]]
        return Batch(taken.pixels, labels, there, self._renumbered(taken.masks))

    def _renumbered(self, masks: Masks | None) -> Masks | None:
        return masks if masks is None or self.mask_table is None else self.mask_table[masks]


def order(count: int, seed: int, epoch: int) -> Indices:
    """The places of an epoch's samples in the order in which they are trained on; epochs count from 1."""
    return np.random.default_rng((seed, epoch)).permutation(count)


def in_order(stream: Stream, size: int) -> Iterator[Batch]:
    """All samples as they stand that can be read, in batches of at most `size`."""
    for start in range(0, len(stream), size):
        batch = stream.batch(np.arange(start, min(start + size, len(stream))))
        if len(batch.labels):
            yield batch
