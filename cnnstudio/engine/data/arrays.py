"""The images and labels of a data set as arrays."""

import hashlib
from functools import cached_property

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Labels = NDArray[np.int64]
Indices = NDArray[np.int64]


class Images(Struct, frozen=True, eq=False, dict=True):
    """A data set as read: pixels (count, height, width, channels) from 0 to 255, labels (count,) from 0.

    `note` is a sentence for a person about what could not be read, or empty.
    """

    x_train: Pixels
    y_train: Labels
    x_test: Pixels
    y_test: Labels
    note: str = ""

    @cached_property
    def fingerprint(self) -> str:
        """16 hexadecimal digits over all images and labels: equal data, equal fingerprint."""
        digest = hashlib.sha256()
        for array in (self.x_train, self.y_train, self.x_test, self.y_test):
            digest.update(f"{array.shape}{array.dtype.str}".encode())
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()[:16]
