"""The samples of a part, one after the other: what training, pictures, evaluation and inspection read.

The order of an epoch is a function of seed and epoch alone, so a run can go on after a break with the
very numbers it would have had, and several machines can share an epoch out.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from msgspec import Struct

from cnnstudio.core.values.facts import DataFacts
from cnnstudio.engine.data.images import Indices, Labels, Masks, Pixels


class Sample(Struct, frozen=True, eq=False):
    """One sample: `pixels` (height, width, channels) of bytes, its class number, its mask where there
    are masks.
    """

    pixels: Pixels
    label: int
    locator: str
    mask: Masks | None = None


class Batch(Struct, frozen=True, eq=False):
    """Some samples: pixels (count, height, width, channels), labels (count,), masks (count, height,
    width).
    """

    pixels: Pixels
    labels: Labels
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
        """The sample at a place, from 0."""

    def batch(self, places: Indices) -> Batch:
        """The samples at some places."""


class ArrayStream(Struct, frozen=True, eq=False):
    """Samples that lie in memory: `rows` of whole arrays, which are shared and not copied."""

    facts: DataFacts
    pixels: Pixels
    all_labels: Labels
    locators: Sequence[str]
    rows: Indices
    masks: Masks | None = None

    @property
    def labels(self) -> Labels:
        """The class numbers, (count,)."""
        return self.all_labels[self.rows]

    def __len__(self) -> int:
        return len(self.rows)

    def sample(self, index: int) -> Sample:
        """The sample at a place, from 0."""
        row = int(self.rows[index])
        mask = None if self.masks is None else self.masks[row]
        return Sample(self.pixels[row], int(self.all_labels[row]), self.locators[row], mask)

    def batch(self, places: Indices) -> Batch:
        """The samples at some places."""
        rows = self.rows[places]
        masks = None if self.masks is None else self.masks[rows]
        return Batch(self.pixels[rows], self.all_labels[rows], masks)


def order(count: int, seed: int, epoch: int) -> Indices:
    """The places of an epoch's samples in the order in which they are trained on; epochs count from 1."""
    return np.random.default_rng((seed, epoch)).permutation(count)


def in_order(stream: Stream, size: int) -> Iterator[Batch]:
    """All samples as they stand, in batches; the last may be smaller."""
    for start in range(0, len(stream), size):
        yield stream.batch(np.arange(start, min(start + size, len(stream))))
