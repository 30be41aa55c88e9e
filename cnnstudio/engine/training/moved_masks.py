"""Masks that go where augmentation moves their pictures: in training, and for the same random draw."""

from typing import Any

from cnnstudio.core.keras_format.layer_names import keras_names
from cnnstudio.core.network import Network
from cnnstudio.core.network.augmentation import augmentation_head
from cnnstudio.engine.keras.library import KerasModel, load_keras


def with_moved_masks(model: KerasModel, network: Network) -> KerasModel:
    """The model with a training step that varies pictures and masks together before the network sees them.

    It has the layers, the weights and the answers of `model`, which is returned itself where nothing moves
    masks. Targets are (batch, height, width, classes) of 0 and 1, or class numbers (batch, height, width, 1).
    """
    head = augmentation_head(network)
    if not any(layer.moves_masks for layer in head):
        return model
    keras, names = load_keras(), keras_names(network)
    layers = [(model.get_layer(names[layer.name]), layer.moves_masks) for layer in head]
    rest = keras.Model(layers[-1][0].output, model.outputs)
    classes = int(model.output_shape[-1])

    class Moving(keras.Model):  # type: ignore[misc, name-defined]
        def train_step(self, data: Any) -> Any:
            pictures, targets, weights = keras.utils.unpack_x_y_sample_weight(data)
            pictures, targets = _moved(keras, layers, classes, pictures, targets)
            return super().train_step((pictures, targets, weights))

        def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
            # The training step has varied them already.
            return rest(inputs, training=True) if training else super().call(inputs, training, mask)

    return Moving(model.inputs, model.outputs, name=model.name)


def _moved(
    keras: Any, layers: list[tuple[Any, bool]], classes: int, pictures: Any, targets: Any
) -> tuple[Any, Any]:
    """Each layer draws once for a picture and its mask, which are one picture to it.

    A mask has a channel for each class there, and each pixel is then of the strongest: so it follows every
    way of interpolation and of filling edges; where nothing fills them it is ground.
    """
    is_numbers = targets.shape[-1] == 1 and classes > 1
    masks = keras.ops.one_hot(targets[..., 0], classes) if is_numbers else targets
    for layer, moves in layers:
        if not moves:
            pictures = layer(pictures, training=True)
            continue
        channels = pictures.shape[-1]
        both = [keras.ops.cast(one, layer.compute_dtype) for one in (pictures, masks)]
        moved = layer(keras.ops.concatenate(both, axis=-1), training=True)
        pictures, masks = moved[..., :channels], moved[..., channels:]
    numbers = keras.ops.argmax(masks, axis=-1)
    if is_numbers:
        return pictures, keras.ops.cast(numbers, targets.dtype)[..., None]
    return pictures, keras.ops.one_hot(numbers, classes, dtype=targets.dtype)
