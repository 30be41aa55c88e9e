"""Kernels that lie in a file in another order than Keras 3 keeps them.

Keras 1 with `dim_ordering` "th" stored (filters, channels, rows, columns); Keras 2 turned such kernels to
(rows, columns, channels, filters) when it loaded them. Theano lays a kernel on turned by 180 degrees, so a
file that says it was written with Theano holds kernels that have to be turned. Both rules are Keras 2's own:
https://github.com/keras-team/keras/blob/2.3.1/keras/engine/saving.py, `preprocess_weights_for_loading`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from cnnstudio.engine.weights.naming import some
from cnnstudio.engine.weights.values import FoundLayer, WeightEntry

_OLD_KERNEL = "W"
_OLD_KERNELS = (_OLD_KERNEL, "depthwise_kernel", "pointwise_kernel")
_TURNED_BY_THEANO = ("conv1d", "conv2d", "conv3d", "conv2d_transpose", "conv_lstm2d")
_OLD_NAME = re.compile(r"_W(:\d+)?$")
_SPATIAL_RANKS = (4, 5)
_AXES = {"th": "filters, channels, rows, columns", "tf": "rows, columns, channels, filters"}


class Origin(Struct, frozen=True):
    """What a file tells of the Keras that wrote it; None for what it does not."""

    version: str | None
    backend: str | None


def in_order_of_keras(
    layers: Sequence[FoundLayer], settings: Mapping[str, Mapping[str, Any]], origin: Origin
) -> tuple[tuple[FoundLayer, ...], tuple[str, ...]]:
    """The layers with their kernels as Keras 3 has them, and sentences on what was assumed.

    `settings` holds the config of layers by name, as far as the file has it.
    """
    old = [layer for layer in layers if _has_old_kernel(layer)] if _is_keras_1(layers, origin.version) else []
    orders = {layer.path: _order(layer, settings.get(layer.path[-1], {})) for layer in old}
    # Where nothing tells a layer's order, it is that of all others: as a rule they have one in common.
    usual = "th" if set(orders.values()) - {None} == {"th"} else "tf"
    theano = [layer for layer in old if (orders[layer.path] or usual) == "th"]
    open_ones = [layer for layer in old if orders[layer.path] is None]
    turned = tuple(_taken_over(layer, layer in theano, origin.backend == "theano") for layer in layers)
    return turned, tuple(_notes(theano, open_ones, usual, origin.backend))


def _is_keras_1(layers: Sequence[FoundLayer], version: str | None) -> bool:
    """Weights alone of Keras 1 tell no version: their names do, such as convolution2d_1_W."""
    if version is not None:
        return version.startswith("1.")
    return any(_OLD_NAME.search(entry.path) for layer in layers for entry in layer.weights)


def _order(layer: FoundLayer, settings: Mapping[str, Any]) -> str | None:
    """Whether a layer's kernel has Theano's order ("th") or TensorFlow's ("tf"); None when that is open.

    The filters are as many as the bias has numbers, which only one of the two orders may allow.
    """
    shapes = {entry.name: entry.shape for entry in layer.weights}
    kernel, bias = shapes.get(_OLD_KERNEL, ()), shapes.get("b", ())
    if len(kernel) in _SPATIAL_RANKS and len(bias) == 1 and (kernel[0] == bias[0]) != (kernel[-1] == bias[0]):
        return "th" if kernel[0] == bias[0] else "tf"
    said = settings.get("dim_ordering")
    return said if said in ("th", "tf") else None


def _has_old_kernel(layer: FoundLayer) -> bool:
    return any(_is_old_kernel(entry) for entry in layer.weights)


def _is_old_kernel(entry: WeightEntry) -> bool:
    return entry.name in _OLD_KERNELS and len(entry.shape) in _SPATIAL_RANKS


def _taken_over(layer: FoundLayer, is_theano: bool, by_theano: bool) -> FoundLayer:
    entries = [
        _turned(entry, is_theano and _is_old_kernel(entry), by_theano and _lies_turned(entry, layer.type))
        for entry in layer.weights
    ]
    return replace(layer, weights=tuple(entries))


def _lies_turned(entry: WeightEntry, layer_type: str | None) -> bool:
    return _is_old_kernel(entry) or (entry.name == "kernel" and layer_type in _TURNED_BY_THEANO)


def _turned(entry: WeightEntry, to_last: bool, upside_down: bool) -> WeightEntry:
    """With the axes (filters, channels, rows, columns) brought to (rows, columns, channels, filters)."""
    axes = (*range(2, len(entry.shape)), 1, 0) if to_last else ()
    shape = tuple(entry.shape[axis] for axis in axes) if axes else entry.shape
    return replace(entry, shape=shape, axes=axes, upside_down=upside_down)


def _notes(
    theano: Sequence[FoundLayer], open_ones: Sequence[FoundLayer], usual: str, backend: str | None
) -> Iterator[str]:
    if open_ones:
        yield (
            f"The file does not tell in which order the axes of the kernels of {_named(open_ones)} are "
            f"stored: ({_AXES[usual]}) is assumed."
        )
    if theano and backend is None:
        yield (
            f"The kernels of {_named(theano)} are in Theano's order. The file does not tell whether Theano "
            "trained them, which lays kernels on turned by 180 degrees: they are shown as stored, not turned."
        )


def _named(layers: Sequence[FoundLayer]) -> str:
    return some([layer.path[-1] for layer in layers], limit=4)
