"""Layers that use the weights of another one, as a Keras layer that is called more than once does."""

from collections.abc import Sequence

from cnnstudio.core.layers import Layer

OF_EACH_CALL = frozenset(
    ("name", "inputs", "enabled", "group", "weights_of", "call", "known_inputs", "known_output_shape")
)
"""What two layers with the same weights need not have in common."""


def with_sharing_kept(layers: Sequence[Layer]) -> Sequence[Layer]:
    """The layers, those that share weights with the same settings.

    Where the owner of weights is gone or now stands below, the first that used them owns them.
    """
    if not any(layer.weights_of for layer in layers):
        return layers
    seen: dict[str, Layer] = {}
    owners: dict[str, str] = {}
    kept: list[Layer] = []
    for layer in layers:
        wanted = layer.weights_of or (layer.name if layer.name in owners else "")
        owner = seen.get(owners.get(wanted, wanted))
        if wanted and (owner is None or type(owner) is not type(layer)):
            owners[wanted], layer = layer.name, layer.updated(weights_of="")
        elif owner is not None:
            layer = _like(layer, owner)
        seen[layer.name] = layer
        kept.append(layer)
    return kept


def with_owner_like(layers: Sequence[Layer], edited: Layer) -> Sequence[Layer]:
    """The layers after an edit of one of them: the owner of its weights gets the same settings."""
    if not edited.weights_of:
        return layers
    return [_settings_of(layer, edited) if layer.name == edited.weights_of else layer for layer in layers]


def differs(layer: Layer, owner: Layer) -> bool:
    """Whether a layer cannot use the weights of another one."""
    return bool(owner.weights_of) or type(owner) is not type(layer) or _common(owner) != _common(layer)


def _like(layer: Layer, owner: Layer) -> Layer:
    return _settings_of(layer, owner, weights_of=owner.name)


def _settings_of(layer: Layer, other: Layer, **more: str) -> Layer:
    if type(layer) is not type(other):
        return layer
    changes = {**_common(other), **more}
    same = all(getattr(layer, key) == value for key, value in changes.items())
    return layer if same else layer.updated(**changes)


def _common(layer: Layer) -> dict[str, object]:
    return {name: value for name, value in layer if name not in OF_EACH_CALL}
