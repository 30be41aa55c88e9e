"""What a layer that a person adds begins with: its name, and settings that suit its place."""

import re
from typing import Any

from cnnstudio.core.analysis import Analysis, Row
from cnnstudio.core.layers import LAYER_BY_TYPE, Layer
from cnnstudio.core.network.network import Network

MAX_DOUBLED_FILTERS = 512
_WORDS = {
    "Activation": "act",
    "BatchNormalization": "bn",
    "Concatenate": "concat",
    "Dropout": "drop",
    "GlobalAveragePooling": "gap",
    "GlobalMaxPooling": "gmp",
    "LayerNormalization": "ln",
    "Multiply": "mul",
    "Subtract": "sub",
}
_ONE_IS_ENOUGH = ("preprocessing", "reshaping")


def new_layer(analysis: Analysis, type_name: str, index: int, classes: int) -> Layer:
    """A layer of that type for the place `index` of the stack; `classes` are the data's."""
    network = analysis.network
    cls = LAYER_BY_TYPE[type_name]
    settings: dict[str, Any] = {"name": network.free_name(_stem(cls))}
    if "filters" in cls.model_fields:
        settings |= _filters(network, index)
    if "units" in cls.model_fields and cls.family == "dense" and index >= len(network.layers):
        settings |= _head(network, classes)
    if cls.merges:
        settings |= _two_inputs(analysis, index)
    return cls.model_validate(settings)


def _stem(cls: type[Layer]) -> str:
    """`conv1` for the convolutions, `pool1` for the poolings, else the type in small letters."""
    type_name = str(cls.model_fields["type"].default)
    plain = re.sub(r"\dD(?=[A-Z]|$)", "", type_name)
    if plain in _WORDS:
        stem = _WORDS[plain]
    elif cls.family == "convolution" and "Conv" in plain:
        stem = "conv"
    elif cls.family == "pooling" and plain.endswith("Pooling"):
        stem = "pool"
    else:
        stem = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", plain).lower()
    return stem if cls.family in _ONE_IS_ENOUGH else f"{stem}1"


def _filters(network: Network, index: int) -> dict[str, Any]:
    """As many as the convolution above, twice as many when the map has shrunk since."""
    shrunk = False
    for layer in reversed(network.layers[:index]):
        above = dict(layer)
        filters = above.get("filters")
        if isinstance(filters, int) and layer.enabled:
            return {"filters": max(filters, min(filters * 2, MAX_DOUBLED_FILTERS)) if shrunk else filters}
        shrunk = shrunk or (layer.family == "pooling" and layer.enabled)
    return {}


def _head(network: Network, classes: int) -> dict[str, Any]:
    """The last Dense answers with a share for each class, unless one above it does so already."""
    if any(dict(layer).get("activation") == "softmax" and layer.enabled for layer in network.layers):
        return {}
    return {"units": classes, "activation": "softmax"}


def _two_inputs(analysis: Analysis, index: int) -> dict[str, Any]:
    """The layer above and the nearest one above that whose output has the same shape."""
    rows = analysis.rows[:index]
    above = rows[-1]
    partner = next((row for row in reversed(rows[:-1]) if _fits(row, above)), None)
    return {"inputs": (above.name, partner.name)} if partner else {}


def _fits(row: Row, above: Row) -> bool:
    return row.stands and row.output_shape == above.output_shape
