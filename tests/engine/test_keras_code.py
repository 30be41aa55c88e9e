"""The code that is shown builds the very network that is shown."""

import json
from typing import Any

import keras
import pytest

from cnnstudio.core.keras_format.code import code_text, keras_code
from cnnstudio.core.layers import (
    GRU,
    LAYER_TYPES,
    Bidirectional,
    CustomLayer,
    Dense,
    EinsumDense,
    Input,
    Layer,
    MultiHeadAttention,
    TimeDistributed,
)
from cnnstudio.core.network import Network
from cnnstudio.engine.keras.model import build_model
from tests.core.pictures import stack

TYPES = [kind for kind in LAYER_TYPES if kind not in (Input, CustomLayer) and not kind.merges]


def built(network: Network) -> Any:
    scope: dict[str, Any] = {}
    exec(code_text(keras_code(network)), scope)  # the whole point: the text is a program
    return scope["model"]


def layer_configs(model: Any) -> list[Any]:
    return [layer.get_config() for layer in model.layers]


def plain(config: dict[str, Any]) -> Any:
    """As JSON writes it, without the seed that Keras draws for layers that were given none."""
    return json.loads(json.dumps({name: value for name, value in config.items() if name != "seed"}))


@pytest.mark.parametrize(
    "picture",
    [
        "rescale conv(8,3) maxpool flatten dropout dense(10,softmax)",
        "a=conv b=bn c=relu d=conv s=add<-a,d g=gap dense(10,softmax)",
        "a=conv b=conv<-input j=concat<-a,b flatten dense(3)",
    ],
)
def test_the_code_builds_the_same_architecture(picture: str) -> None:
    network = stack(picture)
    assert layer_configs(built(network)) == layer_configs(build_model(network))


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__name__)
def test_settings_left_out_of_the_code_are_keras_defaults(kind: type[Layer]) -> None:
    layer = kind.model_validate({"name": "it"})
    (line,) = [line.text for line in keras_code(stack("").inserted(1, layer)) if line.layer == "it"]
    call = line.partition(" = ")[2].removesuffix("(input, input)") if "it = " in line else line
    made = eval(call.strip().rstrip(","), {"keras": keras, "layers": keras.layers})
    reference = getattr(keras.layers, layer.keras_class()).from_config(layer.keras_config())
    assert plain(made.get_config()) == plain(reference.get_config())


def test_frozen_layers_stay_frozen() -> None:
    network = stack("a=conv flatten dense(3)")
    frozen = network.replaced("a", network.layer("a").updated(trainable=False))
    assert next(layer.trainable for layer in built(frozen).layers) is False


def test_names_that_are_no_python_names_become_names_that_keras_takes() -> None:
    network = stack("a=conv b=conv s=add<-a,b").renamed("a", "1st conv").renamed("b", "class")
    assert [layer.name for layer in built(network).layers][1:3] == ["1st_conv", "class"]


def test_each_line_knows_its_layer() -> None:
    network = stack("a=conv f=flatten")
    lines = {line.layer: line.text for line in keras_code(network) if line.layer}
    assert lines["a"].strip() == (
        "layers.Conv2D(filters=8, kernel_size=(3, 3), padding='same', activation='relu', name='a'),"
    )


def test_names_that_keras_refuses_are_written_as_the_studio_builds_them() -> None:
    network = stack("conv(4,3) flatten dense(3)").renamed("conv1", "block1/conv 1").renamed("dense3", "Größe")
    model = built(network)
    assert [layer.name for layer in model.layers] == [layer.name for layer in build_model(network).layers]


def test_layers_inside_others_and_inputs_taken_apart_are_written_as_they_are_built() -> None:
    network = Network(
        layers=(
            Input(name="sequence", shape=(6, 8)),
            Bidirectional(name="both", layer=GRU(name="reader", units=4, return_sequences=True)),
            MultiHeadAttention(name="look", num_heads=2, key_dim=3, inputs=("sequence", "both")),
            TimeDistributed(name="each", layer=Dense(name="step", units=5)),
            EinsumDense(name="mix", equation="abc,cd->abd", result_shape=(None, 3), bias_axes="d"),
            MultiHeadAttention(name="self", num_heads=1, key_dim=2),
        )
    )
    assert layer_configs(built(network)) == layer_configs(build_model(network))
    lines = {line.layer: line.text for line in keras_code(network) if line.layer}
    assert lines["both"] == (
        "both = layers.Bidirectional(layer=layers.GRU(units=4, return_sequences=True, name='reader'), "
        "name='both')(sequence)"
    )
    assert lines["look"].endswith("(sequence, both)")
    assert lines["self"].endswith("(mix, mix)")
