"""Samples that belong together, such as pictures of one patient: in one part of the split, all of them."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.data.images import Indices, Labels


def groups_of(locators: Sequence[str], pattern: str) -> NDArray[np.int64]:
    """The number of the group of each sample, (count,): that of the text which `pattern` finds in its file
    name or, with a slash in the pattern, in its whole locator.

    `*` stands for as few signs as there are, at the end for the letters and digits that follow; `?` for one
    sign. A name without the text is a group by itself.
    """
    body, ending = (pattern[:-1], _TO_THE_END) if pattern.endswith("*") else (pattern, "")
    find = re.compile("".join(_WILD.get(sign, re.escape(sign)) for sign in body) + ending)
    whole = "/" in pattern
    numbers: dict[str, int] = {}
    found = np.empty(len(locators), np.int64)
    for row, locator in enumerate(locators):
        match = find.search(locator if whole else locator.rpartition("/")[2])
        key = f"/{locator}" if match is None else match.group()
        found[row] = numbers.setdefault(key, len(numbers))
    return found


_WILD = {"*": ".*?", "?": "."}
_TO_THE_END = r"[^\W_]*"


def grouped_split(
    labels: Labels, groups: NDArray[np.int64], share: float, seed: int
) -> tuple[Indices, Indices]:
    """Indices (ascending) of those to learn from and those held out; no group is in both.

    Groups are gone through from the largest to the smallest, equal ones as the seed mixes them, and one is
    held out where that brings the number of each class nearer to its share. Each class keeps some to learn
    from. StudioError where all are of one group.
    """
    if not labels.size:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    _, groups = np.unique(groups, return_inverse=True)
    counts = np.zeros((int(groups.max()) + 1, int(labels.max()) + 1), np.int64)
    np.add.at(counts, (groups, labels), 1)
    if len(counts) < 2:
        raise StudioError(
            "All images are of one group, so none can be held out. Give the groups of the split another "
            "pattern."
        )
    total = counts.sum(axis=0)
    wanted, taken = total * share, np.zeros_like(total)
    held: list[int] = []
    mixed = np.random.default_rng(seed).permutation(len(counts))
    for group in mixed[np.argsort(-counts[mixed].sum(axis=1), kind="stable")]:
        more = taken + counts[group]
        nearer = np.square(more - wanted).sum() < np.square(taken - wanted).sum()
        if nearer and (more < total)[total > 0].all():
            held.append(int(group))
            taken = more
    out = np.isin(groups, held)
    return np.flatnonzero(~out), np.flatnonzero(out)
