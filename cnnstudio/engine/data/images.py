"""The samples of a source as they were read, before anything is shared out."""

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


class Images(Struct, frozen=True, eq=False, dict=True):
    """A source as read: `pixels` with those to learn from first, then `test_count` kept for the test.

    `labels` (count,) are class numbers from 0, `locators` name the samples within the source. `note` is
    a sentence for a person about what could not be read, or empty.
    """

    pixels: Pixels
    labels: Labels
    locators: Sequence[str]
    test_count: int
    masks: Masks | None = None
    note: str = ""

    @property
    def train_count(self) -> int:
        """How many are there to learn from, those held out for validation included."""
        return len(self.labels) - self.test_count

    @cached_property
    def fingerprint(self) -> str:
        """16 hexadecimal digits over all pictures, labels and masks: equal data, equal fingerprint."""
        digest, first = hashlib.sha256(), self.train_count
        arrays: list[NDArray[Any]] = [self.pixels[:first], self.labels[:first]]
        arrays += [self.pixels[first:], self.labels[first:]]
        if self.masks is not None:
            arrays.append(self.masks)
        for array in arrays:
            digest.update(f"{array.shape}{array.dtype.str}".encode())
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()[:16]


def numbered(part: str, count: int) -> list[str]:
    """Locators of samples that have no name of their own: `train/0`, `train/1` ..."""
    return [f"{part}/{index}" for index in range(count)]
