"""One layer's Keras configuration, of Keras 1, 2 or 3, as a layer of ours. No code is run."""

import json
from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from pydantic import ValidationError

from cnnstudio.core.forms.refusals import refusal
from cnnstudio.core.keras_format.names import (
    ALIASES,
    HARMLESS,
    MERGE_MODES,
    NEEDED,
    NEEDED_BY,
    OLD_SETTINGS,
    PER_CHANNEL_LEFTOVERS,
)
from cnnstudio.core.keras_format.options import NotCovered, activation_name, number, option_form
from cnnstudio.core.layers import LAYER_BY_TYPE, CustomLayer, Input, Layer
from cnnstudio.core.layers.wrappers import INNER_NAME
from cnnstudio.core.values.errors import StudioError

_OTHER_LAYERS = frozenset({"layer", "merge_mode", "result_shape"})
"""Settings in which another value makes a layer that the catalogue does not have, and no damaged one."""


class Written(Struct, frozen=True):
    """A layer as a Keras configuration writes it."""

    class_name: str
    config: Mapping[str, Any]
    module: str | None = None
    registered_name: str | None = None

    @property
    def from_keras(self) -> bool:
        """Whether its class is one of `keras.layers`, as far as the configuration tells."""
        parts = (self.module or "keras.layers").split(".")
        return parts[0] in ("keras", "tensorflow", "tf_keras") and "layers" in parts


def layer_from_config(written: Written, name: str) -> tuple[Layer, tuple[str, ...]]:
    """The layer under that name, and notes on what was left out. StudioError for absurd settings.

    What the catalogue does not cover becomes a `CustomLayer` with the configuration untouched.
    """
    try:
        kind = _kind(written)
        settings = _settings(written, kind)
        _refuse_missing(kind, settings, name)
        return _validated(kind, settings, name)
    except NotCovered as what:
        return custom_layer(written, name), _custom_notes(written, name, str(what))


def _kind(written: Written) -> type[Layer]:
    class_name = ALIASES.get(written.class_name, written.class_name)
    if class_name == "Merge":
        class_name = MERGE_MODES.get(str(written.config.get("mode")), "Merge")
    kind = LAYER_BY_TYPE.get(class_name)
    if kind is None or kind in (Input, CustomLayer) or not written.from_keras:
        raise NotCovered("class")
    return kind


def _settings(written: Written, kind: type[Layer]) -> dict[str, Any]:
    """Our fields from Keras's settings; a missing one is Keras's default."""
    config = {_renamed(key, kind): plain(value) for key, value in written.config.items()}
    if {"nb_row", "nb_col"} <= set(config):
        config["kernel_size"] = [config.pop("nb_row"), config.pop("nb_col")]
    if config.get("data_format") in ("channels_first", "th") and kind.takes_data_format:
        raise NotCovered("data_format")
    if _is_quantized(config.get("dtype")):
        raise NotCovered("dtype")
    config = {**kind.keras_defaults, **config}
    own = {key: _value(kind, key, value) for key, value in config.items() if key in kind.model_fields}
    _refuse_lost(kind, config)
    return {key: value for key, value in own.items() if key not in ("type", "inputs", "name")}


def _is_quantized(dtype: Any) -> bool:
    """Whether the weights are kept as small whole numbers, beside others that scale them."""
    name = dtype.get("class_name", "") if isinstance(dtype, Mapping) else dtype
    return isinstance(name, str) and ("Quantized" in name or "_from_" in name)


def _refuse_missing(kind: type[Layer], settings: Mapping[str, Any], name: str) -> None:
    """Our own default for a setting that Keras has none for would be another network, in silence."""
    needed = {*(NEEDED & kind.model_fields.keys()), NEEDED_BY.get(kind.__name__, "type")} - {"type"}
    missing = sorted(key for key in needed if settings.get(key) is None)
    if missing:
        raise StudioError(
            f"The layer {name} ({kind.__name__}) cannot be read: its {' and its '.join(missing)} is missing. "
            "Save the model again with Keras."
        )


def _renamed(key: str, kind: type[Layer]) -> str:
    if key == "alpha" and "negative_slope" in kind.model_fields:
        return "negative_slope"
    ours = {theirs: name for name, theirs in kind.keras_names.items()}
    if key in ours:
        return ours[key]
    return key if key in kind.model_fields else OLD_SETTINGS.get(key, key)


def _refuse_lost(kind: type[Layer], config: Mapping[str, Any]) -> None:
    """A setting that says something and has no place here makes it another layer."""
    leftovers = PER_CHANNEL_LEFTOVERS if "depth_multiplier" in kind.model_fields else frozenset()
    for key, value in config.items():
        if key in kind.model_fields or key in HARMLESS or key in leftovers or not value:
            continue
        if key == "backward_layer" and _is_mirror(value, config.get("layer")):
            continue
        if not (key == "groups" and value == 1) and not (key == "mode" and kind.merges):
            raise NotCovered(key)


def _value(kind: type[Layer], key: str, value: Any) -> Any:
    ending = key.rpartition("_")[2]
    if kind.model_fields[key].annotation is bool:
        return truth(value)
    if key in ("activation", "recurrent_activation"):
        return activation_name(value)
    if key == "layer":
        return _inside(value)
    if ending == "initializer":
        return _initializer(value)
    if ending in ("regularizer", "constraint"):
        return option_form(ending, value)
    if key == "axis" and isinstance(value, list) and len(value) == 1 and kind.__name__ != "Normalization":
        return value[0]
    if key == "target_shape" and isinstance(value, list):
        return [-1 if size is None else size for size in value]
    if key in ("mean", "variance"):
        return _row(value)
    return [number(part) for part in value] if isinstance(value, list) else number(value)


