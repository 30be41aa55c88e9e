"""Weights alone, as `save_weights` of Keras 1, Keras 2 and tf.keras wrote them."""

from cnnstudio.engine.weights import legacy
from cnnstudio.engine.weights.reader import Reader, Source
from cnnstudio.engine.weights.values import Contents


def _recognises(source: Source) -> bool:
    return legacy.has_layers(source.root)


def _read(source: Source) -> Contents:
    return legacy.contents(source.root, None, legacy.origin_of(source.root))


READER = Reader("keras-legacy-weights", _recognises, _read)
