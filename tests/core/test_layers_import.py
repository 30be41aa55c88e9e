"""Keras configurations of all versions, and hostile ones, as plain dictionaries."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest

from cnnstudio.core.analysis import analyze
from cnnstudio.core.keras_format.config import Written, layer_from_config
from cnnstudio.core.keras_format.importing import network_from_config
from cnnstudio.core.layers import Conv2D, CustomLayer, Dense, Layer, MaxPooling2D
from cnnstudio.core.layers.initializers import GlorotUniform, HeNormal
from cnnstudio.core.layers.options import L1L2, MaxNorm
from cnnstudio.core.values.errors import StudioError


def _layer(class_name: str, **config: Any) -> Layer:
    layer, notes = layer_from_config(Written(class_name, config), "layer")
    assert notes == ()
    return layer


def test_a_convolution_of_keras_1_is_read() -> None:
    layer = _layer(
        "Convolution2D",
        name="c",
        trainable=True,
        nb_filter=8,
        nb_row=3,
        nb_col=5,
        border_mode="same",
        subsample=[2, 1],
        dim_ordering="tf",
        bias=False,
        init="he_normal",
        activation="relu",
        W_regularizer={"name": "WeightRegularizer", "l1": 0.0, "l2": 0.5},
        b_regularizer=None,
        W_constraint={"name": "MaxNorm", "m": 3, "axis": 0},
        activity_regularizer=None,
    )
    assert layer == Conv2D(
        name="layer",
        filters=8,
        kernel_size=(3, 5),
        padding="same",
        strides=(2, 1),
        use_bias=False,
        kernel_initializer=HeNormal(),
        activation="relu",
        kernel_regularizer=L1L2(l2=0.5),
        kernel_constraint=MaxNorm(max_value=3.0),
    )


def test_a_dense_layer_of_keras_2_is_read() -> None:
    glorot = {"scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": None, "dtype": "float32"}
    layer = _layer(
        "Dense",
        units=3,
        dtype="float32",
        kernel_initializer={"class_name": "VarianceScaling", "config": glorot},
        activation="linear",
    )
    assert layer == Dense(name="layer", units=3, activation="linear", kernel_initializer=GlorotUniform())


def test_settings_left_out_are_the_defaults_of_keras_not_ours() -> None:
    layer = _layer("Conv2D", filters=3, kernel_size=3)
    assert layer == Conv2D(name="layer", filters=3, kernel_size=(3, 3), padding="valid", activation="linear")


@pytest.mark.parametrize(
    ("class_name", "config", "kind"),
    [
        ("MaxPool2D", {"pool_size": [2, 2], "strides": None}, "MaxPooling2D"),
        ("Dropout", {"p": 0.5}, "Dropout"),
        ("GaussianNoise", {"sigma": 0.5}, "GaussianNoise"),
        ("LeakyReLU", {"alpha": 0.1}, "LeakyReLU"),
        ("Merge", {"mode": "sum"}, "Add"),
        ("Merge", {"mode": "concat", "concat_axis": -1}, "Concatenate"),
        ("MaxPooling1D", {"pool_length": 2, "stride": 2, "border_mode": "valid"}, "MaxPooling1D"),
        ("BatchNormalization", {"axis": [3], "mode": 0, "epsilon": 0.001}, "BatchNormalization"),
        ("SeparableConv2D", {"filters": 3, "kernel_size": 3, "groups": 1}, "SeparableConv2D"),
        ("Reshape", {"target_shape": {"class_name": "__tuple__", "items": [3, -1]}}, "Reshape"),
    ],
)
def test_old_names_are_read(class_name: str, config: dict[str, Any], kind: str) -> None:
    assert _layer(class_name, **config).type == kind


@pytest.mark.parametrize(
    ("class_name", "config"),
    [
        ("Conv2D", {"filters": 3, "kernel_size": 3, "data_format": "channels_first"}),
        ("Convolution2D", {"nb_filter": 3, "nb_row": 3, "nb_col": 3, "dim_ordering": "th"}),
        ("Conv2D", {"filters": 3, "kernel_size": 3, "activation": "my_function"}),
        ("Conv2D", {"filters": 3, "kernel_size": 3, "activation": {"class_name": "ReLU", "config": {}}}),
        ("Dense", {"units": 3, "lora_rank": 4}),
        ("Dense", {"units": 3, "kernel_regularizer": {"class_name": "Own", "config": {}}}),
        ("BatchNormalization", {"renorm": True}),
        ("LSTM", {"units": 3, "return_state": True}),
        ("GRU", {"units": 3, "stateful": True}),
        ("Dense", {"units": 3, "dtype": {"class_name": "QuantizedDTypePolicy", "config": {"mode": "int8"}}}),
        ("Dense", {"units": 3, "dtype": "int8_from_float32"}),
        ("EinsumDense", {"equation": "ab,b->a", "output_shape": []}),
        ("RNN", {"cell": {"class_name": "LSTMCell", "config": {"units": 3}}}),
        ("Bidirectional", {"layer": {"class_name": "LSTM", "config": {"units": 3}}, "merge_mode": None}),
        ("TimeDistributed", {"layer": {"class_name": "Own", "config": {}}}),
        ("TimeDistributed", {"layer": {"class_name": "Add", "config": {}}}),
        ("SpectralNormalization", {"layer": {"class_name": "ReLU", "config": {}}}),
    ],
)
def test_what_the_catalogue_does_not_cover_is_kept_untouched(class_name: str, config: dict[str, Any]) -> None:
    layer, notes = layer_from_config(Written(class_name, config), "layer")
    assert isinstance(layer, CustomLayer)
    assert layer.class_name == class_name
    assert layer.keras_config() == {**config, "name": "layer"}
    assert len(notes) == 1


def test_an_unknown_initializer_is_left_out_with_a_note() -> None:
    config = {"units": 3, "activation": "relu", "kernel_initializer": {"class_name": "Own", "config": {}}}
    layer, notes = layer_from_config(Written("Dense", config), "layer")
    assert layer == Dense(name="layer", units=3, activation="relu")
    assert notes == ("layer: its kernel_initializer is unknown here; the usual one is used.",)


@pytest.mark.parametrize(
    ("class_name", "config"),
    [
        ("Conv2D", {"kernel_size": 3}),
        ("Dense", {}),
        ("Rescaling", {}),
        ("Conv2D", {"filters": -3, "kernel_size": 3}),
        ("Conv2D", {"filters": 3, "kernel_size": 0}),
        ("Conv2D", {"filters": "three", "kernel_size": 3}),
        ("Conv2D", {"filters": None, "kernel_size": 3}),
        ("Conv2D", {"filters": 3, "kernel_size": [[[3]]]}),
        ("Conv2D", {"filters": 3, "kernel_size": {"a": 1}}),
        ("Conv2D", {"filters": 3, "kernel_size": 3, "padding": "around"}),
        ("Dense", {"units": 10**9}),
        ("Dense", {"units": float("nan")}),
        ("Dropout", {"rate": 7}),
        ("Permute", {"dims": [1, 1]}),
        ("Reshape", {"target_shape": [-1, -1]}),
        ("Normalization", {"mean": [1.0, 2.0], "variance": [1.0]}),
    ],
)
def test_absurd_settings_are_one_clear_error(class_name: str, config: dict[str, Any]) -> None:
    with pytest.raises(StudioError, match="layer"):
        layer_from_config(Written(class_name, config), "layer")


def _sequential(*layers: dict[str, Any]) -> dict[str, Any]:
    return {"class_name": "Sequential", "config": [*layers]}


def _written(class_name: str, **config: Any) -> dict[str, Any]:
    return {"class_name": class_name, "config": config}


FIRST = _written("Dense", name="first", units=4, batch_input_shape=[None, 3])


def test_a_sequential_model_without_an_input_layer_takes_the_shape_of_its_first() -> None:
    network = network_from_config(_sequential(FIRST, _written("Dense", name="second", units=2))).network
    assert [layer.name for layer in network.layers] == ["input", "first", "second"]
    assert analyze(network).output_shape == (2,)


def test_a_sequential_model_of_keras_1_takes_its_input_dim() -> None:
    first = _written("Dense", name="first", output_dim=4, input_dim=7)
    assert network_from_config(_sequential(first)).network.input_shape == (7,)


def _functional(*layers: tuple[str, list[str]], output: str) -> dict[str, Any]:
    """Dense layers and what each takes, in the nested lists of Keras 2."""
    entrance = {**_written("InputLayer", batch_input_shape=[None, 4]), "name": "in", "inbound_nodes": []}
    dense = [
        {
            **_written("Dense" if len(takes) == 1 else "Add", **({"units": 4} if len(takes) == 1 else {})),
            "name": name,
            "inbound_nodes": [[[source, 0, 0, {}] for source in takes]],
        }
        for name, takes in layers
    ]
    config = {"layers": [entrance, *dense], "input_layers": [["in", 0, 0]], "output_layers": [[output, 0, 0]]}
    return {"class_name": "Model", "config": config}


def test_layers_written_out_of_order_are_brought_into_one_that_runs() -> None:
    document = _functional(("c", ["b"]), ("b", ["a"]), ("a", ["in"]), ("sum", ["a", "c"]), output="sum")
    network = network_from_config(document).network
    assert [layer.name for layer in network.layers] == ["in", "a", "b", "c", "sum"]
    assert network.layer("sum").inputs == ("a", "c")


def test_layers_that_lead_nowhere_are_left_out_with_a_note() -> None:
    result = network_from_config(_functional(("a", ["in"]), ("dead", ["a"]), output="a"))
    assert [layer.name for layer in result.network.layers] == ["in", "a"]
    assert len(result.notes) == 1


def _nested(depth: int) -> dict[str, Any]:
    model = _sequential(FIRST)
    for _ in range(depth):
        model = _sequential(model)
    return model


def _marked(value: Any) -> dict[str, Any]:
    document = _functional(("a", ["in"]), output="a")
    document["config"]["layers"][1]["inbound_nodes"] = value
    return document


def _doubled(inner: dict[str, Any]) -> dict[str, Any]:
    """A model that uses another one twice, one after the other."""
    document = _functional(("m", ["in"]), output="m")
    config = document["config"]
    config["layers"][1] |= {
        "class_name": "Model",
        "config": inner,
        "inbound_nodes": [[["in", 0, 0, {}]], [["m", 0, 0, {}]]],
    }
    config["output_layers"] = [["m", 1, 0]]
    return document


def _doubling(levels: int) -> dict[str, Any]:
    document = _functional(("a", ["in"]), output="in")
    del document["config"]["layers"][1]
    for _ in range(levels):
        document = _doubled(document["config"])
    return document


HOSTILE: list[Any] = [
    _doubling(30),
    None,
    [],
    "Sequential",
    {"class_name": "Sequential"},
    {"class_name": "MyModel", "config": {}},
    _sequential(),
    _sequential(_written("Dense", units=4)),
    _sequential({"class_name": "Dense"}),
    _sequential({**FIRST, "name": 7}),
    _sequential(*[FIRST] * 100_000),
    _nested(40),
    _nested(5_000),
    _functional(("a", ["b"]), ("b", ["a"]), output="b"),
    _functional(("a", ["a"]), output="a"),
    _functional(("a", ["missing"]), output="a"),
    _functional(("a", ["in"]), output="missing"),
    _functional(("a", ["in"]), ("a", ["in"]), output="a"),
    _marked([[["in", 0, 5, {}]]]),
    _marked([[]]),
    _marked("in"),
    _marked([{"args": [{"class_name": "__keras_tensor__", "config": {}}], "kwargs": {}}]),
    _marked([{"args": [], "kwargs": {}}]),
    {"class_name": "Functional", "config": {"layers": [FIRST], "input_layers": [], "output_layers": []}},
    _sequential(_written("InputLayer", batch_input_shape=[None, -5])),
    _sequential(_written("InputLayer", batch_input_shape="abc")),
]


@pytest.mark.parametrize("document", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_configuration_is_one_clear_error(document: Any) -> None:
    with pytest.raises(StudioError):
        network_from_config(document)


def test_a_layer_called_like_another_gets_a_name_of_its_own() -> None:
    twins = _sequential(FIRST, _written("Dense", name="first", units=2))
    assert [layer.name for layer in network_from_config(twins).network.layers][1:] == ["first", "first_2"]


def test_many_layers_of_one_name_are_numbered() -> None:
    twins = _sequential(
        FIRST, *[_written("Dense", name="first", units=2) for _ in range(3)], _written("ReLU", name="first_2")
    )
    names = [layer.name for layer in network_from_config(twins).network.layers][1:]
    assert names == ["first", "first_2", "first_3", "first_4", "first_2_2"]


def test_signs_that_nobody_sees_are_taken_out_of_names() -> None:
    layer = _written("Dense", name="a\x1b[31m\ud800\n b", units=2, batch_input_shape=[None, 3])
    assert network_from_config(_sequential(layer)).network.layers[1].name == "a_[31m_ b"


def test_a_pool_without_strides_moves_by_its_own_size() -> None:
    assert _layer("MaxPooling2D", pool_size=[3, 3]) == MaxPooling2D(name="layer", pool_size=(3, 3))


FIXTURES = Path(__file__).parents[1] / "fixtures"
JUNK: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    10**30,
    1.5,
    float("inf"),
    "",
    "x",
    " ",
    [],
    {},
    [[]],
    [None],
    {"a": []},
    "channels_first",
    {"class_name": "__keras_tensor__", "config": {}},
)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container within a document, with each of its keys."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])


def test_a_configuration_with_something_else_in_any_place_is_read_or_refused_in_a_sentence() -> None:
    text = (FIXTURES / "tensorspace_mnist_weights_keras2.2.2.topology.json").read_text()
    functional = json.dumps(_functional(("a", ["in"]), ("b", ["a"]), ("sum", ["a", "b"]), output="sum"))
    operations = (FIXTURES / "tfoplambda_tutorial.json").read_text()
    rng = Random(1)
    for source in (text, functional, *[operations] * 5):
        for place in range(sum(1 for _ in _places(json.loads(source)))):
            document = json.loads(source)
            container, key = list(_places(document))[place]
            container[key] = rng.choice(JUNK)
            with suppress(StudioError):
                analyze(network_from_config(document).network)
