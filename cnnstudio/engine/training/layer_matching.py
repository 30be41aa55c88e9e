"""Which layer of a file is which layer of a network: the same name, and all arrays in the same shapes."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from cnnstudio.core.keras_format.layer_names import keras_names
from cnnstudio.core.layers import WeightSpec
from cnnstudio.core.network import Network

if TYPE_CHECKING:
    from cnnstudio.engine.weights import LayerWeights

_OLDER_NAMES: Mapping[str, tuple[str, ...]] = {
    "kernel": ("depthwise_kernel", "W"),
    "bias": ("b",),
    "embeddings": ("W",),
    "alpha": ("alphas",),
    "moving_mean": ("running_mean",),
    "moving_variance": ("running_std",),
}
"""What Keras 2 calls the array of a depthwise convolution, and Keras 1 the others; its `running_std` is a
variance.
"""
_LEGACY_DEPTH = 2
"""Legacy files tell of the outermost model and the layer, however deep that lies."""

Place: TypeAlias = tuple[str, str]
"""Where a file has an array: the name of the layer there, and of the array in it."""


class Match(Struct, frozen=True):
    """Where a file has the arrays of a layer, in the order in which they were asked for."""

    arrays: tuple[Place, ...]


class _Array(Struct, frozen=True):
    """An array of a file, as seen from a layer that holds it, itself or in a layer inside."""

    inside: tuple[str, ...]
    name: str
    shape: tuple[int, ...]
    place: Place

    @property
    def way(self) -> str:
        """The names on the way to it, then its own, as Keras writes the path of a weight."""
        return "/".join((*self.inside, self.name))


class Matcher:
    """Finds layers in a file by their whole path within models in models, else by their own name.

    What a layer holds in layers inside it, such as the cell of an LSTM, is taken for its own.
    """

    def __init__(self, layers: "Sequence[LayerWeights]") -> None:
        held: dict[tuple[str, ...], list[_Array]] = {}
        for layer in layers:
            for depth in range(1, len(layer.path) + 1):
                held.setdefault(layer.path[:depth], []).extend(_arrays_of(layer, depth))
        self._by_name = {"/".join(path): arrays for path, arrays in held.items()}
        for layer in layers:
            self._by_name.setdefault(layer.name, held.get(layer.path) or list(_arrays_of(layer, 0)))
        own = Counter(path[-1] for path in held)
        for path, arrays in held.items():
            if own[path[-1]] == 1:
                self._by_name.setdefault(path[-1], arrays)
        self._nested = {"/".join(path): arrays for path, arrays in held.items() if len(path) == _LEGACY_DEPTH}

    def match(self, names: Sequence[str], specs: Sequence[WeightSpec]) -> Match | None:
        """The first layer of one of these names that has all of these arrays; `None` where there is none."""
        for name in names:
            arrays = self._by_name.get(name) or self._nested.get(_outer_and_own(name)) or []
            if found := _places(arrays, specs):
                return Match(found)
        return None


def _outer_and_own(name: str) -> str:
    """`outer/inner/conv` as a legacy file has it: `outer/conv`."""
    outer, _, rest = name.partition("/")
    return f"{outer}/{rest.rpartition('/')[2]}" if "/" in rest else name


def names_in_files(network: Network) -> Mapping[str, tuple[str, str]]:
    """The names a file may have each layer under that is built: its own, and the one Keras gives it."""
    built = network.without_disabled()
    return {name: (name, in_keras) for name, in_keras in keras_names(built).items()}


def _arrays_of(layer: "LayerWeights", depth: int) -> list[_Array]:
    inside = layer.path[depth:]
    return [_Array(inside, one.name, one.shape, (layer.name, one.name)) for one in layer.weights]


def _places(arrays: Sequence[_Array], specs: Sequence[WeightSpec]) -> tuple[Place, ...]:
    """Where each array is, none of them twice; empty where one is missing, or could be one of several."""
    left, found = list(arrays), []
    counts: Counter[str] = Counter()
    for spec in specs:
        holder = spec.name.rpartition("/")[0]
        one = _array(left, spec, counts[holder])
        counts[holder] += 1
        if one is None:
            return ()
        left.remove(one)
        found.append(one.place)
    return tuple(found)


def _array(arrays: Sequence[_Array], spec: WeightSpec, number: int) -> _Array | None:
    """The array of that way and shape; where a file tells no more, its name is its number.

    Versions name what is inside in other ways, or not at all: `forward_lstm/lstm_cell/kernel` is in
    `forward_layer/cell` too. Then the array whose way has the most words in common is meant, if one has.
    """
    name = spec.name.rpartition("/")[2]
    names = (name, *_OLDER_NAMES.get(name, ()), str(number))
    fitting = [one for one in arrays if one.shape == spec.shape and one.name in names]
    exact = [one for one in fitting if one.way == spec.name]
    if exact or len(fitting) <= 1:
        return next(iter(exact or fitting), None)
    wanted = _words(spec.name)
    ranked = sorted(fitting, key=lambda one: len(wanted & _words(one.way)), reverse=True)
    shares = [len(wanted & _words(one.way)) for one in ranked[:2]]
    return ranked[0] if shares[0] > shares[1] else None


def _words(way: str) -> set[str]:
    return set(re.split(r"[/_]", way))
