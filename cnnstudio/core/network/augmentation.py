"""Which layers of a network vary its pictures before anything is computed from them."""

from collections import Counter

from cnnstudio.core.layers import Rescaling
from cnnstudio.core.layers.base import Layer
from cnnstudio.core.network.network import Network

AUGMENTATION = "augmentation"
"""The family of the layers that vary pictures."""


def augmentation_head(network: Network) -> tuple[Layer, ...]:
    """The layers that a picture meets one after the other before the first that computes, disabled ones
    aside.

    They scale and vary it; empty where none of them varies it. A picture that goes on in two ways ends them.
    """
    plain = network.without_disabled()
    taken = Counter(name for index in range(len(plain.layers)) for name in plain.inputs_of(index))
    found: list[Layer] = []
    for index, layer in enumerate(plain.layers[1:], start=1):
        above = plain.layers[index - 1].name
        varies_or_scales = layer.family == AUGMENTATION or isinstance(layer, Rescaling)
        if plain.inputs_of(index) != (above,) or taken[above] > 1 or not varies_or_scales:
            break
        found.append(layer)
    return tuple(found) if any(layer.family == AUGMENTATION for layer in found) else ()
