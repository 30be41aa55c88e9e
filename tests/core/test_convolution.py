from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from cnnstudio.core.kernels.convolution import (
    Padding,
    convolve1d,
    convolve2d,
    convolve_layer,
)
from cnnstudio.core.kernels.padding import effective_kernel, same_padding
from cnnstudio.core.kernels.presets import PRESETS
from cnnstudio.core.values.errors import StudioError

PADDINGS: tuple[Padding, ...] = ("valid", "same")


def numbers(*shape: int, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def preset(name: str) -> NDArray[np.float32]:
    return np.array(next(p.values for p in PRESETS if p.name == name), dtype=np.float32)


def test_the_kernel_is_laid_on_unflipped() -> None:
    image = np.zeros((3, 3))
    image[0, 0] = 1
    kernel = np.arange(9).reshape(3, 3) + 1

    assert convolve2d(image, kernel).tolist() == [[1]]


def test_a_signal_by_hand() -> None:
    assert convolve1d([1, 2, 3, 4], [1, 0, -1]).tolist() == [-2, -2]
    assert convolve1d([1, 2, 3, 4], [1, 0, -1], padding="same").tolist() == [-2, -2, -2, 3]
    assert convolve1d([1, 2, 3, 4, 5], [1, 1], stride=2).tolist() == [3, 7]
    assert convolve1d([1, 2, 3, 4, 5], [1, 1], dilation=3).tolist() == [5, 7]


def test_a_horizontal_line_answers_to_its_preset_and_not_to_the_other() -> None:
    image = np.zeros((5, 5))
    image[2] = 1

    across = convolve2d(image, preset("horizontal-lines"))
    down = convolve2d(image, preset("vertical-lines"))

    assert across.tolist() == [[-3] * 3, [3] * 3, [-3] * 3]
    assert down.tolist() == [[-1] * 3] * 3


def test_presets_are_what_their_names_say() -> None:
    image = numbers(6, 7)

    assert np.array_equal(preset("vertical-lines"), preset("horizontal-lines").T)
    assert np.array_equal(preset("sobel-vertical"), preset("sobel-horizontal").T)
    assert np.array_equal(convolve2d(image, preset("identity"), padding="same"), image)
    for name in ("box-blur", "gaussian-blur", "sharpen", "identity", "emboss"):
        assert preset(name).sum() == pytest.approx(1)
    for name in ("sobel-horizontal", "sobel-vertical"):
        assert preset(name).sum() == 0
    assert len({p.name for p in PRESETS}) == len(PRESETS) == 9


def test_same_puts_the_odd_zero_after() -> None:
    assert same_padding(4, 2) == (0, 1)
    assert same_padding(5, 3, stride=2) == (1, 1)
    assert same_padding(6, 3, stride=2) == (0, 1)
    assert same_padding(6, 1, stride=3) == (0, 0)
    assert effective_kernel(3, 4) == 9


@pytest.mark.parametrize(
    ("image", "kernel", "options", "said"),
    [
        ((3, 3, 1), (5, 5, 1, 1), {}, "5 x 5 pixels does not fit"),
        ((3, 3, 1), (2, 2, 1, 1), {"dilation": (3, 3)}, "4 x 4 pixels does not fit"),
        ((3, 3, 2), (3, 3, 1, 1), {}, "image of 2 channels"),
        ((3, 3, 2), (3, 3, 1, 3), {"groups": 2}, "3 filters in 2 groups"),
        ((3, 3, 1), (3, 3, 1, 1), {"strides": (0, 1)}, "1 or more"),
        ((3, 3, 1), (3, 3, 1, 1), {"padding": "full"}, "'valid' or 'same'"),
        ((3, 3, 1), (3, 3, 1, 2), {"bias": np.zeros(3)}, "one per filter, 2"),
        ((3, 3), (3, 3, 1, 1), {}, "must have 3 axes"),
        ((0, 3, 1), (3, 3, 1, 1), {}, "none of them empty"),
    ],
)
def test_what_does_not_go_together_is_refused_in_a_sentence(
    image: tuple[int, ...], kernel: tuple[int, ...], options: dict[str, Any], said: str
) -> None:
    with pytest.raises(StudioError, match=said):
        convolve_layer(np.zeros(image), np.zeros(kernel), **options)


@settings(max_examples=150)
@given(st.data())
def test_a_layer_gives_keras_numbers(data: st.DataObject) -> None:
    draw = data.draw
    kernel_size = draw(st.tuples(st.integers(1, 5), st.integers(1, 5)), "kernel")
    strides = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)), "strides")
    slow = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)), "dilation")
    dilation = slow if strides == (1, 1) else (1, 1)
    padding = draw(st.sampled_from(PADDINGS), "padding")
    spans = [effective_kernel(kernel_size[axis], dilation[axis]) for axis in (0, 1)]
    least = spans if padding == "valid" else (1, 1)
    size = draw(st.tuples(st.integers(least[0], 16), st.integers(least[1], 16)), "size")
    groups, per_group, filters = draw(st.tuples(*[st.integers(1, 3)] * 3), "channels")
    image = numbers(*size, groups * per_group)
    kernel = numbers(*kernel_size, per_group, filters * groups, seed=1)
    bias = numbers(filters * groups, seed=2)

    ours = convolve_layer(
        image, kernel, bias=bias, strides=strides, dilation=dilation, padding=padding, groups=groups
    )
    theirs = keras_by_group(image, kernel, groups, strides=strides, padding=padding, dilation_rate=dilation)
    theirs += bias

    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5 * max(1, np.abs(theirs).max()))


