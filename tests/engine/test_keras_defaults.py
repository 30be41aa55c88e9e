"""Settings that the catalogue does not know: at Keras's default they say nothing, else the layer is kept."""

import inspect
from typing import Any

import keras
import pytest

from cnnstudio.core.keras_format.config import Written, layer_from_config
from cnnstudio.core.layers import LAYER_TYPES, CustomLayer, Input, Layer

KINDS = [kind for kind in LAYER_TYPES if kind not in (Input, CustomLayer)]
OF_ALL = {"self", "rank", "name", "dtype", "trainable", "autocast", "activity_regularizer", "pool_mode"}


def _own_config(kind: type[Layer]) -> dict[str, Any]:
    layer = kind.model_validate({"type": kind.model_fields["type"].default, "name": "layer"})
    return {key: value for key, value in layer.keras_config().items() if key != "data_format"}


def _unknown_defaults(kind: type[Layer]) -> dict[str, Any]:
    """What the constructors of Keras's class take beside our fields, with their defaults."""
    found: dict[str, Any] = {}
    for base in getattr(keras.layers, kind.__name__).__mro__:
        if not base.__module__.startswith("keras") or "__init__" not in vars(base):
            continue
        for name, parameter in inspect.signature(base.__init__).parameters.items():
            if parameter.default is not parameter.empty and name not in OF_ALL | kind.model_fields.keys():
                found.setdefault(name, parameter.default)
    return found


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_keras_takes_by_default_is_dropped_without_a_word(kind: type[Layer]) -> None:
    own = _own_config(kind)
    plain = layer_from_config(Written(kind.__name__, own), "layer")
    assert type(plain[0]) is kind
    assert plain[1] == ()
    for name, default in _unknown_defaults(kind).items():
        assert layer_from_config(Written(kind.__name__, {**own, name: default}), "layer") == plain, name


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_keras_writes_of_a_layer_at_its_defaults_is_that_layer(kind: type[Layer]) -> None:
    made = getattr(keras.layers, kind.__name__).from_config(_own_config(kind))
    layer, notes = layer_from_config(Written(kind.__name__, made.get_config(), "keras.layers"), "layer")
    assert (type(layer), notes) == (kind, ())


@pytest.mark.parametrize(
    ("class_name", "setting", "default", "other"),
    [
        ("BatchNormalization", "renorm", False, True),
        ("BatchNormalization", "renorm", 0, 1),
        ("BatchNormalization", "virtual_batch_size", None, None),
        ("BatchNormalization", "fused", True, None),
        ("LayerNormalization", "rms_scaling", False, True),
        ("Dense", "lora_rank", None, 4),
        ("Dense", "quantization_config", None, {"class_name": "Int8QuantizationConfig"}),
        ("Conv2D", "lora_rank", None, 4),
        ("Conv2DTranspose", "groups", 1, 2),
        ("SeparableConv2D", "groups", 1, None),
        ("Dropout", "noise_shape", None, [None, 1, 3]),
        ("MaxPooling2D", "data_format", "channels_last", None),
        ("Cropping1D", "data_format", "channels_last", None),
    ],
)
def test_a_setting_of_any_version_counts_only_away_from_its_default(
    class_name: str, setting: str, default: Any, other: Any
) -> None:
    kind = next(kind for kind in KINDS if kind.__name__ == class_name)
    own = _own_config(kind)
    layer, notes = layer_from_config(Written(class_name, {**own, setting: default}), "layer")
    assert (type(layer), notes) == (kind, ())
    if other is not None:
        layer, notes = layer_from_config(Written(class_name, {**own, setting: other}), "layer")
        known = setting in kind.model_fields
        assert isinstance(layer, kind if known else CustomLayer)
        assert known or f"the setting {setting} of {class_name}" in notes[0]
