"""The samples of a source as arrays in memory, before anything is shared out."""

import hashlib
from collections.abc import Sequence
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]
"""(count, height, width, channels), or (height, width, channels) of one picture: 0 to 255."""
Masks: TypeAlias = NDArray[np.uint8]
"""(count, height, width): 0 for the ground, class number + 1 for a class."""
Labels: TypeAlias = NDArray[np.int64]
Indices: TypeAlias = NDArray[np.int64]


class Listing(Struct, frozen=True, eq=False):
    """The samples of a source without their pixels, in the order of `Images`."""

    labels: Labels
    locators: Sequence[str]
    validation_count: int
    test_count: int
    has_labels: bool = True
    """Whether each picture as a whole is of a class; without, all labels are 0."""
    test_is_drawn: bool = False
    """Whether the test was drawn from pictures that the source does not share out itself."""

    @property
    def train_count(self) -> int:
        """How many are there to learn from; those of them included that a share holds out."""
        return len(self.labels) - self.validation_count - self.test_count


class Taken(Struct, frozen=True, eq=False):
    """What reading some samples gave: `pixels` (count, height, width, channels) of bytes, prepared, and
    `masks` (count, height, width) where there are masks.

    `kept` are the places, in what was asked for, of those that could be read; None where all could.
    """

    pixels: Pixels
    masks: Masks | None = None
    kept: Indices | None = None


class Images(Struct, frozen=True, eq=False, dict=True):
    """A source as read: `pixels` with those to learn from first, then the source's own `validation_count`,
    then `test_count` kept for the test.

    `labels` (count,) are class numbers from 0, `locators` name the samples within the source. `note` is
    a sentence for a person about what could not be read, or empty; `remarks` are sentences about
    how the source was read, of which nothing is amiss.
    """

    pixels: Pixels
    labels: Labels
    locators: Sequence[str]
    test_count: int
    masks: Masks | None = None
    note: str = ""
    validation_count: int = 0
    remarks: tuple[str, ...] = ()
    stamp: str = ""

    @property
    def train_count(self) -> int:
        """How many are there to learn from; those of them included that a share holds out."""
        return self.listing.train_count

    @property
    def listing(self) -> Listing:
        """The samples without their pixels."""
        return Listing(self.labels, self.locators, self.validation_count, self.test_count)

    def read(self, rows: Indices) -> Taken:
        """Some samples."""
        return Taken(self.pixels[rows], None if self.masks is None else self.masks[rows])

    def one(self, row: int) -> tuple[Pixels, Masks | None]:
        """One sample, (height, width, channels) and (height, width)."""
        return self.pixels[row], None if self.masks is None else self.masks[row]

    @cached_property
    def fingerprint(self) -> str:
        """16 hexadecimal digits over all pictures, labels and masks: equal data, equal fingerprint."""
        digest, arrays = hashlib.sha256(), list[NDArray[Any]]()
        first, last = self.train_count, len(self.labels) - self.test_count
        for part in (slice(first), slice(first, last), slice(last, None)):
            # A source without a validation part keeps the fingerprint it had before there were any.
            if part != slice(first, first):
                arrays += [self.pixels[part], self.labels[part]]
        if self.masks is not None:
            arrays.append(self.masks)
        for array in arrays:
            digest.update(f"{array.shape}{array.dtype.str}".encode())
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()[:16]


def numbered(part: str, count: int) -> list[str]:
    """Locators of samples that have no name of their own: `train/0`, `train/1` ..."""
    return [f"{part}/{index}" for index in range(count)]
