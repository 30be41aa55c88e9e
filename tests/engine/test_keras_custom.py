"""Layers outside the catalogue: Keras's own are made again, everything else is refused and never run."""

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from cnnstudio.core.keras_format.importing import network_from_config
from cnnstudio.core.layers import CustomLayer, Flatten, Input, Layer
from cnnstudio.core.network import Network
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.importers import from_keras
from cnnstudio.engine.keras.model import build_model
from tests.engine.keras_models import operations_model


def _network(*layers: Layer) -> Network:
    return Network(layers=(Input(name="image", shape=(4, 4, 2)), *layers))


def _custom(class_name: str, **settings: Any) -> CustomLayer:
    shape = {"known_output_shape": (4, 4, 2)}
    return CustomLayer.model_validate({"name": "it", "class_name": class_name, **shape, **settings})


def _same_answer(model: Any, again: Any) -> bool:
    again.set_weights(model.get_weights())
    picture = np.random.default_rng(0).normal(size=(2, *model.input_shape[1:])).astype("float32")
    return np.array_equal(model.predict(picture, verbose=0), again.predict(picture, verbose=0))


def test_operations_are_built_again_with_their_numbers() -> None:
    model = operations_model()
    network = from_keras(model).network
    again = build_model(network)
    assert from_keras(again).network == network
    assert _same_answer(model, again)


def test_cuts_and_arguments_of_a_call_are_built_again() -> None:
    image = keras.Input((6, 6, 2), name="image")
    cut = image[:, 1:5, ..., :1]
    scaled = keras.ops.multiply(cut, np.arange(6, dtype="float32").reshape((6, 1)))
    mean = keras.ops.mean(scaled, axis=(1, 2))
    model = keras.Model(image, keras.ops.subtract(1.0, mean))
    network = from_keras(model).network
    again = build_model(network)
    assert from_keras(again).network == network
    assert _same_answer(model, again)


def test_a_layer_with_settings_outside_the_catalogue_is_built_again() -> None:
    regularized = keras.layers.Conv2D(3, 3, activation=keras.layers.ReLU(0.5), activity_regularizer="l2")
    model = keras.Sequential([keras.Input((4, 4, 2)), regularized])
    network = from_keras(model).network
    assert [layer.type for layer in network.layers] == ["Input", "CustomLayer"]
    assert _same_answer(model, build_model(network))


def test_a_frozen_custom_layer_is_not_trained() -> None:
    sequence = keras.Input((4, 2), name="sequence")
    model = keras.Model(sequence, keras.layers.RNN(keras.layers.GRUCell(3), name="mix")(sequence))
    network = from_keras(model).network
    frozen = network.replaced("mix", network.layer("mix").updated(trainable=False))
    assert build_model(network).trainable_weights
    assert not build_model(frozen).trainable_weights


def _nested(depth: int) -> Any:
    value: Any = 7
    for _ in range(depth):
        value = [value]
    return value


HOSTILE = {
    "unknown": _custom("MyAttention"),
    "own module": _custom("MyAttention", module="my_package.layers"),
    "standard library": _custom("Popen", module="subprocess"),
    "function of Keras": _custom("get_file", module="keras.utils"),
    "function among operations": _custom("multiply", module="keras.src.ops.numpy"),
    "library that Keras uses": _custom("os", module="keras.src.utils.file_utils"),
    "code in the settings": _custom("Lambda", config={"function": {"class_name": "__lambda__"}}),
    "file in the settings": _custom("StringLookup", config={"vocabulary": "/etc/passwd"}),
    "program in the settings": _custom("TFSMLayer", config={"filepath": "/tmp/program"}),
    "function within": _custom(
        "TimeDistributed",
        config={
            "layer": {
                "module": "keras.layers",
                "class_name": "Lambda",
                "config": {"function": {"class_name": "function", "config": "system", "module": "os"}},
            }
        },
    ),
    "module within": _custom(
        "Dense",
        config={
            "units": 2,
            "kernel_initializer": {"module": "os", "class_name": "system", "config": {"command": "x"}},
        },
    ),
    "absurd number": _custom("Embedding", config={"input_dim": -5, "output_dim": 10**30}),
    "no number": _custom("EinsumDense", config={"equation": 7, "output_shape": "x"}),
    "too deep": _custom("Dense", config={"units": _nested(100)}),
    "module is no text": _custom("Dense", config={"units": {"class_name": "Dense", "module": ["keras."]}}),
    "half a letter": _custom("\ud7ff" + "Dense\x00", module="keras.layers"),
    "class is no text": _custom("Dense", config={"units": {"class_name": 7}}),
    "call with code": _custom("Identity", call={"args": [{"class_name": "__lambda__", "config": {}}]}),
    "call without inputs": _custom("Identity", call={"args": [], "kwargs": {}}),
    "call with too many inputs": _custom(
        "Identity", call={"args": [{"class_name": "__keras_tensor__", "config": {}}] * 2, "kwargs": {}}
    ),
    "call with an absurd array": _custom(
        "Identity", call={"args": [{"class_name": "__numpy__", "config": {"value": [[1], 2], "dtype": "x"}}]}
    ),
}


@pytest.mark.parametrize("layer", HOSTILE.values(), ids=HOSTILE)
def test_what_keras_does_not_have_or_should_not_run_is_refused_in_a_sentence(layer: CustomLayer) -> None:
    with pytest.raises(StudioError, match=r"^it: ") as refused:
        build_model(_network(layer, Flatten(name="flatten")))
    assert "\n" not in str(refused.value)


def test_a_class_outside_of_keras_is_named_and_told_what_to_do() -> None:
    with pytest.raises(StudioError, match=r"it: MyAttention cannot be built here.*Replace it by layers"):
        build_model(_network(_custom("MyAttention")))


def test_a_file_with_a_lambda_is_imported_and_its_code_is_not_run(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    document = {
        "class_name": "Sequential",
        "config": [
            {"class_name": "InputLayer", "config": {"batch_shape": [None, 4]}},
            {
                "class_name": "Lambda",
                "config": {"name": "code", "function": [f"open({str(ran)!r}, 'w')", None, None]},
            },
        ],
    }
    network = network_from_config(json.loads(json.dumps(document))).network
    known = network.layer("code").updated(known_output_shape=(4,))
    with pytest.raises(StudioError, match="code: Lambda cannot be built here"):
        build_model(network.replaced("code", known))
    assert not ran.exists()
