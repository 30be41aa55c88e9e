"""Which arrays of a file are convolution kernels."""

from collections.abc import Iterable

from cnnstudio.engine.weights.naming import known_type
from cnnstudio.engine.weights.values import KernelEntry, KernelKind, LayerWeights, WeightEntry

_NAMES = ("kernel", "depthwise_kernel", "pointwise_kernel", "W")


def kernels_of(layers: Iterable[LayerWeights]) -> tuple[KernelEntry, ...]:
    """The kernels over one or two axes, in the order of the layers."""
    return tuple(
        KernelEntry(layer.name, weight.name, weight.shape, _kind(layer, weight))
        for layer in layers
        for weight in layer.weights
        if _is_kernel(layer, weight)
    )


def _is_kernel(layer: LayerWeights, weight: WeightEntry) -> bool:
    """Dense layers inside attention have kernels of three axes too; their biases have two or more."""
    if weight.name not in _NAMES or len(weight.shape) not in (3, 4) or 0 in weight.shape:
        return False
    if layer.type is not None and known_type(layer.type):
        return "conv" in layer.type
    return all(len(other.shape) <= 1 for other in layer.weights if other.name == "bias")


def _kind(layer: LayerWeights, weight: WeightEntry) -> KernelKind:
    if weight.name == "pointwise_kernel":
        return "convolution"
    layer_type = layer.type or ""
    if weight.name == "depthwise_kernel" or layer_type.startswith("depthwise"):
        return "depthwise"
    return "transpose" if layer_type.endswith("transpose") else "convolution"
