"""What the loss compares an answer with, made of a batch of samples: the engine's half of a task."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from cnnstudio.core.tasks import Classification, Reconstruction, Segmentation, Task

WHITE = 255.0
"""The brightest pixel: targets of reconstruction are pixels divided by it."""

Target: TypeAlias = Callable[[Any, Any, Any], Any]
"""From pixels (batch, height, width, channels), labels (batch,) and masks (batch, height, width), as
tensors.
"""


def _of_classes(task: Classification, outputs: int) -> Target:
    """(batch, classes) of 0 and 1, or the class numbers (batch,)."""
    import tensorflow as tf

    if task.labels == "integer":
        return lambda pixels, labels, masks: labels
    return lambda pixels, labels, masks: tf.one_hot(labels, outputs)


def _of_pixels(task: Segmentation, outputs: int) -> Target:
    """(batch, height, width, classes) of 0 and 1, or the class numbers (batch, height, width, 1)."""
    import tensorflow as tf

    if task.labels == "integer":
        return lambda pixels, labels, masks: masks[..., tf.newaxis]
    return lambda pixels, labels, masks: tf.one_hot(masks, outputs)


def _of_pictures(task: Reconstruction, outputs: int) -> Target:
    """The pixels themselves, 0 to 1."""
    del task, outputs
    import tensorflow as tf

    return lambda pixels, labels, masks: tf.cast(pixels, tf.float32) / WHITE


_TARGETS: Mapping[type[Task], Callable[[Any, int], Target]] = {
    Classification: _of_classes,
    Segmentation: _of_pixels,
    Reconstruction: _of_pictures,
}


def target_of(task: Task, outputs: int) -> Target:
    """What makes the targets of a task; `outputs` is the size of the output's last axis.

    Imports TensorFlow.
    """
    return _TARGETS[type(task)](task, outputs)
