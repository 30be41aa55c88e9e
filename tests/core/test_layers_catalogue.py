"""What every layer type must have, and the numbers of the less usual ones."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from cnnstudio.core.analysis import analyze
from cnnstudio.core.layers import (
    GRU,
    LAYER_BY_TYPE,
    LAYER_TYPES,
    LSTM,
    AveragePooling1D,
    BatchNormalization,
    Bidirectional,
    CenterCrop,
    Conv1D,
    Conv2D,
    Conv2DTranspose,
    Conv3D,
    ConvLSTM1D,
    ConvLSTM2D,
    Cropping2D,
    CustomLayer,
    Dense,
    DepthwiseConv2D,
    EinsumDense,
    GlobalMaxPooling2D,
    GroupNormalization,
    Input,
    Layer,
    LayerError,
    LayerNormalization,
    MultiHeadAttention,
    Normalization,
    PReLU,
    RepeatVector,
    Rescaling,
    Reshape,
    Resizing,
    SeparableConv2D,
    SimpleRNN,
    SpectralNormalization,
    TimeDistributed,
    UpSampling2D,
    ZeroPadding2D,
)
from cnnstudio.core.layers.initializers import INITIALIZERS
from cnnstudio.core.layers.options import CONSTRAINTS, L2, REGULARIZERS, Option
from cnnstudio.core.network import Network
from cnnstudio.core.values.shape import Shape

ICONS = Path(__file__).parents[2] / "resources" / "icons"
OPTIONS = [*INITIALIZERS, *REGULARIZERS, *CONSTRAINTS]
IN_PALETTE = [kind for kind in LAYER_TYPES if kind.in_palette]


@pytest.mark.parametrize("kind", LAYER_TYPES, ids=lambda kind: kind.__name__)
def test_every_type_has_what_the_window_shows(kind: type[Layer]) -> None:
    assert kind.title
    assert kind.__doc__
    assert (ICONS / f"{kind.icon}.svg").is_file()
    for name, field in kind.model_fields.items():
        if name not in ("type", "name"):
            assert field.title, name
            assert field.description, name
            assert field.description.endswith("."), name


def test_titles_are_unique() -> None:
    assert len({kind.title for kind in LAYER_TYPES}) == len(LAYER_TYPES)


def test_only_what_a_person_cannot_add_is_not_in_the_palette() -> None:
    assert set(LAYER_TYPES) - set(IN_PALETTE) == {Input, CustomLayer}


@pytest.mark.parametrize("kind", IN_PALETTE, ids=lambda kind: kind.__name__)
def test_every_type_of_the_palette_can_be_added_as_it_is(kind: type[Layer]) -> None:
    layer = kind(type=kind.__name__, name="new")
    assert LAYER_BY_TYPE[layer.type] is kind
    assert layer.keras_class() == kind.__name__


def test_a_network_of_every_type_comes_back_from_json() -> None:
    layers = [kind(type=kind.__name__, name=kind.__name__) for kind in IN_PALETTE]
    custom = CustomLayer(name="own", class_name="Own", config={"a": [1, {"b": None}], "c": "d"})
    network = Network(layers=(Input(name="input"), *layers, custom))
    assert Network.model_validate_json(network.model_dump_json()) == network


@pytest.mark.parametrize("option", OPTIONS, ids=lambda kind: kind.__name__)
def test_every_option_explains_its_settings(option: type[Option]) -> None:
    assert option.__doc__
    for name, field in option.model_fields.items():
        if name != "type":
            assert field.title, name
            assert field.description, name


def test_options_are_written_as_keras_writes_them() -> None:
    config = Dense(name="d", kernel_regularizer=L2(l2=0.5)).keras_config()
    assert config["kernel_regularizer"] == {
        "module": "keras.regularizers",
        "class_name": "L2",
        "config": {"l2": 0.5},
        "registered_name": None,
    }


def _sums(layer: Layer, shape: Shape) -> list[str]:
    layer.output_shape((shape,))
    return [f"{one.label}: {one.text}" for one in layer.arithmetic((shape,))]


@pytest.mark.parametrize(
    ("layer", "shape", "sums"),
    [
        (
            DepthwiseConv2D(name="l", depth_multiplier=2, kernel_size=(3, 3), padding="valid"),
            (28, 28, 4),
            [
                "height: floor((28 - 3 + 2*0) / 1) + 1 = 26",
                "width: floor((28 - 3 + 2*0) / 1) + 1 = 26",
                "channels: 4*2 = 8",
                "parameters: 3*3*4*2 weights + 8 biases = 80",
            ],
        ),
        (
            SeparableConv2D(name="l", filters=10, kernel_size=(3, 3), strides=(2, 2)),
            (28, 28, 4),
            [
                "height: floor((28 - 3 + (0 + 1)) / 2) + 1 = 14",
                "width: floor((28 - 3 + (0 + 1)) / 2) + 1 = 14",
                "channels: 10 filters = 10",
                "parameters: 3*3*4*1 weights + 4*10 weights + 10 biases = 86",
            ],
        ),
        (
            Conv2DTranspose(name="l", filters=8, kernel_size=(4, 3), strides=(2, 2), padding="valid"),
            (7, None, 3),
            [
                "height: (7 - 1)*2 + max(4, 2) = 16",
                "width: known when an image arrives",
                "channels: 8 filters = 8",
                "parameters: 4*3*3*8 weights + 8 biases = 296",
            ],
        ),
        (
            Conv1D(name="l", filters=2, kernel_size=(3,), dilation_rate=(2,), padding="causal"),
            (10, 1),
            [
                "length: floor((10 - (2*(3 - 1) + 1 = 5) + (4 + 0)) / 1) + 1 = 10",
                "channels: 2 filters = 2",
                "parameters: 3*1*2 weights + 2 biases = 8",
            ],
        ),
        (
            Cropping2D(name="l", cropping=((1, 2), (0, 3))),
            (9, 9, 3),
            ["height: 9 - 1 - 2 = 6", "width: 9 - 0 - 3 = 6", "parameters: 0"],
        ),
        (Reshape(name="l", target_shape=(-1, 3)), (4, 6), ["numbers: 4*6 = 8*3", "parameters: 0"]),
        (PReLU(name="l", shared_axes=(1, 2)), (4, 4, 6), ["parameters: 1*1*6 = 6"]),
        (GroupNormalization(name="l", groups=2), (4, 4, 6), ["parameters: 6 gamma + 6 beta = 12"]),
        (Normalization(name="l"), (4, 4, 3), ["parameters: 3 mean + 3 variance + 1 count = 7"]),
        (
            Conv3D(name="l", filters=2, kernel_size=(3, 3, 1), strides=(1, 2, 1), padding="valid"),
            (5, 9, 4, 3),
            [
                "depth: floor((5 - 3 + 2*0) / 1) + 1 = 3",
                "height: floor((9 - 3 + 2*0) / 2) + 1 = 4",
                "width: floor((4 - 1 + 2*0) / 1) + 1 = 4",
                "channels: 2 filters = 2",
                "parameters: 3*3*1*3*2 weights + 2 biases = 56",
            ],
        ),
        (
            LSTM(name="l", units=5, return_sequences=True),
            (7, 3),
            [
                "steps: 7, one result each",
                "features: 5 units",
                "parameters: 4*3*5 weights + 4*5*5 weights + 4*5 biases = 180",
            ],
        ),
        (
            GRU(name="l", units=5),
            (None, 3),
            [
                "steps: ?, only the last result is given",
                "features: 5 units",
                "parameters: 3*3*5 weights + 3*5*5 weights + 2*3*5 biases = 150",
            ],
        ),
        (
            MultiHeadAttention(name="l", num_heads=2, key_dim=3, use_bias=False),
            (7, 8),
            [
                "channels: 8",
                "query: 8*2*3 weights",
                "key: 8*2*3 weights",
                "value: 8*2*3 weights",
                "attention_output: 2*3*8 weights",
                "parameters: all of these = 192",
            ],
        ),
        (
            Bidirectional(name="l", layer=SimpleRNN(name="r", units=4)),
            (7, 3),
            [
                "steps: 7, only the last result is given",
                "features: 4 units",
                "parameters: 3*4 weights + 4*4 weights + 4 biases = 32",
                "both ways: 2*32 = 64",
                "joined: concat: 8",
            ],
        ),
        (
            TimeDistributed(name="l", layer=Dense(name="d", units=2)),
            (7, 3),
            ["steps: 7, each by itself", "features: 2 units", "parameters: 3*2 weights + 2 biases = 8"],
        ),
        (
            SpectralNormalization(name="l", layer=Dense(name="d", units=2)),
            (3,),
            [
                "features: 2 units",
                "parameters: 3*2 weights + 2 biases = 8",
                "with its vector: 8 + 2 = 10",
            ],
        ),
    ],
    ids=lambda value: value.type if isinstance(value, Layer) else "",
)
def test_the_arithmetic_is_shown_with_its_numbers(layer: Layer, shape: Shape, sums: list[str]) -> None:
    assert _sums(layer, shape) == sums


@pytest.mark.parametrize(
    ("layer", "macs"),
    [
        (Conv2D(name="l", filters=16, groups=4, kernel_size=(3, 3)), 10 * 10 * 3 * 3 * 2 * 16),
        (DepthwiseConv2D(name="l", depth_multiplier=2), 10 * 10 * 3 * 3 * 8 * 2),
        (SeparableConv2D(name="l", filters=16), 10 * 10 * (3 * 3 * 8 + 8 * 16)),
        (Conv2DTranspose(name="l", filters=4, strides=(2, 2)), 10 * 10 * 8 * 3 * 3 * 4),
        (Dense(name="l", units=5), 10 * 10 * 8 * 5),
        (BatchNormalization(name="l"), 0),
        (ConvLSTM1D(name="l", filters=2, kernel_size=(3,)), 10 * 10 * 3 * (8 + 2) * 4 * 2),
        (TimeDistributed(name="l", layer=Conv1D(name="c", filters=2)), 10 * 10 * 3 * 8 * 2),
        (EinsumDense(name="l", equation="abcd,de->abce", result_shape=(None, None, 5)), 10 * 10 * 8 * 5),
        (
            MultiHeadAttention(name="l", num_heads=2, key_dim=3, value_dim=4),
            100 * (8 * 2 * 3 * 2 + 8 * 2 * 4 * 2) + 100 * 100 * 2 * (3 + 4),
        ),
    ],
    ids=lambda value: value.type if isinstance(value, Layer) else "",
)
def test_macs_count_each_weight_at_each_position(layer: Layer, macs: int) -> None:
    inputs = ((10, 10, 8),)
    assert layer.macs(inputs, layer.output_shape(inputs)) == macs


def test_macs_of_a_recurrent_layer_are_those_of_all_its_steps() -> None:
    lstm, inputs = LSTM(name="l", units=5), ((7, 3),)
    assert lstm.macs(inputs, (5,)) == 7 * 4 * 5 * (3 + 5)
    assert Bidirectional(name="b", layer=lstm).macs(inputs, (10,)) == 2 * 7 * 4 * 5 * (3 + 5)


def test_a_step_by_step_layer_sees_one_step_and_what_its_layer_sees_of_it() -> None:
    frames = TimeDistributed(name="t", layer=Conv2D(name="c", strides=(2, 2), padding="valid"))
    assert _field((5, 9, 9, 1), frames) == ((1, 1, 0), (3, 2, 1), (3, 2, 1))
    assert _field((5, 9), TimeDistributed(name="t", layer=Dense(name="d"))) == ((1, 1, 0),)
    assert _field((5, 9), LSTM(name="l", return_sequences=True)) == ()


def test_attention_takes_a_query_and_a_value_when_two_layers_arrive() -> None:
    layer = MultiHeadAttention(name="l", num_heads=2, key_dim=3)
    assert layer.output_shape(((7, 8),)) == (7, 8)
    assert layer.output_shape(((7, 8), (5, 6))) == (7, 8)
    assert [one.shape for one in layer.weights(((7, 8), (5, 6))) if one.name.endswith("kernel")] == [
        (8, 2, 3),
        (6, 2, 3),
        (6, 2, 3),
        (2, 3, 8),
    ]
    assert layer.call_arguments(["a"]) == ("a", "a")
    assert layer.call_arguments(["a", "b"]) == ("a", "b")


def test_what_would_mend_the_layer_inside_changes_it() -> None:
    layer = TimeDistributed(name="t", layer=Conv2D(name="c", kernel_size=(9, 9), padding="valid"))
    with pytest.raises(LayerError) as caught:
        layer.output_shape(((3, 5, 5, 1),))
    assert caught.value.remedy is not None
    mended = layer.updated(**caught.value.remedy.changes)
    assert mended.output_shape(((3, 5, 5, 1),)) == (3, 5, 5, 32)


def _field(shape: Shape, *layers: Layer) -> tuple[tuple[float, float, float], ...]:
    rows = analyze(Network(layers=(Input(name="input", shape=shape), *layers))).rows
    return tuple((axis.size, axis.jump, axis.start) for axis in rows[-1].receptive_field or ())


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        ((UpSampling2D(name="up"),), (1, 0.5, -0.25)),
        ((ZeroPadding2D(name="pad", padding=((3, 3), (3, 3))),), (1, 1, -3)),
        ((Cropping2D(name="cut", cropping=((2, 1), (2, 1))),), (1, 1, 2)),
        ((Conv2DTranspose(name="t", kernel_size=(2, 2), strides=(2, 2), padding="valid"),), (1, 0.5, -0.25)),
        ((Conv2DTranspose(name="t", kernel_size=(3, 3), padding="same"),), (3, 1, 0)),
        ((Resizing(name="r", height=8, width=8, interpolation="nearest"),), (1, 2, 0.5)),
        ((CenterCrop(name="c", height=8, width=8),), (1, 1, 4)),
        ((Conv2D(name="c", strides=(2, 2), padding="valid"), UpSampling2D(name="up")), (3, 1, 0.5)),
    ],
    ids=lambda value: "",
)
def test_the_receptive_field_follows_through_layers_that_move_or_enlarge(
    layers: tuple[Layer, ...], expected: tuple[float, float, float]
) -> None:
    assert _field((16, 16, 1), *layers) == (expected, expected)


@pytest.mark.parametrize(
    ("layer", "shape", "code"),
    [
        (GroupNormalization(name="l", groups=4), (8, 8, 6), "S08"),
        (Reshape(name="l", target_shape=(5, -1)), (4, 4), "S08"),
        (Cropping2D(name="l", cropping=((2, 2), (0, 0))), (4, 4, 1), "S01"),
        (LayerNormalization(name="l", axis=4), (4, 4, 1), "S07"),
        (AveragePooling1D(name="l"), (8, 8, 3), "S07"),
        (GlobalMaxPooling2D(name="l"), (8,), "S07"),
        (Conv2DTranspose(name="l", output_padding=(1, 1)), (8, 8, 3), "S08"),
        (Rescaling(name="l", scale=(1.0, 2.0)), (8, 8, 3), "S08"),
        (CustomLayer(name="l", class_name="Own"), (8,), "S10"),
        (Conv3D(name="l"), (8, 8, 3), "S07"),
        (LSTM(name="l"), (8, None), "S01"),
        (ConvLSTM2D(name="l"), (8, 8, 3), "S07"),
        (ConvLSTM2D(name="l"), (5, None, 8, 3), "S01"),
        (MultiHeadAttention(name="l"), (8,), "S07"),
        (MultiHeadAttention(name="l", attention_axes=(2,)), (8, 3), "S07"),
        (EinsumDense(name="l", equation="abc,cd=>abd"), (8, 3), "S08"),
        (EinsumDense(name="l", equation="abc,cd->abd", result_shape=(9, 4)), (8, 3), "S08"),
        (EinsumDense(name="l", equation="ab,bc->ac"), (8, 3), "S08"),
        (EinsumDense(name="l", result_shape=(2, 3)), (8, 3), "S08"),
        (RepeatVector(name="l"), (8, 3), "S07"),
        (Bidirectional(name="l", layer=GRU(name="g", go_backwards=True)), (8, 3), "S08"),
        (TimeDistributed(name="l"), (8,), "S07"),
    ],
    ids=lambda value: value.type if isinstance(value, Layer) else "",
)
def test_a_refusal_has_a_code_and_names_what_arrives(layer: Layer, shape: Shape, code: str) -> None:
    with pytest.raises(LayerError) as caught:
        layer.output_shape((shape,))
    assert caught.value.code == code
    assert caught.value.message.endswith(".")


def test_a_custom_layer_has_the_shape_and_counts_the_import_gave_it() -> None:
    layer = CustomLayer(name="l", class_name="Own", known_output_shape=(None, 3), known_parameters=(10, 2))
    assert layer.output_shape(((8,),)) == (None, 3)
    assert [(weight.count, weight.trainable) for weight in layer.weights(((8,),))] == [(10, True), (2, False)]


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        (Conv2D, {"filters": 0}),
        (Conv2D, {"kernel_size": (3, 3, 3)}),
        (Conv2D, {"padding": "causal"}),
        (GroupNormalization, {"groups": 0}),
        (Normalization, {"mean": 1.0}),
        (Resizing, {"crop_to_aspect_ratio": True, "pad_to_aspect_ratio": True}),
        (Bidirectional, {"layer": {"type": "Dense", "name": "d"}}),
        (Bidirectional, {"merge_mode": None}),
        (TimeDistributed, {"layer": {"type": "TimeDistributed", "name": "t"}}),
        (TimeDistributed, {"layer": {"type": "Dense", "name": "d", "inputs": ["a"]}}),
        (TimeDistributed, {"layer": {"type": "Dense", "name": "a b"}}),
    ],
)
def test_settings_out_of_range_are_refused(kind: type[Layer], settings: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        kind.model_validate({"type": kind.__name__, "name": "l", **settings})


@pytest.mark.parametrize(
    ("given", "kept"),
    [(3, (3, 3)), ([3, 5], (3, 5)), ((3, 5), (3, 5))],
)
def test_one_number_stands_for_both_axes(given: object, kept: tuple[int, int]) -> None:
    layer = Conv2D.model_validate({"name": "l", "kernel_size": given})
    assert layer.kernel_size == kept
