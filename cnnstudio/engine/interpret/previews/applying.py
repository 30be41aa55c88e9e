"""One layer applied to one sample, by Keras, without touching what is random in the process."""

import zlib
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, cast

import numpy as np
from msgspec import Struct

from cnnstudio.core.layers import Layer
from cnnstudio.engine.interpret.previews.picture import Floats
from cnnstudio.engine.keras.library import KERAS_LOCK, load_keras

KerasLayer: TypeAlias = Any
"""A `keras.layers.Layer`."""

_SEEDS = 2**31 - 1


class Applied(Struct, frozen=True, eq=False):
    """What leaves the layer, without the batch axis, and one random draw where the layer makes some."""

    output: Floats
    example: Floats | None = None
    made: KerasLayer | None = None
    """The layer in Keras, to be applied again to samples of the same shape; `None` if it must not be."""


def apply_layer(
    layer: Layer,
    arriving: Sequence[Floats],
    read: Callable[[], Sequence[Floats]] | None = None,
    made: KerasLayer | None = None,
) -> Applied:
    """Apply a layer as it works after training.

    `read` gives its weights in Keras's order; without it they are drawn as the layer's name says, so that
    the same layer looks the same each time. `made` is the layer of an earlier call, which spares both: most
    of the time goes into making one. Dropout and noise let everything through. Augmentation does too, and
    gives one draw as an example besides. Blocks, and holds `KERAS_LOCK`; raises whatever Keras or
    TensorFlow raise.
    """
    with KERAS_LOCK:
        batch = [values[np.newaxis] for values in arriving]
        given = layer.call_arguments(batch)
        if made is None:
            made = _made(load_keras(), seeded(layer))
            if read is not None:
                shapes = [(None, *values.shape) for values in arriving]
                made.build(*layer.call_arguments(shapes))
                made.set_weights(list(read()))
        if layer.family == "augmentation":
            # Its next draw would be another one.
            return Applied(_one(made(*given, training=False)), _one(made(*given, training=True)))
        return Applied(_one(made(*given)), made=made)


def seeded(layer: Layer) -> Layer:
    """The layer with a seed wherever it leaves one open: what is drawn follows from its name alone.

    Keras would take missing seeds from Python's own generator, and a training that starts in another
    thread relies on that one.
    """
    changes: dict[str, Any] = {}
    for key, value in layer:
        seed = zlib.crc32(f"{layer.name}/{key}".encode()) % _SEEDS
        if key == "seed" and value is None:
            changes[key] = seed
        elif isinstance(value, Layer):
            changes[key] = seeded(value)
        elif getattr(value, "seed", 0) is None:
            changes[key] = value.model_copy(update={"seed": seed})
    return layer.model_copy(update=changes) if changes else layer


def _made(keras: Any, layer: Layer) -> Any:
    # A fixed name: Keras counts the layers it names itself, and models elsewhere would notice.
    return getattr(keras.layers, layer.keras_class()).from_config({**layer.keras_config(), "name": "preview"})


def _one(batch: Any) -> Floats:
    return cast(Floats, np.asarray(batch, np.float32)[0])
