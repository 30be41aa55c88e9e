"""Which layer of a file is which layer of a network: the same name, and all arrays in the same shapes."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from cnnstudio.core.keras_format.layer_names import keras_names
from cnnstudio.core.layers import WeightSpec
from cnnstudio.core.network import Network

if TYPE_CHECKING:
    from cnnstudio.engine.weights import LayerWeights

_OLDER_NAMES = {"kernel": "depthwise_kernel"}
"""What Keras 2 calls the array of a depthwise convolution."""
_LEGACY_DEPTH = 2
"""Legacy files tell of the outermost model and the layer, however deep that lies."""


class Match(Struct, frozen=True):
    """Where a file has the arrays of a layer, in the order in which they were asked for."""

    layer: str
    arrays: tuple[str, ...]


class Matcher:
    """Finds layers in a file by their whole path within models in models, else by their own name."""

    def __init__(self, layers: "Sequence[LayerWeights]") -> None:
        self._by_name: dict[str, LayerWeights] = {}
        for layer in layers:
            self._by_name.setdefault("/".join(layer.path), layer)
        for layer in layers:
            self._by_name.setdefault(layer.name, layer)
        self._nested = {"/".join(layer.path): layer for layer in layers if len(layer.path) == _LEGACY_DEPTH}

    def match(self, names: Sequence[str], specs: Sequence[WeightSpec]) -> Match | None:
        """The first layer of one of these names that has all of these arrays; `None` where there is none."""
        found = [self._by_name.get(name) or self._nested.get(_outer_and_own(name)) for name in names]
        for layer in [one for one in found if one is not None]:
            if arrays := _arrays(layer, specs):
                return Match(layer.name, arrays)
        return None


def _outer_and_own(name: str) -> str:
    """`outer/inner/conv` as a legacy file has it: `outer/conv`."""
    outer, _, rest = name.partition("/")
    return f"{outer}/{rest.rpartition('/')[2]}" if "/" in rest else name


def names_in_files(network: Network) -> Mapping[str, tuple[str, str]]:
    """The names a file may have each layer under that is built: its own, and the one Keras gives it."""
    built = network.without_disabled()
    return {name: (name, in_keras) for name, in_keras in keras_names(built).items()}


def _arrays(layer: "LayerWeights", specs: Sequence[WeightSpec]) -> tuple[str, ...] | None:
    shapes = {entry.name: entry.shape for entry in layer.weights}
    found = tuple(_array(shapes, spec) for spec in specs)
    return found if all(found) else None


def _array(shapes: Mapping[str, tuple[int, ...]], spec: WeightSpec) -> str:
    """The name of the array that is wanted; nothing where there is none."""
    names = (spec.name, _OLDER_NAMES.get(spec.name, ""))
    return next((name for name in names if shapes.get(name) == spec.shape), "")
