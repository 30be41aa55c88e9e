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
    versions = (hdf5.attribute(item, "keras_version") for item in (source.root, group))
    version = next((found for found in map(hdf5.text, versions) if found), None)
    config = parsed_config(hdf5.text(hdf5.attribute(source.root, "model_config")))
    return Contents(version, config, legacy.found_layers(group, config))


READER = Reader("keras-legacy-model", _recognises, _read)
