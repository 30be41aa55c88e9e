"""Checks of the functions between the layers (C03, C10)."""

from collections.abc import Iterator

from cnnstudio.core.analysis import Row
from cnnstudio.core.analysis.findings import Finding, Fix, removal_fix, settings_fix
from cnnstudio.core.checks.context import WEIGHTED_FAMILIES, CheckContext, activation_of, is_weighted
from cnnstudio.core.layers import (
    AveragePooling1D,
    AveragePooling2D,
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    Layer,
)
from cnnstudio.core.tasks.fixes import activation_fix

_LINEAR_FAMILIES = ("reshaping", "regularization")
_AVERAGES: tuple[type[Layer], ...] = (
    AveragePooling1D,
    AveragePooling2D,
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
)
_SQUEEZING = ("softmax", "sigmoid")
_WHY_LINEAR = (
    "A linear function of a linear function is linear again, so both together can express no more than one "
    "of them. A function such as ReLU between them lets the network bend."
)
_WHY_SOFTMAX = (
    "softmax squeezes all values into shares that add up to 1; layers below learn little from them, and the "
    "slopes that training needs nearly vanish."
)
_WHY_TWICE = (
    "Both squeeze values between 0 and 1. What comes out of the second is nearly the same for every answer, "
    "so the loss stays high and training hardly moves."
)


def linear_after_linear(context: CheckContext) -> Iterator[Finding]:
    """C03: two layers with kernels and nothing but linear steps between them.

    A normalization, a merge, a max pooling or a layer of unknown class between them counts as a break:
    linear bottlenecks and residual sums are made so on purpose.
    """
    for row in context.of_family("convolution", "dense"):
        if activation_of(row) != "linear" or _mixes_no_channels(row):
            continue
        below = _next_weighted(context, row)
        if below is not None:
            yield Finding(
                "C03",
                "warning",
                row.name,
                f"There is no activation between {row.name} and {below.name}: two linear layers in a row "
                f"equal one. Give {row.name} one, ReLU for example.",
                _WHY_LINEAR,
                (settings_fix("Use ReLU", row.name, activation="relu"),),
            )


def _mixes_no_channels(row: Row) -> bool:
    """A half of a separable convolution needs no activation, whichever half comes first: with the other one
    it is not the same as a single layer of its size. It is written as a type of its own or in groups."""
    return row.layer.type.startswith("Depthwise") or vars(row.layer).get("groups", 1) > 1


def _next_weighted(context: CheckContext, row: Row) -> Row | None:
    """The first layer with kernels that the row reaches through linear steps alone."""
    front = [*context.takers.get(row.name, ())]
    while front:
        taker = front.pop()
        family = taker.layer.family
        if family in WEIGHTED_FAMILIES:
            if not _mixes_no_channels(taker):
                return taker
        elif family != "normalization" and _is_linear(taker):
            front += context.takers.get(taker.name, ())
    return None


def _is_linear(row: Row) -> bool:
    return row.stands and (
        row.layer.family in _LINEAR_FAMILIES
        or isinstance(row.layer, _AVERAGES)
        or activation_of(row) == "linear"
    )


def softmax_inside(context: CheckContext) -> Iterator[Finding]:
    """C10: a softmax with learned layers below it; one that weighs branches in a merge is left alone."""
    for row in context.of_family("convolution", "dense", "activation"):
        if activation_of(row) != "softmax" or row is context.last:
            continue
        if all(taker.layer.merges for taker in context.takers.get(row.name, ())):
            continue
        if any(is_weighted(below) for below in context.below(row)):
            yield Finding(
                "C10",
                "warning",
                row.name,
                f"{row.name} applies softmax inside the network. Use ReLU here; softmax belongs at the end.",
                _WHY_SOFTMAX,
                (_softmax_fix(row),),
            )


def squeezed_twice(context: CheckContext) -> Iterator[Finding]:
    """C10: softmax of a softmax, or sigmoid of a sigmoid: `Dense(softmax)` and then `Softmax`."""
    for row in context.of_family("activation"):
        name = activation_of(row)
        first = _value_maker(context, row)
        if name in _SQUEEZING and first is not None and activation_of(first) == name:
            yield Finding(
                "C10",
                "warning",
                row.name,
                f"{row.name} applies {name} to what {first.name} gave a {name} already. Remove {row.name}, "
                f"or set {first.name} to linear.",
                _WHY_TWICE,
                (
                    removal_fix(f"Remove {row.name}", row.name),
                    Fix(f"Set {first.name} to linear", activation_fix(first.layer, "linear").apply),
                ),
            )


def _value_maker(context: CheckContext, row: Row) -> Row | None:
    """The layer whose values arrive here as they are, if it is one alone."""
    while len(row.inputs) == 1:
        row = context.analysis.row(row.inputs[0])
        if activation_of(row) != "linear" and row.layer.family not in _LINEAR_FAMILIES:
            return row
        if is_weighted(row):
            return row
    return None


def _softmax_fix(row: Row) -> Fix:
    if hasattr(row.layer, "activation"):
        return settings_fix("Use ReLU", row.name, activation="relu")
    return removal_fix(f"Remove {row.name}", row.name)
