"""Models that keep channels first, taken over with channels last: every result is the same, its axes turned.

Layers with a `data_format` are told the other one, those that know no axes stay, and those with one `axis`
get the one it has become. In front of any other layer the axes are turned back (and behind it again), so a
`Flatten` still gives its values in the order that the weights of the next `Dense` were learned for.
Kernels have the same layout for both orders.
"""

from collections.abc import Iterable
from typing import Any

from cnnstudio.core.keras_format.config import Written
from cnnstudio.core.keras_format.written import fail
from cnnstudio.core.layers import (
    BatchNormalization,
    Concatenate,
    Flatten,
    GroupNormalization,
    Layer,
    PReLU,
    Rescaling,
    Softmax,
    SpatialDropout1D,
)
from cnnstudio.core.values.shape import Shape

_FIRST, _LAST = ("channels_first", "th"), ("channels_last", "tf")
_KEYS = ("data_format", "dim_ordering")
_ONE_AXIS = (BatchNormalization, GroupNormalization, Concatenate, Softmax)
_PLACELESS = ("activation", "regularization", "merging")
"""Families that do the same to every value, wherever it is."""
_OTHERS = (PReLU, SpatialDropout1D)
"""Their members that do not."""


def keeps_channels_first(layers: Iterable[Written]) -> bool:
    """Whether a model of these layers does. StudioError with the names of two that disagree."""
    formats = [(written, _format(written)) for written in layers]
    first = [written for written, order in formats if order in _FIRST]
    # A Flatten that does not care for the order says that channels are last.
    last = [written for written, order in formats if order in _LAST and written.class_name != "Flatten"]
    if first and last:
        fail(
            f"{_name(first[0])} keeps channels first and {_name(last[0])} channels last, and CNN Studio "
            "works with channels last throughout. Build the model with one of them, then save it again."
        )
    return bool(first)


def with_channels_last(written: Written) -> Written:
    """The layer told to work with channels last."""
    config = {key: value for key, value in written.config.items() if key not in _KEYS}
    return Written(written.class_name, config, written.module, written.registered_name)


def turned(layer: Layer, written: Written, rank: int) -> Layer | None:
    """The layer that does the same once channels are last; `None` where it needs them first.

    `written` says how it was, `rank` is the number of axes that arrive, batch not counted.
    """
    if rank < 2:
        return layer
    if isinstance(layer, Flatten):
        # Keras turns the axes itself before it flattens, when it is told that channels are first.
        return layer if _format(written) in _FIRST else None
    if isinstance(layer, _ONE_AXIS):
        return _with_axis(layer, rank)
    scalar = (
        isinstance(layer, Rescaling) and isinstance(layer.scale, float) and isinstance(layer.offset, float)
    )
    placeless = layer.family in _PLACELESS and not isinstance(layer, _OTHERS)
    return layer if type(layer).takes_data_format or placeless or scalar else None


def channels_to_last(shape: Any) -> Any:
    """A written shape of one sample with its first size last."""
    return [*shape[1:], shape[0]] if len(shape) > 1 else shape


def order_to_first(shape: Shape) -> tuple[int, ...]:
    """The order of axes, counted from 1, that puts the last one first."""
    return (len(shape), *range(1, len(shape)))


def order_to_last(shape: Shape) -> tuple[int, ...]:
    """The order of axes, counted from 1, that puts the first one last."""
    return (*range(2, len(shape) + 1), 1)


def _with_axis(layer: Any, rank: int) -> Layer | None:
    if not isinstance(layer.axis, int):
        return None
    at = layer.axis if layer.axis > 0 else rank + 1 + layer.axis
    if not 1 <= at <= rank:
        return None
    moved: Layer = layer.updated(axis=-1 if at == 1 else at - 1)
    return moved


def _format(written: Written) -> Any:
    return next((written.config[key] for key in _KEYS if key in written.config), None)


def _name(written: Written) -> str:
    return str(written.config.get("name") or written.class_name)
