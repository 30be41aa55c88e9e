"""Initializers, regularizers, constraints and activations as any version of Keras writes them."""

from collections.abc import Mapping
from typing import Any, get_args

import numpy as np

from cnnstudio.core.layers.initializers import INITIALIZERS
from cnnstudio.core.layers.options import CONSTRAINTS, REGULARIZERS, Option
from cnnstudio.core.layers.settings import ActivationName


class NotCovered(Exception):  # noqa: N818  # no error: the layer is kept as a CustomLayer
    """A setting that the catalogue does not have; the text names it."""


ACTIVATIONS = frozenset(get_args(ActivationName))
_ACTIVATION_ALIASES = {"swish": "silu", "hard_swish": "hard_silu", None: "linear"}
_OPTION_ALIASES = {
    "zero": "zeros",
    "one": "ones",
    "normal": "random_normal",
    "uniform": "random_uniform",
    "identityinitializer": "identity",
    "orthogonalinitializer": "orthogonal",
    "weightregularizer": "l1_l2",
    "l1l2regularizer": "l1_l2",
}
_SETTING_ALIASES = {"m": "max_value", "low": "min_value", "high": "max_value"}
_SCALINGS = {
    (1.0, "fan_avg", "uniform"): "GlorotUniform",
    (1.0, "fan_avg", "truncated_normal"): "GlorotNormal",
    (2.0, "fan_in", "uniform"): "HeUniform",
    (2.0, "fan_in", "truncated_normal"): "HeNormal",
    (1.0, "fan_in", "uniform"): "LecunUniform",
    (1.0, "fan_in", "truncated_normal"): "LecunNormal",
}


def _plain(name: str) -> str:
    return name.lower().replace("_", "")


def _by_plain_name(options: tuple[type[Option], ...]) -> dict[str, type[Option]]:
    return {_plain(option.__name__): option for option in options}


KINDS = {
    "initializer": _by_plain_name(INITIALIZERS),
    "regularizer": _by_plain_name(REGULARIZERS),
    "constraint": _by_plain_name(CONSTRAINTS),
}


def activation_name(value: Any) -> str:
    """Our name of an activation; `NotCovered` for functions and objects the catalogue does not have."""
    if isinstance(value, Mapping) and value.get("class_name") == "function":
        value = value.get("config")
    if value is not None and not isinstance(value, str):
        raise NotCovered("activation")
    name = _ACTIVATION_ALIASES.get(value, value)
    if name not in ACTIVATIONS:
        raise NotCovered("activation")
    return str(name)


def option_form(kind: str, value: Any) -> dict[str, Any] | None:
    """An option as our `type` and its settings; `NotCovered` for one the catalogue does not have."""
    if value is None:
        return None
    name, settings = _name_and_settings(value)
    known = KINDS[kind].get(_plain(_OPTION_ALIASES.get(_plain(name), name)))
    if known is None:
        raise NotCovered(kind)
    renamed = {_SETTING_ALIASES.get(key, key): number(setting) for key, setting in settings.items()}
    form = {"type": known.__name__, **{k: v for k, v in renamed.items() if k in known.model_fields}}
    _refuse_lost(renamed, known, kind)
    return _named_scaling(form) if _is_old_scaling(known, value) else form


def _refuse_lost(settings: Mapping[str, Any], known: type[Option], kind: str) -> None:
    """A setting that says something and that we would lose makes it another option."""
    lost = [key for key in settings if key not in known.model_fields and key not in ("dtype", "axis", "name")]
    if any(settings[key] is not None for key in lost) and (kind, lost) != ("initializer", ["gain"]):
        raise NotCovered(kind)


def _name_and_settings(value: Any) -> tuple[str, Mapping[str, Any]]:
    if isinstance(value, str):
        return value, {}
    if isinstance(value, Mapping):
        if isinstance(value.get("class_name"), str) and isinstance(value.get("config", {}), Mapping):
            return value["class_name"], value.get("config", {})
        if isinstance(value.get("name"), str):
            return value["name"], {key: one for key, one in value.items() if key != "name"}
    raise NotCovered("option")


def _is_old_scaling(known: type[Option], value: Any) -> bool:
    """Keras 3 names the module of an option; older versions do not."""
    return known.__name__ == "VarianceScaling" and isinstance(value, Mapping) and "module" not in value


def _named_scaling(form: dict[str, Any]) -> dict[str, Any]:
    """Older versions wrote Glorot's, He's and LeCun's rules as the general one they are cases of."""
    rule = (form.get("scale", 1.0), form.get("mode", "fan_in"), form.get("distribution", "normal"))
    if not all(isinstance(part, str | float | int) for part in rule):
        return form
    scale, mode, distribution = rule
    distribution = "truncated_normal" if distribution == "normal" else distribution
    named = _SCALINGS.get((scale, mode, distribution))
    if named is None:
        return {**form, "distribution": distribution}
    return {"type": named, "seed": form.get("seed")}


def number(value: Any) -> Any:
    """A float that went through 32 bits as it was written: 0.009999999776482582 is 0.01."""
    if isinstance(value, float) and abs(value) < 3e38 and float(np.float32(value)) == value:
        return float(str(np.float32(value)))
    return value
