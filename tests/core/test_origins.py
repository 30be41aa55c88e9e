"""Every size knows the layer that made it and the sum that did."""

import pytest

from cnnstudio.core.analysis import analyze
from cnnstudio.core.analysis.origins import origin, origins
from cnnstudio.core.layers import (
    Concatenate,
    Conv2D,
    Conv2DTranspose,
    Cropping2D,
    Dense,
    Flatten,
    GlobalAveragePooling2D,
    Input,
    Layer,
    MaxPooling2D,
    Permute,
    ReLU,
    UpSampling2D,
    ZeroPadding2D,
)
from cnnstudio.core.network import Network


def _text(axis: int, *layers: Layer, shape: tuple[int | None, ...] = (28, 28, 1)) -> str:
    network = Network(layers=(Input(name="input", shape=shape), *layers))
    return origin(analyze(network), network.layers[-1].name, axis).text


def _conv(name: str, kernel: int, stride: int = 1, padding: str = "valid") -> Conv2D:
    return Conv2D.model_validate(
        {"name": name, "kernel_size": (kernel, kernel), "strides": (stride, stride), "padding": padding}
    )


@pytest.mark.parametrize(
    ("layers", "text"),
    [
        ((_conv("conv1", 3),), "26 was made by conv1: 28 - 3 + 1"),
        ((_conv("conv1", 4), MaxPooling2D(name="pool1")), "12 was made by pool1: 25 / 2 rounded down"),
        ((MaxPooling2D(name="pool1"),), "14 was made by pool1: 28 / 2"),
        ((_conv("conv1", 3, 2),), "13 was made by conv1: (28 - 3) / 2 rounded down, + 1"),
        ((_conv("conv1", 4, 2),), "13 was made by conv1: (28 - 4) / 2, + 1"),
        ((_conv("conv1", 3, 3, "same"),), "10 was made by conv1: 28 / 3 rounded up"),
        ((UpSampling2D(name="up"),), "56 was made by up: 28*2"),
        ((ZeroPadding2D(name="pad"),), "30 was made by pad: 28 + 1 + 1"),
        ((Cropping2D(name="cut", cropping=((1, 2), (0, 0))),), "25 was made by cut: 28 - 1 - 2"),
        ((Conv2DTranspose(name="up", strides=(2, 2)),), "56 was made by up: 28*2"),
    ],
)
def test_the_sum_is_told_in_words(layers: tuple[Layer, ...], text: str) -> None:
    assert _text(0, *layers) == text


def test_layers_that_pass_a_size_on_are_passed_over() -> None:
    same = _conv("conv2", 3, 1, "same")
    assert _text(1, _conv("conv1", 3), ReLU(name="relu"), same) == "26 was made by conv1: 28 - 3 + 1"


def test_channels_are_made_by_the_filters_even_when_as_many_arrive() -> None:
    assert _text(-1, _conv("conv1", 3), _conv("conv2", 3)) == "32 was made by conv2: 32 filters"


def test_channels_pass_through_pooling_and_global_pooling() -> None:
    layers = (_conv("conv1", 3), MaxPooling2D(name="pool"), GlobalAveragePooling2D(name="gap"))
    assert _text(0, *layers) == "32 was made by conv1: 32 filters"


def test_flatten_makes_its_size_out_of_all_axes() -> None:
    assert _text(0, Flatten(name="flatten")) == "784 was made by flatten: 28*28*1"


def test_units_are_made_by_the_dense() -> None:
    assert _text(0, Flatten(name="f"), Dense(name="out", units=10)) == "10 was made by out: 10 units"


def test_joined_channels_are_the_sum_of_the_branches() -> None:
    layers = (_conv("a", 3), _conv("b", 1), Concatenate(name="join", inputs=("a", "b")))
    assert _text(-1, *layers) == "64 was made by join: 32 + 32"


def test_a_size_nobody_changed_came_with_the_input() -> None:
    assert _text(0, ReLU(name="relu")) == "28 was made by input: the size of one sample"


def test_swapped_axes_are_not_mistaken_for_passed_on_ones() -> None:
    assert _text(0, Permute(name="swap", dims=(2, 1, 3)), shape=(28, 28, 1)).startswith("28 was made by swap")


def test_an_axis_that_is_not_there_is_an_index_error() -> None:
    with pytest.raises(IndexError):
        _text(3, ReLU(name="relu"))


def test_all_sizes_of_a_layer_are_told_at_once_each_by_its_own_maker() -> None:
    layers = (_conv("conv1", 3), ZeroPadding2D(name="pad", padding=((1, 0), (0, 0))), ReLU(name="relu"))
    analysis = analyze(Network(layers=(Input(name="input", shape=(28, 28, 1)), *layers)))
    assert [one.layer for one in origins(analysis, "relu")] == ["pad", "conv1", "conv1"]
    assert origins(analysis, "relu") == tuple(origin(analysis, "relu", axis) for axis in range(3))


def test_a_layer_without_a_shape_has_no_origins() -> None:
    layers = (_conv("conv1", 99), ReLU(name="relu"))
    analysis = analyze(Network(layers=(Input(name="input", shape=(28, 28, 1)), *layers)))
    assert origins(analysis, "conv1") == origins(analysis, "relu") == ()


def test_the_layer_stands_in_the_middle_of_what_is_said() -> None:
    made = origin(analyze(Network(layers=(Input(name="input"), _conv("conv1", 3)))), "conv1", 0)
    assert made.around == ("26 was made by ", ": 28 - 3 + 1")
