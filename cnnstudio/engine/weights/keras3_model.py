"""`.keras` archives: a zip of config.json, metadata.json and model.weights.h5."""

from cnnstudio.engine.weights import keras3
from cnnstudio.engine.weights.reader import Reader, Source
from cnnstudio.engine.weights.values import Contents


def _recognises(source: Source) -> bool:
    return source.archive is not None and keras3.holds_objects(source.root)


def _read(source: Source) -> Contents:
    archive = source.archive
    config = archive.config if archive else None
    version = archive.keras_version if archive else None
    return keras3.contents(source.root, config, version)


READER = Reader("keras-3-model", _recognises, _read)
