"""A Keras model in memory as a network."""

import json
from typing import Any

from cnnstudio.core.keras_format.importing import ImportResult, Known, network_from_config
from cnnstudio.core.values.errors import StudioError


def from_keras(model: Any) -> ImportResult:
    """The network of a Sequential or functional Keras model; its weights are not taken over.

    Layers outside the catalogue become `CustomLayer`, with the shape and the counts the model has for them.
    StudioError for models with several inputs or outputs, or whose layers cannot be written down.
    """
    try:
        document = json.loads(model.to_json())
    except (TypeError, ValueError, NotImplementedError, RecursionError) as error:
        raise StudioError(
            f"This Keras model cannot be written down ({' '.join(str(error).split())[:200]}). "
            "Give its own layers a get_config method."
        ) from error
    return network_from_config(document, lambda path: _known(model, path))


def _known(model: Any, path: tuple[str, ...]) -> Known:
    """What the layer at that path, through the models it lies in, has as result and weights."""
    found = model
    for name in path:
        found = _operations(found).get(name)
        if found is None:
            return Known()
    trainable = sum(_size(weight) for weight in getattr(found, "trainable_weights", ()))
    total = sum(_size(weight) for weight in getattr(found, "weights", ()))
    return Known(_result(found), (trainable, total - trainable))


def _operations(model: Any) -> dict[str, Any]:
    """The layers of a model by name, and the bare operations between them."""
    inner = getattr(model, "_functional", None) or model
    found = getattr(inner, "operations", None) or getattr(model, "layers", None) or ()
    return {operation.name: operation for operation in found}


def _size(weight: Any) -> int:
    size = 1
    for part in weight.shape:
        size *= int(part)
    return size


def _result(layer: Any) -> tuple[int | None, ...] | None:
    try:
        return tuple(layer.output.shape[1:])
    except (AttributeError, ValueError):
        return None  # called more than once, or with several results
