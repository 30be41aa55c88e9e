"""What a layer makes of the way it is called: which inputs it takes, and whether it can be told here."""

from typing import Any

from cnnstudio.core.keras_format.config import Written, custom_layer, layer_from_config
from cnnstudio.core.keras_format.graph import Call
from cnnstudio.core.layers import CustomLayer, Layer

_ROLES = ("query", "value", "key")
"""How Keras names the inputs of a layer that takes them apart, in the order in which it takes them."""


def layer_of_call(call: Call, written: Written, name: str) -> tuple[Layer, tuple[str, ...]]:
    """The layer `written` as the call calls it, under that name, and notes; a `CustomLayer` where it asks
    for more.

    Such as a recurrent layer that is handed a state, or attention with a mask.
    """
    layer, notes = layer_from_config(written, name)
    if isinstance(layer, CustomLayer) or layer.merges or _is_usual(layer, call):
        return layer, notes
    what = f"this {written.class_name} is called in a way that is not known here"
    return custom_layer(written, name), (f"{name}: {what}; it is kept as it came.",)


def sources_of(layer: Layer, names: tuple[str, ...]) -> tuple[str, ...]:
    """The inputs that have to be named: the value is the query, and the key the value, where none is."""
    if layer.merges or isinstance(layer, CustomLayer):
        return names
    while len(names) > 1 and names[-1] == names[-2]:
        names = names[:-1]
    return names


def _is_usual(layer: Layer, call: Call) -> bool:
    if not layer.takes_several:
        return len(call.inputs) <= 1
    return len(call.inputs) <= len(_ROLES) and _in_their_roles(call.extra)


def _in_their_roles(extra: Any) -> bool:
    """Whether a call names its inputs in Keras's order and says nothing else of weight."""
    if extra is None:
        return True
    given = extra if isinstance(extra, dict) else {}
    args, named = (given.get("args"), given.get("kwargs")) if "args" in given else (None, given)
    ahead = len(args) if isinstance(args, list) else 0 if "args" in given else 1
    said = {name: value for name, value in (named or {}).items() if value not in (None, False)}
    said.pop("training", None)
    return tuple(said) == _ROLES[ahead : ahead + len(said)] and ahead + len(said) <= len(_ROLES)
