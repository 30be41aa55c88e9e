"""Layers that bring values to a common mean and spread."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from cnnstudio.core.layers.arithmetic import Sum, Term, line, product
from cnnstudio.core.layers.base import (
    Layer,
    WeightSpec,
)
from cnnstudio.core.layers.initializers import Ones, Zeros
from cnnstudio.core.layers.requirements import (
    Inputs,
    LayerError,
    axis_at,
    named_twice,
    only_input,
    require_features,
)
from cnnstudio.core.layers.settings import MAX_UNITS, Axes, Axis, Fraction
from cnnstudio.core.layers.weighted import Limit, Penalty, RowStart, count
from cnnstudio.core.values.shape import Shape, shown

_SETTINGS = {"gamma": "scale", "beta": "center"}


class _Along(Layer):
    axis: Annotated[
        Axis,
        Field(title="Axis", description="The axis whose entries are treated one by one; -1: channels."),
    ] = -1


class _Scaled(Layer):
    """Learns a factor and a shift after bringing values to mean 0 and spread 1."""

    family = "normalization"

    epsilon: Annotated[
        float,
        Field(
            gt=0, le=1, title="Epsilon", description="Added to the variance, so that nothing divides by 0."
        ),
    ] = 1e-3
    center: Annotated[bool, Field(title="Shift (beta)", description="Learns one shift per channel.")] = True
    scale: Annotated[bool, Field(title="Scale (gamma)", description="Learns one factor per channel.")] = True
    beta_initializer: RowStart = Zeros()
    gamma_initializer: RowStart = Ones()
    beta_regularizer: Penalty = None
    gamma_regularizer: Penalty = None
    beta_constraint: Limit = None
    gamma_constraint: Limit = None

    def _learned(self, shape: tuple[int, ...]) -> tuple[WeightSpec, ...]:
        gamma = (WeightSpec("gamma", shape),) if self.scale else ()
        return (*gamma, WeightSpec("beta", shape)) if self.center else gamma

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        weights = self.weights(inputs)
        terms: list[str | Term] = []
        for weight in weights:
            terms += [" + "] if terms else []
            terms.append(Term(f"{weight.count} {weight.name}", _SETTINGS.get(weight.name)))
        return (line("parameters", *(terms or ["none"]), f" = {count(weights):,}"),)


def _channels(axis: int, shape: Shape, title: str) -> int:
    """The size along an axis, which must be there and known."""
    if axis == -1:
        return require_features(shape, title)
    return require_features(shape[: axis_at(axis, shape, title) + 1], title)


class BatchNormalization(_Scaled, _Along):
    """Gives each channel mean 0 and spread 1 over the batch, then a learned scale and shift."""

    title = "Batch Normalization"
    icon = "text-align-justify"
    type: Literal["BatchNormalization"] = "BatchNormalization"

    momentum: Annotated[
        Fraction,
        Field(title="Momentum", description="How slowly the running mean and variance follow the batches."),
    ] = 0.99
    moving_mean_initializer: RowStart = Zeros()
    moving_variance_initializer: RowStart = Ones()

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = only_input(inputs)
        _channels(self.axis, shape, self.title)
        return shape

    def weights(self, inputs: Inputs) -> tuple[WeightSpec, ...]:
        shape = (_channels(self.axis, inputs[0], self.title),)
        return (
            *self._learned(shape),
            WeightSpec("moving_mean", shape, trainable=False),
            WeightSpec("moving_variance", shape, trainable=False),
        )


class LayerNormalization(_Scaled):
    """Gives each sample mean 0 and spread 1 along some axes, then a learned scale and shift."""

    title = "Layer Normalization"
    icon = "align-vertical-space-around"
    type: Literal["LayerNormalization"] = "LayerNormalization"

    axis: Annotated[
        Axes, Field(title="Axis", description="The axis, or axes, along which the mean is taken.")
    ] = -1

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = only_input(inputs)
        for axis in _sorted(self.axis):
            at = axis_at(axis, shape, self.title)
            if self.center or self.scale:
                require_features(shape[: at + 1], self.title)
        return shape

    def weights(self, inputs: Inputs) -> tuple[WeightSpec, ...]:
        shape = inputs[0]
        return self._learned(
            tuple(shape[axis_at(axis, shape, self.title)] or 0 for axis in _sorted(self.axis))
        )

    def caution(self, inputs: Inputs) -> str | None:
        return named_twice(self.axis, inputs[0], self.title)


def _no_zero(groups: int) -> int:
    if groups == 0:
        raise ValueError("groups must be 1 or more, or -1 for one group per channel")
    return groups


class GroupNormalization(_Scaled, _Along):
    """Gives groups of channels of each sample mean 0 and spread 1, then a learned scale and shift."""

    title = "Group Normalization"
    icon = "group"
    type: Literal["GroupNormalization"] = "GroupNormalization"

    groups: Annotated[
        int,
        Field(
            ge=-1,
            le=MAX_UNITS,
            title="Groups",
            description="How many groups the channels make; -1 gives each channel its own.",
            json_schema_extra={"step": "powers of two"},
        ),
        AfterValidator(_no_zero),
    ] = 32

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = only_input(inputs)
        channels = _channels(self.axis, shape, self.title)
        if self.groups > channels or channels % self.groups:
            raise LayerError(
                "S08",
                f"{channels} channels cannot be split into {self.groups} equal groups. "
                f"Choose groups that divide {channels}.",
                "Each group takes the same number of channels.",
            )
        return shape

    def weights(self, inputs: Inputs) -> tuple[WeightSpec, ...]:
        return self._learned((_channels(self.axis, inputs[0], self.title),))

    def details(self) -> str:
        return "each channel" if self.groups == -1 else f"{self.groups} groups"


class RMSNormalization(Layer):
    """Divides each sample by its root mean square along some axes, then multiplies with a learned scale."""

    family = "normalization"
    title = "RMS Normalization"
    icon = "scaling"
    type: Literal["RMSNormalization"] = "RMSNormalization"

    axis: Annotated[
        Axes, Field(title="Axis", description="The axis, or axes, along which the mean square is taken.")
    ] = -1
    epsilon: Annotated[
        float,
        Field(
            gt=0,
            le=1,
            title="Epsilon",
            description="Added to the mean square, so that nothing divides by 0.",
        ),
    ] = 1e-6

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = only_input(inputs)
        for axis in _sorted(self.axis):
            require_features(shape[: axis_at(axis, shape, self.title) + 1], self.title)
        return shape

    def weights(self, inputs: Inputs) -> tuple[WeightSpec, ...]:
        shape = inputs[0]
        sizes = tuple(shape[axis_at(axis, shape, self.title)] or 0 for axis in _sorted(self.axis))
        return (WeightSpec("scale", sizes),)

    def caution(self, inputs: Inputs) -> str | None:
        shape, (scale,) = inputs[0], self.weights(inputs)
        if twice := named_twice(self.axis, shape, self.title):
            return twice
        # The scale is laid on the last axes, whichever the mean is taken along.
        last = shape[len(shape) - len(scale.shape) :]
        if all(size in (1, place) for size, place in zip(scale.shape, last, strict=True)):
            return None
        return (
            f"{self.title} cannot run along {self.axis} of {shown(shape)}: its scale does not fit the last "
            "axes. Take the last axis, -1."
        )

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        (scale,) = self.weights(inputs)
        factors = product(*(Term(str(size), "axis") for size in scale.shape))
        return (line("parameters", *factors, f" scale = {scale.count:,}"),)


class UnitNormalization(Layer):
    """Gives each sample the length 1 along some axes; learns nothing."""

    family = "normalization"
    title = "Unit Normalization"
    icon = "ruler"
    type: Literal["UnitNormalization"] = "UnitNormalization"

    axis: Annotated[
        Axes, Field(title="Axis", description="The axis, or axes, along which the length is taken.")
    ] = -1

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = only_input(inputs)
        for axis in _sorted(self.axis):
            axis_at(axis, shape, self.title)
        return shape


def _sorted(axis: int | tuple[int, ...]) -> tuple[int, ...]:
    return (axis,) if isinstance(axis, int) else tuple(sorted(axis))
