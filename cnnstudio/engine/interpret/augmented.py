"""What augmentation makes of a picture: some draws of the layers that vary it at the head of the stack."""

import numpy as np

from cnnstudio.core.layers import Rescaling
from cnnstudio.core.layers.base import Layer
from cnnstudio.core.network import Network
from cnnstudio.core.network.augmentation import augmentation_head
from cnnstudio.engine.data.images import Pixels
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested, never


def draws(
    network: Network, picture: Pixels, count: int, seed: int, should_stop: ShouldStop = never
) -> Pixels:
    """`count` pictures (count, height, width, channels) that training may make of one (height, width,
    channels); the same for the same seed.

    Blocks: it loads Keras. StopRequested once it was asked to stop.
    """
    from cnnstudio.engine.keras.model import build_model

    head = augmentation_head(network)
    layers = [_seeded(layer, seed + number) for number, layer in enumerate(head)]
    entrance = network.layers[0].updated(shape=picture.shape)
    model = build_model(Network(layers=(entrance, *layers)))
    if should_stop():
        raise StopRequested
    batch = np.repeat(picture[np.newaxis], count, axis=0).astype(np.float32)
    values = np.asarray(model(batch, training=True), np.float64)
    for layer in reversed([layer for layer in head if isinstance(layer, Rescaling)]):
        values = (values - np.asarray(layer.offset)) / np.asarray(layer.scale)
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _seeded(layer: Layer, seed: int) -> Layer:
    """Without a seed of its own it would vary a picture otherwise each time it is looked at."""
    is_open = "seed" in type(layer).model_fields and getattr(layer, "seed", None) is None
    return layer.updated(seed=seed) if is_open else layer
