"""Bare operations that Keras and TensorFlow record become layers that do the same; Keras is the oracle."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import ops

from cnnstudio.core.analysis import analyze
from cnnstudio.core.keras_format.importing import network_from_config
from cnnstudio.core.layers import Activation, Cropping2D, CustomLayer, Layer, Rescaling
from cnnstudio.engine.importers import from_keras, import_model
from cnnstudio.engine.keras.model import build_model

FIXTURES = Path(__file__).parent.parent / "fixtures"


def _row(*values: float) -> Any:
    return np.array(values, "float32")


COVERED: dict[str, tuple[Callable[[Any], Any], list[str]]] = {
    "divide and subtract": (lambda x: x / 127.5 - 1, ["Rescaling", "Rescaling"]),
    "number minus": (lambda x: 1 - x, ["Rescaling"]),
    "number plus": (lambda x: 2 + x, ["Rescaling"]),
    "number times": (lambda x: 0.5 * x, ["Rescaling"]),
    "negative": (lambda x: -x, ["Rescaling"]),
    "a number for each channel": (
        lambda x: ops.subtract(_row(1, 2, 3), x * _row(4, 5, 6)),
        ["Rescaling", "Rescaling"],
    ),
    "add": (lambda x: x + ops.tanh(x), ["Activation", "Add"]),
    "subtract": (lambda x: x - ops.tanh(x), ["Activation", "Subtract"]),
    "product with itself": (lambda x: x * x, ["Multiply"]),
    "smaller one": (lambda x: ops.minimum(x, ops.tanh(x)), ["Activation", "Minimum"]),
    "share of each map": (
        lambda x: x * ops.mean(x, axis=(1, 2), keepdims=True),
        ["GlobalAveragePooling2D", "Multiply"],
    ),
    "above 0": (lambda x: ops.maximum(x, 0.0), ["ReLU"]),
    "softmax": (ops.softmax, ["Activation"]),
    "relu6": (ops.relu6, ["Activation"]),
    "gelu": (lambda x: ops.gelu(x, approximate=False), ["Activation"]),
    "leaky": (lambda x: ops.leaky_relu(x, 0.1), ["LeakyReLU"]),
    "hard sigmoid": (ops.hard_sigmoid, ["Activation"]),
    "exponential": (ops.exp, ["Activation"]),
    "mean of maps": (lambda x: ops.mean(x, axis=[1, 2]), ["GlobalAveragePooling2D"]),
    "largest of maps": (lambda x: ops.max(x, axis=(1, 2)), ["GlobalMaxPooling2D"]),
    "reshape": (lambda x: ops.reshape(x, (-1, 64, 3)), ["Reshape"]),
    "transpose": (lambda x: ops.transpose(x, (0, 3, 1, 2)), ["Permute"]),
    "cut": (lambda x: x[:, 1:-1], ["Cropping2D"]),
    "cut at both axes": (lambda x: x[:, 2:, :5, :], ["Cropping2D"]),
    "concatenate": (lambda x: ops.concatenate([x, x * 2.0], axis=-1), ["Rescaling", "Concatenate"]),
}
OTHERS: dict[str, Callable[[Any], Any]] = {
    "power": lambda x: x**2,
    "approximate gelu": ops.gelu,
    "mean along one axis": lambda x: ops.mean(x, axis=1),
    "number by": lambda x: 1.0 / (x + 3.0),
    "numbers for each row": lambda x: x + np.arange(8, dtype="float32").reshape((8, 1, 1)),
    "every second row": lambda x: x[:, ::2],
    "one channel": lambda x: x[..., :1],
    "a slope that turns back": lambda x: ops.leaky_relu(x, -0.1),
    "over samples": lambda x: ops.concatenate([x, x], axis=0),
}


def _model(operation: Callable[[Any], Any]) -> Any:
    image = keras.Input((8, 8, 3), name="image")
    return keras.Model(image, operation(image))


def _same_answer(model: Any, again: Any) -> bool:
    images = np.random.default_rng(1).random((2, 8, 8, 3), "float32") - np.float32(0.3)
    # A quotient becomes a product, which is rounded once more.
    return np.allclose(model(images), again(images), rtol=0, atol=2e-7)


@pytest.mark.parametrize("name", COVERED)
def test_an_operation_becomes_the_layer_that_does_the_same(name: str) -> None:
    operation, types = COVERED[name]
    model = _model(operation)
    result = from_keras(model)
    assert [layer.type for layer in result.network.layers[1:]] == types
    assert result.notes == ()
    assert _same_answer(model, build_model(result.network))


@pytest.mark.parametrize("name", OTHERS)
def test_an_operation_that_no_layer_does_is_kept(name: str) -> None:
    model = _model(OTHERS[name])
    result = from_keras(model)
    last = result.network.layers[-1]
    assert isinstance(last, CustomLayer)
    assert result.notes == (
        f"{last.name}: no layer of the catalogue does what this {last.class_name} does; it is kept.",
    )
    totals = analyze(result.network).totals
    assert (totals.parameters, totals.weights_known) == (0, True)
    if name != "over samples":
        assert _same_answer(model, build_model(result.network))


def test_functions_of_tensorflow_become_layers() -> None:
    network = import_model(FIXTURES / "tfoplambda_tutorial.json").network
    first, second = network.layers[1:3]
    assert isinstance(first, Rescaling)
    assert isinstance(second, Rescaling)
    assert (first.scale, second.offset) == (1 / 127.5, -1.0)
    totals = analyze(network).totals
    assert (totals.parameters, totals.weights_known) == (122, True)


def _with_nodes(function: str, nodes: list[Any]) -> dict[str, Any]:
    """A model of TensorFlow 2.8 with one function between its input and its output."""
    entrance = {"batch_input_shape": [None, 4, 4, 3], "name": "image"}
    config = {"name": "op", "trainable": True, "dtype": "float32", "function": function}
    layers = [
        {"class_name": "InputLayer", "config": entrance, "name": "image", "inbound_nodes": []},
        {"class_name": "TFOpLambda", "config": config, "name": "op", "inbound_nodes": nodes},
    ]
    ends = {"input_layers": [["image", 0, 0]], "output_layers": [["op", 0, 0]]}
    return {"class_name": "Functional", "config": {"name": "m", "layers": layers, **ends}}


@pytest.mark.parametrize(
    ("function", "nodes", "type_name"),
    [
        ("math.add", [["image", 0, 0, {"y": ["image", 0, 0], "name": None}]], "Add"),
        ("__operators__.add", [["image", 0, 0, {"y": 3.0, "name": None}]], "Rescaling"),
        ("math.subtract", [["_CONSTANT_VALUE", -1, 2.0, {"y": ["image", 0, 0]}]], "Rescaling"),
        ("math.subtract", [["_CONSTANT_VALUE", -1, 2, {"y": ["image", 0, 0]}]], "Rescaling"),
        ("concat", [[["image", 0, 0, {"axis": -1}], ["image", 0, 0, {"axis": -1}]]], "Concatenate"),
        ("nn.relu", [["image", 0, 0, {}]], "Activation"),
        ("math.reduce_mean", [["image", 0, 0, {"axis": [1, 2]}]], "GlobalAveragePooling2D"),
        ("math.reduce_max", [["image", 0, 0, {"axis": [1, 2], "keepdims": True}]], "GlobalMaxPooling2D"),
        ("image.resize", [["image", 0, 0, {"size": [8, 8]}]], "CustomLayer"),
    ],
)
def test_each_way_in_which_tensorflow_writes_a_call_is_read(
    function: str, nodes: list[Any], type_name: str
) -> None:
    network = network_from_config(json.loads(json.dumps(_with_nodes(function, nodes)))).network
    assert network.layers[-1].type == type_name
    if function == "math.subtract":
        assert network.layers[-1] == Rescaling(name="op", scale=-1.0, offset=2.0)


def test_a_slice_of_tensorflow_becomes_a_cropping() -> None:
    whole, cut = {"start": None, "stop": None, "step": None}, {"start": 1, "stop": 3, "step": None}
    document = _with_nodes("", [["image", 0, 0, {"slice_spec": [whole, whole, cut]}]])
    document["config"]["layers"][1] |= {"class_name": "SlicingOpLambda"}
    layer = network_from_config(document).network.layers[-1]
    assert layer == Cropping2D(name="op", cropping=((0, 0), (1, 1)))


@pytest.mark.parametrize(
    ("node", "constants", "layer"),
    [
        ("RealDiv", {"1": 2.0}, Rescaling(name="op", scale=0.5)),
        ("Sub", {"0": 1.0}, Rescaling(name="op", scale=-1.0, offset=1.0)),
        ("Relu", {}, Activation(name="op", activation="relu")),
    ],
)
def test_a_node_of_a_graph_of_tensorflow_becomes_a_layer(
    node: str, constants: dict[str, float], layer: Layer
) -> None:
    config = {"name": "op", "node_def": json.dumps({"name": "op", "op": node}), "constants": constants}
    document = _with_nodes("", [["image", 0, 0, {}]])
    document["config"]["layers"][1] |= {"class_name": "TensorFlowOpLayer", "config": config}
    assert network_from_config(document).network.layers[-1] == layer


def test_a_damaged_node_is_kept() -> None:
    document = _with_nodes("", [["image", 0, 0, {}]])
    config = {"name": "op", "node_def": "{", "constants": 7}
    document["config"]["layers"][1] |= {"class_name": "TensorFlowOpLayer", "config": config}
    assert isinstance(network_from_config(document).network.layers[-1], CustomLayer)
