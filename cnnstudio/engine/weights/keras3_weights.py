"""`.weights.h5` files of Keras 3 (and of tf.keras 2.12 and later)."""

from cnnstudio.engine.weights import hdf5, keras3
from cnnstudio.engine.weights.reader import Reader, Source
from cnnstudio.engine.weights.values import Contents


def _recognises(source: Source) -> bool:
    return source.archive is None and keras3.holds_objects(source.root)


def _read(source: Source) -> Contents:
    version = hdf5.text(hdf5.attribute(source.root, "keras_version"))
    return keras3.contents(source.root, None, version)


READER = Reader("keras-3-weights", _recognises, _read)
