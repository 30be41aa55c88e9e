"""The model's own JSON: which layer stands where."""

import json
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

_DEEPEST = 64
_LAYER_LISTS = ("Sequential", "Functional", "Model")


class ConfigLayer(Struct, frozen=True):
    """One layer of a model's config: its place among its siblings, name, class and settings."""

    index: int
    name: str | None
    class_name: str
    node: dict[str, Any]

    @property
    def settings(self) -> dict[str, Any]:
        """The layer's own settings, as in `get_config()`."""
        settings = self.node.get("config")
        return settings if isinstance(settings, dict) else {}


def parsed_config(text: str | bytes | None) -> dict[str, Any] | None:
    """A config, None when there is none or it is no JSON object: the arrays stand without it."""
    try:
        value = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def layer_configs(node: dict[str, Any] | None) -> tuple[ConfigLayer, ...]:
    """The layers directly inside a Sequential or functional model's config, else nothing.

    Keras before 2.2.3 kept a Sequential's layers as the config itself, later ones under "layers".
    """
    config = (node or {}).get("config")
    layers = config.get("layers") if isinstance(config, dict) else config
    if not isinstance(layers, list):
        return ()
    return tuple(_layer(index, item) for index, item in enumerate(layers) if isinstance(item, dict))


def all_layer_configs(node: dict[str, Any] | None, depth: int = _DEEPEST) -> Iterator[ConfigLayer]:
    """The same layers, and those of the models among them."""
    for layer in layer_configs(node) if depth else ():
        yield layer
        yield from all_layer_configs(layer.node, depth - 1)


def is_model(layer: ConfigLayer) -> bool:
    """Tell whether a layer is itself a model that lists layers."""
    return layer.class_name in _LAYER_LISTS or bool(layer_configs(layer.node))


def _layer(index: int, node: dict[str, Any]) -> ConfigLayer:
    config = node.get("config")
    name = config.get("name") if isinstance(config, dict) else None
    name = name if isinstance(name, str) else node.get("name")
    return ConfigLayer(index, name if isinstance(name, str) else None, str(node.get("class_name", "")), node)
