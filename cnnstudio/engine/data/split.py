"""Sharing samples out: a stratified split, and a smaller number evenly of all classes."""

import numpy as np
from numpy.typing import NDArray

from cnnstudio.engine.data.images import Indices, Labels


def stratified_split(labels: Labels, share: float, seed: int) -> tuple[Indices, Indices]:
    """Indices (ascending) of training and validation images, each class giving the same share.

    `round(share * count)` images are held out in all. A class gives its share rounded down; the images
    still missing come from the classes that lost most by rounding. Each class keeps one for training.
    """
    labels = np.asarray(labels)
    counts = np.bincount(labels) if labels.size else np.zeros(0, np.int64)
    validation = _drawn(labels, _held_out_counts(counts, share), seed)
    training = np.setdiff1d(np.arange(labels.size), validation, assume_unique=True)
    return training, validation


def evenly_limited(labels: Labels, limit: int, seed: int) -> Indices:
    """Indices (ascending) of at most `limit` samples, as many of each class as there are, the same for
    a seed.
    """
    if limit >= labels.size:
        return np.arange(labels.size)
    counts = np.bincount(labels)
    taken = np.zeros_like(counts)
    left = limit
    # Round by round, so that what a small class cannot give comes from the others.
    while left > 0:
        open_classes = np.flatnonzero(taken < counts)
        # Those that gave least come first, so that what is left over goes to them.
        open_classes = open_classes[np.argsort(taken[open_classes], kind="stable")]
        each, rest = divmod(left, len(open_classes))
        wanted = np.full(len(open_classes), each)
        wanted[:rest] += 1
        given = np.minimum(wanted, (counts - taken)[open_classes])
        taken[open_classes] += given
        left -= int(given.sum())
    return _drawn(labels, taken, seed)


def _drawn(labels: Labels, counts: NDArray[np.int64], seed: int) -> Indices:
    """So many of each class, drawn by the seed, in ascending order."""
    random = np.random.default_rng(seed)
    drawn = [
        random.permutation(np.flatnonzero(labels == number))[:taken] for number, taken in enumerate(counts)
    ]
    return np.sort(np.concatenate(drawn)) if drawn else np.zeros(0, np.int64)


def _held_out_counts(counts: NDArray[np.int64], share: float) -> NDArray[np.int64]:
    exact = counts.astype(np.float64) * share
    most = np.maximum(counts - 1, 0)
    taken: NDArray[np.int64] = np.minimum(np.floor(exact).astype(np.int64), most)
    missing = round(float(exact.sum())) - int(taken.sum())
    by_loss = np.argsort(taken - exact, kind="stable")
    spare = by_loss[taken[by_loss] < most[by_loss]]
    taken[spare[: max(missing, 0)]] += 1
    return taken
