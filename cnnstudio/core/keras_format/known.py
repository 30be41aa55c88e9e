"""What is known of layers outside the catalogue: from the model's own file, or from Keras's own code."""

from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct

from cnnstudio.core.keras_format.config import Written
from cnnstudio.core.keras_format.operations import is_operation
from cnnstudio.core.values.shape import Shape

_NONE = (0, 0)


class Known(Struct, frozen=True):
    """What the model itself tells of a layer: its result without the batch, and its weights' counts."""

    output_shape: tuple[int | None, ...] | None = None
    parameters: tuple[int, int] | None = None


Lookup: TypeAlias = Callable[[tuple[str, ...]], Known]
"""From a layer's path, the models it lies in first, to what is known of it."""


def known_by_class(written: Written, arriving: Shape | None) -> Known:
    """What Keras's code says of classes that its own networks are made of; `arriving` is the first input.

    `LayerScale` and `StochasticDepth` are those of `keras.applications.convnext`, `CustomScaleLayer` (the
    first input and a share of the second) is that of `inception_resnet_v2`.
    """
    settings = written.config
    if written.class_name == "CustomScaleLayer" and "scale" in settings:
        return Known(arriving, _NONE)
    if written.class_name == "LayerScale" and isinstance(settings.get("projection_dim"), int):
        return Known(arriving, (settings["projection_dim"], 0))
    if written.class_name == "StochasticDepth" and "drop_path_rate" in settings:
        return Known(arriving, _NONE)
    if written.class_name == "Lambda" or is_operation(written):
        return Known(None, _NONE)
    return Known()
