"""The same picture more than once: as a file, as pixels, nearly."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from cnnstudio.core.values.words import counted
from cnnstudio.engine.data.images import Indices
from cnnstudio.engine.data.linting.finding import DataFinding, Looked

_LEAST_SIDE = 32
"""Below, pictures are alike that are none of each other: two handwritten ones."""
_LEAST_SPREAD = 8.0
_MOST_DISTANCE = 6.0
"""Mean difference of two small gray pictures whose contrast is brought to 64. Measured on 300 parts of
photographs: of copies saved as JPEG of quality 70 or made smaller 95 in 100 stay below 5, of those cut by a
hundredth on all sides half stay below 6; of 44,850 pairs of other parts 7 do, which show the same thing.
"""
_CONTRAST = 64.0
_BITS, _BANDS, _BAND = 64, 4, 16
_MOST_IN_A_BAND = 200


def repeated(looked: Looked) -> DataFinding | None:
    """D02: the same picture twice in one class and part."""
    extra, every = [], []
    for group in _groups(looked):
        keys = [(int(looked.labels[place]), int(looked.parts[place])) for place in group]
        for key in set(keys):
            alike = [place for place, other in zip(group, keys, strict=True) if other == key]
            every += alike if len(alike) > 1 else []
            extra += alike[1:]
    if not every:
        return None
    return DataFinding(
        "D02",
        "advice",
        f"{counted(len(every), 'picture')} are the same as another of their class: {len(extra):,} could go.",
        "A picture that is there twice counts twice in the loss, and adds nothing to learn from.",
        looked.names(np.array(every)),
        looked.names(np.array(extra, np.int64)),
    )


def in_two_classes(looked: Looked) -> DataFinding | None:
    """D03: the same picture in two classes."""
    found = [
        place for group in _groups(looked) if len({*looked.labels[group].tolist()}) > 1 for place in group
    ]
    if not found:
        return None
    names = looked.names(np.array(found))
    return DataFinding(
        "D03",
        "warning",
        f"{counted(len(found), 'picture')} are in more than one class. Give each its true class, or leave "
        "them out.",
        "Whatever the network answers is wrong for one of them: it cannot learn both.",
        names,
        names,
    )


def in_two_parts(looked: Looked) -> DataFinding | None:
    """D04: the same picture to learn from and to measure by."""
    found, training = [], []
    for group in _groups(looked):
        parts = looked.parts[group]
        if len({*parts.tolist()}) > 1 and (parts == 0).any():
            found += group
            training += [place for place in group if looked.parts[place] == 0]
    if not found:
        return None
    return DataFinding(
        "D04",
        "warning",
        f"{counted(len(found), 'picture')} are both in training and in validation or test. Leave them out of "
        "training.",
        "What the network has learned by heart is no measure of what it can: the figures come out too good.",
        looked.names(np.array(found)),
        looked.names(np.array(training)),
    )


def near_copies(looked: Looked) -> DataFinding | None:
    """D05: nearly the same picture to learn from and to measure by."""
    found, training = set[int](), set[int]()
    for one, other in _near_pairs(looked):
        found |= {one, other}
        training |= {place for place in (one, other) if looked.parts[place] == 0}
    if not found:
        return None
    return DataFinding(
        "D05",
        "advice",
        f"{counted(len(found), 'picture')} in training and in validation or test are nearly the same. Look "
        "at them, "
        "and leave the copies out of training.",
        "A picture saved anew, cut a little, or taken a moment later is no new one: the figures come out too "
        "good.",
        looked.names(np.array(sorted(found))),
        looked.names(np.array(sorted(training))),
    )


def _groups(looked: Looked) -> Iterator[list[int]]:
    """The places of pictures that are the same as each other, two or more at a time."""
    hashes = looked.measures.pixel_hash
    order = np.argsort(hashes, kind="stable")
    ends = np.flatnonzero(np.diff(hashes[order])) + 1
    for group in np.split(order, ends):
        # Blank pictures are all the same, and have a finding of their own.
        if len(group) > 1 and hashes[group[0]] and looked.measures.spread[group[0]] > 0:
            yield group.tolist()


def _near_pairs(looked: Looked) -> Iterator[tuple[int, int]]:
    """Pairs across the split that are alike, the same pixels left out.

    Two pictures that are near have one quarter of their perceptual hash (difference hash, Krawetz 2013) in
    common or differ in more than three of its 64 bits: only pictures with an equal quarter are compared.
    """
    measures = looked.measures
    clear = measures.readable & (measures.spread >= _LEAST_SPREAD)
    if measures.height.any():
        clear &= (measures.height >= _LEAST_SIDE) & (measures.width >= _LEAST_SIDE)
    else:
        return
    places = np.flatnonzero(clear)
    hashes, normal = _difference_hashes(measures.small[places]), _normal(measures.small[places])
    seen = set[tuple[int, int]]()
    for band in range(_BANDS):
        keys = hashes[:, band * _BAND : (band + 1) * _BAND] @ (1 << np.arange(_BAND))
        for bucket in _equal(keys):
            for one, other in _across(bucket[:_MOST_IN_A_BAND], looked.parts[places]):
                pair = int(places[one]), int(places[other])
                if pair in seen or measures.pixel_hash[pair[0]] == measures.pixel_hash[pair[1]]:
                    continue
                seen.add(pair)
                if np.abs(normal[one] - normal[other]).mean() <= _MOST_DISTANCE:
                    yield pair


def _difference_hashes(small: NDArray[np.uint8]) -> NDArray[np.int64]:
    """(count, 64) of 0 and 1: whether a place is brighter than the one to its left, on 8 x 9 places."""
    rows = small.astype(np.float32).reshape(len(small), 8, 2, small.shape[2]).mean(axis=2)
    columns = np.linspace(0, small.shape[2] - 1, 9).round().astype(int)
    values = rows[:, :, columns]
    brighter = values[:, :, 1:] > values[:, :, :-1]
    return np.asarray(brighter.reshape(len(small), _BITS), np.int64)


def _normal(small: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The small pictures with the same brightness and contrast, (count, SMALL, SMALL)."""
    values = small.astype(np.float32)
    values -= values.mean(axis=(1, 2), keepdims=True)
    values *= _CONTRAST / np.maximum(values.std(axis=(1, 2), keepdims=True), 1e-3)
    return values


def _equal(keys: NDArray[np.int64]) -> Iterator[Indices]:
    order = np.argsort(keys, kind="stable")
    for bucket in np.split(order, np.flatnonzero(np.diff(keys[order])) + 1):
        if len(bucket) > 1:
            yield bucket


def _across(bucket: Indices, parts: NDArray[np.uint8]) -> Iterator[tuple[int, int]]:
    """Pairs of one to learn from and one to measure by."""
    training = [int(place) for place in bucket if parts[place] == 0]
    others = [int(place) for place in bucket if parts[place] != 0]
    yield from ((one, other) for one in training for other in others)
