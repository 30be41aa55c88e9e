"""The layout of Keras 1, Keras 2 and tf.keras: a group per layer that lists its weights' names."""

from collections.abc import Sequence
from typing import Any

import h5py

from cnnstudio.engine.weights import hdf5
from cnnstudio.engine.weights.config import ConfigLayer, all_layer_configs, is_model, layer_configs
from cnnstudio.engine.weights.layouts import Origin, in_order_of_keras
from cnnstudio.engine.weights.naming import attention_type, known_type, snake_case, split_legacy
from cnnstudio.engine.weights.values import Contents, FoundLayer, WeightEntry

_OF_THE_MODEL_ITSELF = "top_level_model_weights"


def has_layers(group: Any) -> bool:
    """Tell whether a group lists layers in the legacy way."""
    return hdf5.texts(group, "layer_names") is not None


def contents(group: Any, config: dict[str, Any] | None, origin: Origin) -> Contents:
    """The layers that hold arrays, in the model's order, with kernels as Keras 3 has them."""
    names = hdf5.texts(group, "layer_names") or []
    if _OF_THE_MODEL_ITSELF in group:
        names.append(_OF_THE_MODEL_ITSELF)
    configs = {layer.name: layer for layer in layer_configs(config)}
    found = [item for name in names for item in _layer(group, name, configs.get(name))]
    settings = {layer.name: layer.settings for layer in all_layer_configs(config) if layer.name}
    layers, notes = in_order_of_keras(found, settings, origin)
    return Contents(origin.version, config, layers, notes)


def origin_of(*groups: Any) -> Origin:
    """What the file, or the group of its weights, has as attributes."""
    return Origin(_told(groups, "keras_version"), _told(groups, "backend"))


def _told(groups: Sequence[Any], name: str) -> str | None:
    texts = (hdf5.text(hdf5.attribute(group, name)) for group in groups)
    return next((found for found in texts if found), None)


def _layer(group: Any, name: str, config: ConfigLayer | None) -> list[FoundLayer]:
    layer_group = _present(hdf5.child(group, name), h5py.Group, name)
    scopes: dict[str, dict[str, WeightEntry]] = {}
    for weight in hdf5.texts(layer_group, "weight_names") or []:
        scope, short = split_legacy(name, weight)
        dataset = _present(hdf5.child(layer_group, weight), h5py.Dataset, f"{name}/{weight}")
        entries = scopes.setdefault(scope, {})
        key = short if short not in entries else weight
        entries[key] = hdf5.entry(key, dataset)
    nested = len(scopes) > 1 or (config is not None and is_model(config))
    return [_found(name, scope, entries, config, nested) for scope, entries in scopes.items()]


def _found(
    name: str, scope: str, entries: dict[str, WeightEntry], config: ConfigLayer | None, nested: bool
) -> FoundLayer:
    weights = tuple(entries.values())
    if not nested:
        class_name = snake_case(config.class_name) if config else None
        return FoundLayer((name,), weights, class_name or known_type(name, scope.rpartition("/")[2]))
    inside = _scope_inside(name, scope)
    inner = {layer.name: layer for layer in layer_configs(config.node if config else None)}.get(inside[-1])
    layer_type = (
        snake_case(inner.class_name) if inner else attention_type(inside[-1]) or known_type(inside[-1])
    )
    return FoundLayer((name, *inside), weights, layer_type)


def _scope_inside(name: str, scope: str) -> list[str]:
    """The scope's parts below the layer's own: model/block/conv in block gives conv."""
    parts = scope.split("/")
    below = parts[parts.index(name) + 1 :] if name in parts else parts
    return below or parts[-1:]


def _present(item: Any, kind: type, where: str) -> Any:
    if isinstance(item, kind):
        return item
    raise KeyError(f"it lists {where} but does not hold it")
