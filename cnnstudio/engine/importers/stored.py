"""What a file of weights tells of layers: how many numbers it stores for each and what lies within it."""

from collections.abc import Sequence
from functools import cache
from math import prod
from pathlib import Path

from cnnstudio.core.keras_format.importing import Known, Lookup
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.weights import open_weights
from cnnstudio.engine.weights.values import LayerWeights, WeightEntry

_NEVER_TRAINED = ("moving_", "seed_", "vector_u", "sn_u")
"""How the names of arrays begin that training leaves alone, or changes by other rules than the gradient."""


def stored_counts(path: Path, is_whole: bool = True) -> Lookup:
    """From a layer's path to what the file stores for it; nothing is known where the file holds no weights.

    A layer that a whole model's file has no arrays of has none; in another file it may have another name.
    """

    @cache
    def layers() -> tuple[LayerWeights, ...]:
        try:
            with open_weights(path) as file:
                return file.layers
        except StudioError:
            return ()  # the architecture stands without its weights

    def known(layer_path: tuple[str, ...]) -> Known:
        own = _of(layer_path, layers())
        if not own and not (is_whole and layers()):
            return Known()
        return Known(parameters=_counts([weight for layer in own for weight in layer.weights]))

    return known


def _of(layer_path: tuple[str, ...], layers: Sequence[LayerWeights]) -> list[LayerWeights]:
    """The layer and what lies within it: the cell of an LSTM, the projections of an attention layer.

    Legacy files leave out the models between the outermost one and the layer.
    """
    for begin in (layer_path, (layer_path[0], layer_path[-1])):
        if found := [layer for layer in layers if layer.path[: len(begin)] == begin]:
            return found
    return []


def _counts(weights: Sequence[WeightEntry]) -> tuple[int, int]:
    """How many numbers training changes and how many it does not, as far as names tell."""
    kept = [weight for weight in weights if weight.name.startswith(_NEVER_TRAINED)]
    total, fixed = (sum(prod(weight.shape) for weight in some) for some in (weights, kept))
    return total - fixed, fixed
