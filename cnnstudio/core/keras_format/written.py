"""Pieces of a written Keras model: its layers, their names, and what refers to what."""

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn, TypeAlias

from cnnstudio.core.keras_format.config import plain
from cnnstudio.core.network import MAX_LAYERS
from cnnstudio.core.values.errors import StudioError

MAX_DEPTH = 32
"""How deep models may be nested in models."""

Reference: TypeAlias = tuple[str, int, int]
"""Which layer, which of its calls, which of the results."""


def fail(message: str) -> NoReturn:
    """Refuse the model."""
    raise StudioError(message)


def damaged(what: str) -> NoReturn:
    """Refuse a configuration that does not hold together."""
    fail(f"This model's configuration is damaged: {what}. Save the model again with Keras.")


def layers_of(config: Any) -> list[Mapping[str, Any]]:
    """The written layers of a model's configuration."""
    layers = config.get("layers") if isinstance(config, Mapping) else config
    if not isinstance(layers, list) or not layers:
        damaged("it has no layers")
    if len(layers) > MAX_LAYERS:
        fail(f"This model has {len(layers):,} layers, and at most {MAX_LAYERS:,} fit.")
    for layer in layers:
        if not isinstance(layer, Mapping) or not isinstance(layer.get("class_name"), str):
            damaged("a layer has no class")
        if not isinstance(layer.get("config"), list | Mapping):
            damaged("a layer has no settings")
    return layers


def name_of(layer: Mapping[str, Any]) -> str:
    """A layer's name; its class where it has none."""
    config = layer["config"]
    inner = config.get("name") if isinstance(config, Mapping) else None
    name = layer.get("name") or inner or layer["class_name"]
    return name if isinstance(name, str) else damaged("a layer's name is no text")


def references(value: Any) -> list[Reference]:
    """Keras's `[name, node, tensor]`, alone or in a list."""
    value = plain(value)
    if isinstance(value, Mapping):
        return [found for part in value.values() for found in references(part)]
    if not isinstance(value, list):
        return []
    if (
        len(value) >= 3
        and isinstance(value[0], str)
        and isinstance(value[1], int)
        and isinstance(value[2], int)
    ):
        return [(value[0], value[1], value[2])]
    return [found for part in value if isinstance(part, list) for found in references(part)]


def tensors_in(value: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """Keras 3's `__keras_tensor__` marks within the arguments of a call, in order."""
    if depth > MAX_DEPTH:
        damaged("a call is nested too deep")
    if isinstance(value, Mapping):
        if value.get("class_name") == "__keras_tensor__" and isinstance(value.get("config"), Mapping):
            yield value["config"]
            return
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from tensors_in(part, depth + 1)
