"""Models that keep channels first give the same answers with channels last, and have the same weights."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from cnnstudio.core.analysis import analyze
from cnnstudio.core.layers import BatchNormalization, Concatenate
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.importers import from_keras
from cnnstudio.engine.keras.model import build_model

NOTE = "The model keeps channels first; here they are last, with the same results."


@contextmanager
def _channels_first() -> Iterator[None]:
    keras.backend.set_image_data_format("channels_first")
    try:
        yield
    finally:
        keras.backend.set_image_data_format("channels_last")


def _model(build: Callable[[Any], Any], shape: tuple[int, ...] = (3, 8, 10)) -> Any:
    with _channels_first():
        image = keras.Input(shape, name="image")
        model = keras.Model(image, build(image))
    rng = np.random.default_rng(3)
    for weight in model.weights:
        weight.assign(rng.uniform(0.1, 0.4, weight.shape))
    return model


def _with_axes(image: Any) -> Any:
    conv = layers.Conv2D(4, 3, strides=2, padding="same")(image)
    normal = layers.ReLU()(layers.BatchNormalization(axis=1)(conv))
    deep = layers.DepthwiseConv2D(3, padding="same")(normal)
    both = layers.SpatialDropout2D(0.2)(layers.Concatenate(axis=1)([normal, deep]))
    return layers.GlobalMaxPooling2D()(layers.Softmax(axis=-3)(both))


def _with_maps_that_grow(image: Any) -> Any:
    padded = layers.ZeroPadding2D(((1, 0), (2, 1)))(image)
    grown = layers.Cropping2D(((0, 1), (1, 0)))(layers.UpSampling2D((2, 1))(padded))
    return layers.Conv2DTranspose(2, 3, strides=2)(layers.SeparableConv2D(3, 2)(grown))


def _flattened_in_order(image: Any) -> Any:
    pooled = layers.AveragePooling2D(2)(layers.Conv2D(4, 3)(image))
    return layers.Dense(5)(layers.Flatten(data_format="channels_last")(pooled))


def _flattened_by_keras(image: Any) -> Any:
    return layers.Dense(5)(layers.Flatten()(layers.Conv2D(4, 3)(image)))


def _with_layers_that_see_the_order(image: Any) -> Any:
    sloped = layers.PReLU(shared_axes=[2, 3])(layers.Conv2D(4, 3)(image))
    normal = layers.LayerNormalization()(sloped)
    return layers.Dense(6)(layers.Permute((1, 3, 2))(normal))


def _made_into_maps(image: Any) -> Any:
    rows = layers.Dense(24)(layers.GlobalAveragePooling2D()(layers.Conv2D(4, 3)(image)))
    return layers.Conv2D(3, 2)(layers.Reshape((2, 3, 4))(rows))


def _with_operations(image: Any) -> Any:
    conv = layers.Conv2D(4, 3)(image)
    return conv * keras.ops.mean(conv, axis=(2, 3), keepdims=True) + keras.ops.relu(conv / 2.0 - 1.0)


MODELS = (
    _with_axes,
    _with_maps_that_grow,
    _flattened_in_order,
    _flattened_by_keras,
    _with_layers_that_see_the_order,
    _made_into_maps,
    _with_operations,
)


@pytest.mark.parametrize("build", MODELS)
def test_a_model_that_keeps_channels_first_gives_the_same_answers(build: Callable[[Any], Any]) -> None:
    model = _model(build)
    result = from_keras(model)
    assert result.notes[-1] == NOTE
    assert result.network.input_shape == (8, 10, 3)
    again = build_model(result.network)
    assert analyze(result.network).totals.parameters == model.count_params()
    again.set_weights(model.get_weights())
    images = np.random.default_rng(1).random((2, 3, 8, 10), "float32")
    # Not called at once: outside of a graph TensorFlow computes strided convolutions wrongly in this order.
    wanted = model.predict(images, verbose=0)
    given = again.predict(np.moveaxis(images, 1, -1), verbose=0)
    given = np.moveaxis(given, -1, 1) if given.ndim > 2 else given
    assert given.shape == wanted.shape
    assert np.allclose(given, wanted, rtol=1e-5)


def test_an_axis_becomes_the_one_that_it_is_with_channels_last() -> None:
    network = from_keras(_model(_with_axes)).network
    axes = [layer.axis for layer in network.layers if isinstance(layer, BatchNormalization | Concatenate)]
    assert axes == [-1, -1]


def test_a_sequence_that_keeps_channels_first_is_turned_too() -> None:
    model = _model(lambda image: layers.MaxPooling1D()(layers.Conv1D(4, 3)(image)), (3, 12))
    network = from_keras(model).network
    assert network.input_shape == (12, 3)
    assert analyze(network).output_shape == (5, 4)


def test_a_model_that_mixes_both_orders_is_refused_with_the_names_of_two_layers() -> None:
    image = keras.Input((3, 8, 8))
    first = layers.Conv2D(4, 3, data_format="channels_first", name="one")(image)
    model = keras.Model(image, layers.MaxPooling2D(data_format="channels_last", name="other")(first))
    with pytest.raises(StudioError, match="one keeps channels first and other channels last"):
        from_keras(model)


def test_a_layer_of_unknown_shape_in_such_a_model_is_refused_by_name() -> None:
    conv = {"name": "c", "filters": 2, "kernel_size": [3, 3], "data_format": "channels_first"}
    written = [
        {"class_name": "Mine", "config": {"name": "mine", "batch_input_shape": [None, 3, 8, 8]}},
        {"class_name": "Conv2D", "config": conv},
    ]
    from cnnstudio.core.keras_format.importing import network_from_config

    with pytest.raises(StudioError, match="what arrives at c is not known"):
        network_from_config({"class_name": "Sequential", "config": {"layers": written}})
