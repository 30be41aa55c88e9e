"""What the network receives: the form of one sample, step by step, in words."""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from cnnstudio.core.layers import Rescaling
from cnnstudio.core.network import Network
from cnnstudio.core.values.words import with_minus


class TensorStep(Struct, frozen=True):
    """A sample at one place on its way: its type, its shape, and the range it may have and has."""

    place: str
    dtype: str
    shape: tuple[int, ...]
    possible: tuple[float, float]
    actual: tuple[float, float]


def tensor_steps(
    network: Network, image: NDArray[np.uint8], possible: tuple[float, float], batch_size: int
) -> tuple[TensorStep, ...]:
    """From the sample as read to the first layer that computes, through the Rescaling layers at the start.

    `image` is one sample (height, width, channels) of bytes; `possible` is the range of all samples.
    """
    actual = (float(image.min()), float(image.max()))
    shape = (batch_size, *image.shape)
    steps = [
        TensorStep("As it is read", str(image.dtype), image.shape, possible, actual),
        TensorStep("A batch into the network", "float32", shape, possible, actual),
    ]
    for layer in _rescalings(network):
        possible, actual = _rescaled(layer, possible), _rescaled(layer, actual)
        steps.append(TensorStep(f"After {layer.name}", "float32", shape, possible, actual))
    return tuple(steps)


def _rescalings(network: Network) -> tuple[Rescaling, ...]:
    """The Rescaling layers that a sample meets before any other layer."""
    found = []
    for layer in network.without_disabled().layers[1:]:
        if not isinstance(layer, Rescaling):
            break
        found.append(layer)
    return tuple(found)


def _rescaled(layer: Rescaling, ends: tuple[float, float]) -> tuple[float, float]:
    # Scale and offset may differ from channel to channel: the range is that of all channels.
    values = np.outer(ends, layer.scale) + np.asarray(layer.offset)
    return float(values.min()), float(values.max())


def range_text(ends: tuple[float, float]) -> str:
    """Two ends of a range: `0 to 255`."""
    lowest, highest = (with_minus(f"{end:.4g}") for end in ends)
    return f"{lowest} to {highest}"


def shape_text(shape: tuple[int, ...]) -> str:
    """Sizes with a cross between them: `28 × 28 × 1`."""
    return " × ".join(f"{size:,}" for size in shape)
