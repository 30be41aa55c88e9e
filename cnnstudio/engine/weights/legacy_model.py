"""Whole models of Keras 1, Keras 2 and tf.keras in one .h5 file."""

from cnnstudio.engine.weights import hdf5, legacy
from cnnstudio.engine.weights.config import parsed_config
from cnnstudio.engine.weights.reader import Reader, Source
from cnnstudio.engine.weights.values import Contents

_GROUP = "model_weights"


def _recognises(source: Source) -> bool:
    group = hdf5.child(source.root, _GROUP)
    return hasattr(group, "attrs") and legacy.has_layers(group)


def _read(source: Source) -> Contents:
    group = hdf5.child(source.root, _GROUP)
    config = parsed_config(hdf5.text(hdf5.attribute(source.root, "model_config")))
    return legacy.contents(group, config, legacy.origin_of(source.root, group))


READER = Reader("keras-legacy-model", _recognises, _read)
