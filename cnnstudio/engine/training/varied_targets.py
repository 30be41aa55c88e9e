"""Targets that change as augmentation changes their pictures: masks that are moved, labels that are mixed."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from cnnstudio.core.keras_format.layer_names import keras_names
from cnnstudio.core.network import Network
from cnnstudio.core.network.augmentation import augmentation_head
from cnnstudio.core.tasks import Task
from cnnstudio.engine.keras.library import KerasModel, load_keras

_Vary: TypeAlias = Callable[[Any, Any, Any], tuple[Any, Any]]
"""What a layer of Keras makes of pictures and targets."""


def with_varied_targets(model: KerasModel, network: Network, task: Task) -> KerasModel:
    """The model with a training step that varies pictures and targets together before the network sees them.

    It has the layers, the weights and the answers of `model`, which is returned itself where no target goes
    along. Targets are one-hot labels (batch, classes), or masks: (batch, height, width, classes) of 0 and 1,
    or class numbers (batch, height, width, 1).
    """
    head = augmentation_head(network)
    if not any(task.target_goes_along(layer) for layer in head):
        return model
    keras, names = load_keras(), keras_names(network)
    together = _moved if task.needs_masks else _mixed
    layers = [model.get_layer(names[layer.name]) for layer in head]
    ways = [together if task.target_goes_along(layer) else _alone for layer in head]
    rest = keras.Model(layers[-1].output, model.outputs)
    classes = int(model.output_shape[-1])

    class Varying(keras.Model):  # type: ignore[misc, name-defined]
        def train_step(self, data: Any) -> Any:
            pictures, targets, weights = keras.utils.unpack_x_y_sample_weight(data)
            if task.needs_masks:
                pictures, targets = _with_masks(keras, layers, ways, classes, pictures, targets)
            else:
                pictures, targets = _varied(layers, ways, pictures, targets)
            return super().train_step((pictures, targets, weights))

        def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
            # The training step has varied them already.
            return rest(inputs, training=True) if training else super().call(inputs, training, mask)

    return Varying(model.inputs, model.outputs, name=model.name)


def _varied(layers: Sequence[Any], ways: Sequence[_Vary], pictures: Any, targets: Any) -> tuple[Any, Any]:
    for layer, vary in zip(layers, ways, strict=True):
        pictures, targets = vary(layer, pictures, targets)
    return pictures, targets


def _with_masks(
    keras: Any, layers: Sequence[Any], ways: Sequence[_Vary], classes: int, pictures: Any, targets: Any
) -> tuple[Any, Any]:
    """A mask is a picture with a channel for each class, and in the end each pixel is of the strongest.

    So it follows every way of interpolation and of filling edges; where nothing fills them it is ground.
    """
    is_numbers = targets.shape[-1] == 1 and classes > 1
    masks = keras.ops.one_hot(targets[..., 0], classes) if is_numbers else targets
    pictures, masks = _varied(layers, ways, pictures, masks)
    numbers = keras.ops.argmax(masks, axis=-1)
    if is_numbers:
        return pictures, keras.ops.cast(numbers, targets.dtype)[..., None]
    return pictures, keras.ops.one_hot(numbers, classes, dtype=targets.dtype)


def _alone(layer: Any, pictures: Any, targets: Any) -> tuple[Any, Any]:
    return layer(pictures, training=True), targets


def _moved(layer: Any, pictures: Any, masks: Any) -> tuple[Any, Any]:
    """As one picture with more channels: so one draw moves both."""
    ops, channels = load_keras().ops, pictures.shape[-1]
    both = [ops.cast(one, layer.compute_dtype) for one in (pictures, masks)]
    moved = layer(ops.concatenate(both, axis=-1), training=True)
    return moved[..., :channels], moved[..., channels:]


def _mixed(layer: Any, pictures: Any, labels: Any) -> tuple[Any, Any]:
    mixed = layer({"images": pictures, "labels": labels}, training=True)
    return mixed["images"], mixed["labels"]