def keras_by_group(
    image: NDArray[np.float32], kernel: NDArray[np.float32], groups: int, **options: Any
) -> NDArray[np.float32]:
    """Keras compiles a grouped convolution anew for each shape and logs that; group by group it does not."""
    from keras import ops

    parts = zip(np.split(image, groups, axis=2), np.split(kernel, groups, axis=3), strict=True)
    maps = [
        ops.convert_to_numpy(ops.conv(part[np.newaxis], filters, **options))[0] for part, filters in parts
    ]
    return np.concatenate(maps, axis=2)


def test_groups_are_those_of_keras() -> None:
    from keras import ops

    image, kernel = numbers(9, 8, 6), numbers(3, 3, 2, 9, seed=1)
    theirs = ops.convert_to_numpy(ops.conv(image[np.newaxis], kernel, padding="same"))[0]

    np.testing.assert_allclose(convolve_layer(image, kernel, padding="same", groups=3), theirs, atol=1e-5)


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (2, 1), (3, 1), (1, 2), (1, 3)])
def test_a_signal_gives_the_numbers_of_conv1d(padding: Padding, stride: int, dilation: int) -> None:
    from keras import layers

    signal, kernel = numbers(23), numbers(4, seed=3)
    layer = layers.Conv1D(1, 4, strides=stride, dilation_rate=dilation, padding=padding, use_bias=False)
    theirs = build_and_call(layer, signal[np.newaxis, :, np.newaxis], kernel[:, np.newaxis, np.newaxis])

    ours = convolve1d(signal, kernel, stride=stride, dilation=dilation, padding=padding)

    np.testing.assert_allclose(ours, theirs[0, :, 0], atol=1e-5)


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("strides", [(1, 1), (2, 2), (3, 3)])
def test_a_map_gives_the_numbers_of_conv2d(padding: Padding, strides: tuple[int, int]) -> None:
    from keras import layers

    image, kernel = numbers(14, 11), numbers(4, 3, seed=3)
    layer = layers.Conv2D(1, (4, 3), strides=strides, padding=padding, use_bias=False)
    theirs = build_and_call(layer, image[np.newaxis, :, :, np.newaxis], kernel[:, :, np.newaxis, np.newaxis])

    ours = convolve2d(image, kernel, strides=strides, padding=padding)

    np.testing.assert_allclose(ours, theirs[0, :, :, 0], atol=1e-5)


def build_and_call(
    layer: object, batch: NDArray[np.float32], kernel: NDArray[np.float32]
) -> NDArray[np.float32]:
    from keras import Layer, ops

    assert isinstance(layer, Layer)
    layer.build(batch.shape)
    layer.set_weights([kernel])
    return np.asarray(ops.convert_to_numpy(layer(batch)))
