"""Samples that are decoded from files when they are wanted, and kept as far as the memory budget goes."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TypeAlias

import numpy as np

from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.words import counted
from cnnstudio.engine.data.budget import BUDGET, PictureBudget
from cnnstudio.engine.data.images import Indices, Listing, Masks, Pixels, Taken

THREADS = min(8, os.cpu_count() or 1)
_MOST_UNREADABLE = 0.1

BY_FILES = "files-"
"""How fingerprints begin that were taken of the names and sizes of files, not of pixels."""

Decoded: TypeAlias = tuple[Pixels, Masks | None]
"""A prepared picture (height, width, channels), and its mask (height, width) where there are masks."""
Decode: TypeAlias = Callable[[int], Decoded]
"""From a row to its picture; called in several threads. StudioError where it cannot be read."""


def was_read_otherwise(before: str, now: str) -> bool:
    """Whether a fingerprint is of pixels that are told by their files now, so that the two say nothing."""
    return now.startswith(BY_FILES) and not before.startswith(BY_FILES)


class DecodedSamples:
    """Reads with `decode`, in several threads. Pictures are kept in the order in which they are first wanted,
    until the budget is used up: an epoch wants each once, so to drop one for another would gain nothing.
    """

    def __init__(
        self,
        listing: Listing,
        decode: Decode,
        shape: tuple[int, int, int],
        fingerprint: str,
        remarks: tuple[str, ...] = (),
        budget: PictureBudget = BUDGET,
        has_masks: bool = False,
        stamp: str = "",
    ) -> None:
        self.stamp = stamp
        self.listing, self.fingerprint, self.remarks = listing, fingerprint, remarks
        self._decode = decode
        self._kept = _Kept(len(listing.labels), shape, has_masks, budget)
        self._refusals = _Refusals(len(listing.labels))

    @property
    def note(self) -> str:
        """What could not be read so far, as a sentence for a person, or empty."""
        return self._refusals.note

    @property
    def kept_bytes(self) -> int:
        """The memory that decoded pictures take."""
        return self._kept.used_bytes

    def read(self, rows: Indices) -> Taken:
        """Some samples; those that cannot be read are left out, more than one in ten of all are an error."""
        taken = self._kept.room(len(rows))
        missing = self._kept.fill(taken, rows)
        readable = np.ones(len(rows), bool)
        for place, decoded in zip(missing, self._decoded(rows[missing]), strict=True):
            if isinstance(decoded, StudioError):
                self._refusals.add(int(rows[place]), decoded)
                readable[place] = False
                continue
            taken.pixels[place] = decoded[0]
            if taken.masks is not None and decoded[1] is not None:
                taken.masks[place] = decoded[1]
            self._kept.keep(int(rows[place]), decoded)
        return taken if readable.all() else _only(taken, np.flatnonzero(readable))

    def one(self, row: int) -> Decoded:
        """One sample; StudioError when it cannot be read."""
        taken = self._kept.room(1)
        rows = np.array([row])
        if len(self._kept.fill(taken, rows)):
            decoded = self._decode(row)
            self._kept.keep(row, decoded)
            return decoded
        return taken.pixels[0], None if taken.masks is None else taken.masks[0]

    def _decoded(self, rows: Indices) -> list[Decoded | StudioError]:
        numbers = rows.tolist()
        if len(numbers) < 2 or THREADS == 1:
            return [self._tried(row) for row in numbers]
        # Pillow lets go of Python's lock while it decodes. Each thread takes every so many-th picture.
        shares = [numbers[first::THREADS] for first in range(THREADS)]
        with ThreadPoolExecutor(THREADS, thread_name_prefix="pictures") as pool:
            done = list(pool.map(lambda share: [self._tried(row) for row in share], shares))
        return [done[place % THREADS][place // THREADS] for place in range(len(numbers))]

    def _tried(self, row: int) -> Decoded | StudioError:
        try:
            return self._decode(row)
        except StudioError as error:
            return error


class _Kept:
    """Pictures that were decoded, in one array that takes memory only as far as it is filled."""

    def __init__(
        self, count: int, shape: tuple[int, int, int], has_masks: bool, budget: PictureBudget
    ) -> None:
        height, width, channels = shape
        self._shape, self._has_masks = shape, has_masks
        self._bytes_each = height * width * (channels + has_masks)
        places = min(count, budget.places(self._bytes_each))
        self._all = _empty(places, shape, has_masks)
        self._places, self._used = places, 0
        self._place_of = np.full(count, -1, np.int32)
        self._lock = Lock()

    @property
    def used_bytes(self) -> int:
        return self._used * self._bytes_each

    def room(self, count: int) -> Taken:
        """Arrays for so many samples, whose numbers are not set yet."""
        return _empty(count, self._shape, self._has_masks)

    def fill(self, taken: Taken, rows: Indices) -> Indices:
        """Put in what is kept; gives the places of the others."""
        places = self._place_of[rows]
        there = places >= 0
        taken.pixels[there] = self._all.pixels[places[there]]
        if taken.masks is not None and self._all.masks is not None:
            taken.masks[there] = self._all.masks[places[there]]
        return np.flatnonzero(~there)

    def keep(self, row: int, decoded: Decoded) -> None:
        """Keep a picture where there is room."""
        with self._lock:
            if self._used == self._places or self._place_of[row] >= 0:
                return
            place, self._used = self._used, self._used + 1
            self._all.pixels[place] = decoded[0]
            if self._all.masks is not None and decoded[1] is not None:
                self._all.masks[place] = decoded[1]
            # Last: who reads without the lock must find the picture whole.
            self._place_of[row] = place


class _Refusals:
    """The rows that cannot be read; too many of them are an error."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._rows: set[int] = set()
        self._first: StudioError | None = None
        self._lock = Lock()

    def add(self, row: int, error: StudioError) -> None:
        with self._lock:
            self._first = self._first or error
            self._rows.add(row)
            if len(self._rows) > max(1, _MOST_UNREADABLE * self._total):
                raise StudioError(
                    f"More than 1 in 10 of {self._total:,} pictures cannot be read; the first: {self._first}"
                ) from error

    @property
    def note(self) -> str:
        with self._lock:
            if self._first is None:
                return ""
            are = "is" if len(self._rows) == 1 else "are"
            return (
                f"{counted(len(self._rows), 'picture')} of {self._total:,} cannot be read and {are} left "
                f"out; the first: {self._first}"
            )


def _empty(count: int, shape: tuple[int, int, int], has_masks: bool) -> Taken:
    masks = np.empty((count, *shape[:2]), np.uint8) if has_masks else None
    return Taken(np.empty((count, *shape), np.uint8), masks)


def _only(taken: Taken, kept: Indices) -> Taken:
    masks = None if taken.masks is None else taken.masks[kept]
    return Taken(taken.pixels[kept], masks, kept)
