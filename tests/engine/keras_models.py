"""Small Keras models for import tests, and the comparison of a model with a network."""

from typing import Any

from cnnstudio.core.analysis import analyze
from cnnstudio.core.network import Network


def matches(model: Any, network: Network) -> None:
    """Assert that every layer of the model has a row with its shape and counts, in the model's order."""
    analysis = analyze(network)
    laid_open = {layer.name for layer in model.layers if hasattr(layer, "layers")}
    layers = [layer for layer in model.layers if layer.name not in laid_open]
    names = {layer.name for layer in layers}
    assert [layer.name for layer in layers] == [row.name for row in analysis.rows if row.name in names]
    for layer in layers:
        row = analysis.row(layer.name)
        assert row.output_shape == tuple(layer.output.shape[1:]), layer.name
        assert row.parameters == layer.count_params(), layer.name
        assert row.trainable == sum(weight.numpy().size for weight in layer.trainable_weights), layer.name


def small_residual() -> Any:
    """A residual block with options and a frozen layer."""
    import keras
    from keras import layers

    image = keras.Input((12, 12, 3), name="image")
    first = layers.Conv2D(4, 3, padding="same", kernel_regularizer=keras.regularizers.L1(0.01), name="c1")(
        image
    )
    normal = layers.BatchNormalization(name="bn", trainable=False)(first)
    second = layers.SeparableConv2D(4, 3, padding="same", activation="swish", name="c2")(normal)
    joined = layers.Add(name="joined")([first, second])
    flat = layers.GlobalAveragePooling2D(name="gap")(joined)
    dense = layers.Dense(3, activation="softmax", kernel_constraint="max_norm", name="scores")(flat)
    return keras.Model(image, dense)


def nested_model() -> Any:
    """A functional model with a functional body that holds a Sequential."""
    import keras
    from keras import layers

    inner = keras.Sequential([layers.Dropout(0.3, name="d1")], name="inner")
    entrance = keras.Input((8, 8, 3))
    first = layers.Conv2D(4, 3, padding="same", name="c1")(entrance)
    active = layers.ReLU(name="c1_act")(first)
    body = keras.Model(entrance, layers.Add(name="joined")([first, inner(active)]), name="body")
    image = keras.Input((8, 8, 3), name="image")
    flat = layers.GlobalAveragePooling2D(name="gap")(body(image))
    return keras.Model(image, layers.Dense(2, name="scores")(flat))


def operations_model() -> Any:
    """A model with bare operations, one of them with a number."""
    import keras
    from keras import layers

    image = keras.Input((8, 8, 3), name="image")
    conv = layers.Conv2D(3, 1, name="conv")(image)
    return keras.Model(image, layers.Flatten()(conv * 2.0 + conv))


def cut_model() -> Any:
    """A model with bare operations that no layer of the catalogue does."""
    import keras
    from keras import layers

    image = keras.Input((8, 8, 3), name="image")
    cut = keras.ops.roll(image[:, ::2], 1, axis=1)
    return keras.Model(image, layers.Flatten()(cut))
