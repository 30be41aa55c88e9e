"""What gives a class away though it is no part of what is on the picture: a border, a mark in a corner, a
color.
"""

import numpy as np
from numpy.typing import NDArray

from cnnstudio.engine.data.linting.finding import DataFinding, Looked
from cnnstudio.engine.data.linting.measures import BORDER, COLOR, CORNERS

_LEAST_PICTURES, _LEAST_OF_A_CLASS = 40, 8
_MOST = 5_000
_LEAST_SHARE = 0.9
_LEAST_GAIN = 0.3
_WORDS = {BORDER: "the border", CORNERS: "the corners", COLOR: "the mean color"}
_PENALTY = 1e-3


def giveaway(looked: Looked) -> DataFinding | None:
    """D11: the class can be told by the border, the corners or the mean color alone.

    A least-squares classifier learns from half of the pictures and is measured on the others.
    """
    places = np.flatnonzero(looked.measures.readable)
    labels = looked.labels[places]
    counts = np.bincount(labels, minlength=2)
    if len(places) < _LEAST_PICTURES or counts[counts > 0].min() < _LEAST_OF_A_CLASS:
        return None
    order = np.random.default_rng(0).permutation(len(places))[:_MOST]
    places, labels = places[order], labels[order]
    usual = counts.max() / counts.sum()
    shares = {name: _told_by(looked.measures.places[name][places], labels) for name in _WORDS}
    name = max(shares, key=lambda one: shares[one])
    if shares[name] < max(_LEAST_SHARE, min(usual + _LEAST_GAIN, 0.98)):
        return None
    return DataFinding(
        "D11",
        "warning",
        f"{_WORDS[name].capitalize()} alone tells the class of {shares[name]:.0%} of the pictures. Crop the "
        "pictures, "
        "or mix where they come from.",
        "The network will learn that, not what is on them, and fail on pictures that come from elsewhere.",
        looked.names(np.sort(places)),
    )


def _told_by(values: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    """The share of held-out pictures (every second one) whose class a linear and quadratic fit tells."""
    values = values.astype(np.float64)
    scaled = (values - values.mean(axis=0)) / np.maximum(values.std(axis=0), 1e-6)
    inputs = np.concatenate([scaled, scaled**2, np.ones((len(values), 1))], axis=1)
    wanted = np.eye(int(labels.max()) + 1)[labels]
    learned, held = slice(0, None, 2), slice(1, None, 2)
    square = inputs[learned].T @ inputs[learned] + _PENALTY * len(values) * np.eye(inputs.shape[1])
    weights = np.linalg.solve(square, inputs[learned].T @ wanted[learned])
    answers = (inputs[held] @ weights).argmax(axis=1)
    return float((answers == labels[held]).mean())
