"""Names: which arrays a layer class keeps, in which order, and how layers are told apart."""

import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from cnnstudio.engine.weights.values import FoundLayer, LayerWeights

_KERNEL = ("kernel", "bias")
_SEPARABLE = ("depthwise_kernel", "pointwise_kernel", "bias")
_RECURRENT = ("kernel", "recurrent_kernel", "bias")

# Keras 3 stores a layer's arrays as "0", "1" ... in this order.
VARIABLES: Mapping[str, tuple[str, ...]] = {
    "dense": _KERNEL,
    "einsum_dense": _KERNEL,
    "conv1d": _KERNEL,
    "conv2d": _KERNEL,
    "conv3d": _KERNEL,
    "conv1d_transpose": _KERNEL,
    "conv2d_transpose": _KERNEL,
    "conv3d_transpose": _KERNEL,
    "depthwise_conv1d": _KERNEL,
    "depthwise_conv2d": _KERNEL,
    "separable_conv1d": _SEPARABLE,
    "separable_conv2d": _SEPARABLE,
    "simple_rnn_cell": _RECURRENT,
    "gru_cell": _RECURRENT,
    "lstm_cell": _RECURRENT,
    "conv_lstm_cell": _RECURRENT,
    "batch_normalization": ("gamma", "beta", "moving_mean", "moving_variance"),
    "layer_normalization": ("gamma", "beta"),
    "group_normalization": ("gamma", "beta"),
    "rms_normalization": ("scale",),
    "normalization": ("mean", "variance", "count"),
    "spectral_normalization": ("kernel", "vector_u"),
    "embedding": ("embeddings",),
    "p_re_lu": ("alpha",),
}
# A layer may do without these; its setting of that name says so.
_OPTIONAL = {"bias": "use_bias", "gamma": "scale", "beta": "center"}
_ATTENTION_LAYERS = ("query", "key", "value", "gate", "attention_output")
_ATTENTION_GROUPS = ("query_dense", "key_dense", "value_dense", "_gate_dense", "output_dense")
"""What stands for these in files without names."""

_KERAS_1_WEIGHT = re.compile(
    r"^(?P<layer>.+?)_(?P<weight>running_mean|running_std|gammas?|betas?|alphas?|[WUbp](?:_[a-z])?)$"
)


def snake_case(class_name: str) -> str:
    """A class name as Keras writes it in group names: Conv2D gives conv2d, PReLU gives p_re_lu."""
    plain = re.sub(r"\W+", "", class_name)
    parted = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", plain)
    return re.sub("([a-z])([A-Z])", r"\1_\2", parted).lower()


def without_counter(name: str) -> str:
    """Conv2d for conv2d_12."""
    return re.sub(r"_\d+$", "", name)


def known_type(*candidates: str) -> str | None:
    """The first candidate that is a known layer class once its counter is gone."""
    return next((plain for plain in map(without_counter, candidates) if plain in VARIABLES), None)


def attention_type(name: str) -> str | None:
    """The class of the dense layers inside an attention layer, by the names Keras gives them.

    Their kernels have as many axes as those of one-dimensional convolutions.
    """
    return "einsum_dense" if name in (*_ATTENTION_LAYERS, *_ATTENTION_GROUPS) else None


def variable_names(
    layer_type: str | None, shapes: Sequence[tuple[int, ...]], settings: Mapping[str, Any] | None = None
) -> tuple[str, ...]:
    """Keras's short names for the arrays "0", "1" ... of a layer.

    Where a layer may have left out one array or another and `settings` (its config) are not known,
    an array keeps its number unless every possibility agrees on its name.
    """
    numbers = tuple(map(str, range(len(shapes))))
    if layer_type is None:
        return _names_by_shape(shapes) or numbers
    possible = [names for names in _variants(layer_type, settings or {}) if len(names) == len(shapes)]
    if not possible:
        return numbers
    return tuple(
        options[0] if len(set(options)) == 1 else number
        for number, options in zip(numbers, zip(*possible, strict=True), strict=True)
    )


def split_legacy(layer: str, weight: str) -> tuple[str, str]:
    """Split a weight's name in a legacy file into its scope and its short name.

    "conv2d_1_1/kernel:0" gives "conv2d_1_1" and "kernel"; Keras 1's "convolution2d_1_W" gives
    "convolution2d_1" and "W"; a name without a scope has the layer's own.
    """
    plain = re.sub(r":\d+$", "", weight)
    if "/" in plain:
        scope, _, short = plain.rpartition("/")
        return scope, short
    if plain.startswith(f"{layer}_"):
        return layer, plain.removeprefix(f"{layer}_")
    if match := _KERAS_1_WEIGHT.match(plain):
        return match["layer"], match["weight"]
    return layer, plain


def with_unique_names(found: Sequence[FoundLayer]) -> tuple[LayerWeights, ...]:
    """Name each layer by itself, or by its full path where another layer has the same name."""
    own = Counter(layer.path[-1] for layer in found)
    used: Counter[str] = Counter()
    layers = []
    for layer in found:
        name = layer.path[-1] if own[layer.path[-1]] == 1 else "/".join(layer.path)
        used[name] += 1
        unique = name if used[name] == 1 else f"{name} ({used[name]})"
        layers.append(LayerWeights(unique, layer.weights, layer.type, layer.path))
    return tuple(layers)


def some(names: Sequence[str], limit: int = 12) -> str:
    """The first names of a list, and how many more there are."""
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return (", ".join(names[:limit]) + more) or "none"


def _variants(layer_type: str, settings: Mapping[str, Any]) -> list[tuple[str, ...]]:
    names = VARIABLES.get(layer_type, ())
    unsure = [name for name in names if name in _OPTIONAL and _OPTIONAL[name] not in settings]
    absent = {name for name in names if settings.get(_OPTIONAL.get(name, ""), True) is False}
    return [
        tuple(name for name in names if name not in absent and name not in left_out)
        for count in range(len(unsure) + 1)
        for left_out in itertools.combinations(unsure, count)
    ]


def _names_by_shape(shapes: Sequence[tuple[int, ...]]) -> tuple[str, ...] | None:
    """A kernel gives itself away: its last axis is as long as the bias beside it."""
    match shapes:
        case [kernel, bias] if 2 <= len(kernel) <= 5 and bias == kernel[-1:]:
            return ("kernel", "bias")
        case [kernel] if len(kernel) in (4, 5):
            return ("kernel",)
    return None