def truth(value: Any) -> Any:
    """1 and 0 are true and false to Keras."""
    return bool(value) if isinstance(value, int | float) and value in (0, 1) else value


def _inside(value: Any) -> Any:
    """A layer among the settings of another; one that would lose something makes that one unknown too."""
    if not isinstance(value, Mapping) or not isinstance(value.get("config"), Mapping):
        raise NotCovered("layer")
    module = value.get("module")
    written = Written(
        str(value.get("class_name")), value["config"], module if isinstance(module, str) else None
    )
    layer, notes = layer_from_config(written, str(written.config.get("name", INNER_NAME)))
    if isinstance(layer, CustomLayer) or notes:
        raise NotCovered("layer")
    return layer.model_dump(mode="json")


def _is_mirror(backward: Any, forward: Any) -> bool:
    """Whether the layer that reads backwards is what Keras makes of the other one by itself."""
    try:
        one, other = _inside(forward), _inside(backward)
    except NotCovered:
        return False
    return {**other, "name": "", "go_backwards": not other["go_backwards"]} == {**one, "name": ""}


def _initializer(value: Any) -> Any:
    """An initializer, or the mark that it is unknown: the default takes its place, with a note."""
    try:
        return option_form("initializer", value)
    except NotCovered:
        return {"type": "unknown"}


def _row(value: Any) -> Any:
    """Means as one row: axes of size 1 in front are dropped."""
    while isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        value = value[0]
    if isinstance(value, list) and any(isinstance(part, list) for part in value):
        raise NotCovered("mean")
    return [number(part) for part in value] if isinstance(value, list) else number(value)


def plain(value: Any) -> Any:
    """Keras's marked tuples and arrays as plain lists."""
    if isinstance(value, Mapping):
        if value.get("class_name") in ("__tuple__", "TensorShape"):
            return value.get("items")
        if value.get("class_name") in ("__numpy__", "__tensor__"):
            inner = value.get("config")
            return inner.get("value") if isinstance(inner, Mapping) else None
        if value.get("type") == "ndarray":
            return value.get("value")
    return list(value) if isinstance(value, tuple) else value


def _validated(kind: type[Layer], settings: dict[str, Any], name: str) -> tuple[Layer, tuple[str, ...]]:
    """The layer; initializers it cannot take are left at their default, with a note each."""
    try:
        return _made(kind, settings, name), ()
    except ValidationError as error:
        bad = {str(problem["loc"][0]) for problem in error.errors(include_url=False) if problem["loc"]}
        if any(key.endswith(("regularizer", "constraint")) for key in bad):
            raise NotCovered("regularizer") from error
        if unknown := bad & _OTHER_LAYERS:
            raise NotCovered(unknown.pop()) from error
        starts = {key for key in bad if key.endswith("initializer")}
        if not starts:
            raise _refused(kind, name, error) from error
    rest = {key: value for key, value in settings.items() if key not in starts}
    try:
        layer = _made(kind, rest, name)
    except ValidationError as error:
        raise _refused(kind, name, error) from error
    return layer, tuple(
        f"{name}: its {key} is unknown here; the usual one is used." for key in sorted(starts)
    )


def _made(kind: type[Layer], settings: Mapping[str, Any], name: str) -> Layer:
    given = {key: value for key, value in settings.items() if value is not None or _may_be_none(kind, key)}
    return kind.model_validate_json(
        json.dumps({"type": kind.model_fields["type"].default, "name": name, **given})
    )


def _may_be_none(kind: type[Layer], key: str) -> bool:
    """A null stands for Keras's default where the setting itself cannot be empty."""
    default = kind.model_fields[key].default
    return default is None or key in ("shared_axes", "axis", "filters", "units", *_OTHER_LAYERS)


def _refused(kind: type[Layer], name: str, error: ValidationError) -> StudioError:
    return StudioError(f"The layer {name} ({kind.__name__}) cannot be read: {refusal(error)}")


def custom_layer(written: Written, name: str) -> CustomLayer:
    """The layer as it came. StudioError for settings that no file could hold."""
    trainable = truth(written.config.get("trainable"))
    try:
        return CustomLayer.model_validate_json(
            json.dumps(
                {
                    "type": "CustomLayer",
                    "name": name,
                    "trainable": trainable if isinstance(trainable, bool) else True,
                    "class_name": written.class_name,
                    "module": written.module,
                    "registered_name": written.registered_name,
                    "config": dict(written.config),
                }
            )
        )
    except (ValidationError, ValueError, RecursionError) as error:
        reason = refusal(error) if isinstance(error, ValidationError) else str(error)
        raise StudioError(f"The layer {name} cannot be read: {reason}") from error


def _custom_notes(written: Written, name: str, what: str) -> tuple[str, ...]:
    if what == "class" and (written.module or "").startswith("keras.src.ops."):
        return (f"{name}: no layer of the catalogue does what this {written.class_name} does; it is kept.",)
    if what == "class" and written.class_name in LAYER_BY_TYPE:
        return (f"{name}: this {written.class_name} is that of {written.module}; it is kept as it came.",)
    if what == "class":
        return (f"{name}: {written.class_name} is not in the catalogue; it is kept as it came.",)
    return (f"{name}: the setting {what} of {written.class_name} is not known here; it is kept as it came.",)
