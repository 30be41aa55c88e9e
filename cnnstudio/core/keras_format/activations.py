"""An activation that is a layer of its own, held by the layer in front of it."""

from collections.abc import Mapping
from typing import Any

from cnnstudio.core.keras_format.config import Written
from cnnstudio.core.keras_format.names import ALIASES
from cnnstudio.core.layers import LAYER_BY_TYPE


def separated(written: Written) -> tuple[Written, ...]:
    """The layer, and behind it the layer that it has as its activation, where the catalogue has both.

    `Conv2D(activation=LeakyReLU(0.1))` is a convolution without activation and a `LeakyReLU`.
    """
    held = _held(written.config.get("activation"))
    # The regularizer is of what leaves the activation.
    if held is None or written.config.get("activity_regularizer") or not _activates(written):
        return (written,)
    if written.class_name == "Activation":
        return (held,)
    config = {**written.config, "activation": "linear"}
    return (Written(written.class_name, config, written.module, written.registered_name), held)


def _held(value: Any) -> Written | None:
    if not isinstance(value, Mapping) or not isinstance(value.get("config"), Mapping):
        return None
    module = value.get("module")
    held = Written(str(value.get("class_name")), value["config"], module if isinstance(module, str) else None)
    kind = LAYER_BY_TYPE.get(held.class_name)
    return held if kind is not None and kind.family == "activation" and held.from_keras else None


def _activates(written: Written) -> bool:
    kind = LAYER_BY_TYPE.get(ALIASES.get(written.class_name, written.class_name))
    return kind is not None and "activation" in kind.model_fields and written.from_keras
