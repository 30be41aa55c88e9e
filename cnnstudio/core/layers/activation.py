"""Functions applied to every value by itself, as layers of their own."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from cnnstudio.core.layers.arithmetic import Sum, Term, line, product
from cnnstudio.core.layers.base import (
    Layer,
    WeightSpec,
)
from cnnstudio.core.layers.initializers import Zeros
from cnnstudio.core.layers.requirements import (
    Inputs,
    LayerError,
    axis_at,
    named_twice,
    only_input,
)
from cnnstudio.core.layers.settings import ActivationName, Axes, NotNegative, as_axes
from cnnstudio.core.layers.weighted import Limit, Penalty, RowStart
from cnnstudio.core.values.shape import Shape, shown


class _Pointwise(Layer):
    """Leaves the shape as it is."""

    family = "activation"

    def output_shape(self, inputs: Inputs) -> Shape:
        return only_input(inputs)


class Activation(_Pointwise):
    """Applies a function to every value."""

    title = "Activation"
    icon = "zap"
    type: Literal["Activation"] = "Activation"
    activation: Annotated[ActivationName, Field(title="Function", description="The function applied.")] = (
        "relu"
    )

    def details(self) -> str:
        return self.activation


class ReLU(_Pointwise):
    """Keeps what is above 0 and sets the rest to 0."""

    title = "ReLU"
    icon = "trending-up"
    type: Literal["ReLU"] = "ReLU"
    max_value: Annotated[
        NotNegative | None,
        Field(
            title="Largest",
            description="Larger values are cut to this; empty: none.",
            json_schema_extra={"without": "no limit"},
        ),
    ] = None
    negative_slope: Annotated[
        NotNegative, Field(title="Negative slope", description="What values below the threshold keep.")
    ] = 0.0
    threshold: Annotated[
        NotNegative, Field(title="Threshold", description="Values below this are damped or set to 0.")
    ] = 0.0

    def details(self) -> str:
        return "" if self.max_value is None else f"at most {self.max_value:g}"


class LeakyReLU(_Pointwise):
    """Keeps what is above 0 and a small share of what is below."""

    title = "Leaky ReLU"
    icon = "trending-up"
    type: Literal["LeakyReLU"] = "LeakyReLU"
    negative_slope: Annotated[
        NotNegative, Field(title="Negative slope", description="The share of negative values that is kept.")
    ] = 0.3

    def details(self) -> str:
        return f"slope {self.negative_slope:g}"


class ELU(_Pointwise):
    """Keeps what is above 0; below, it bends smoothly towards -alpha."""

    title = "ELU"
    icon = "trending-up"
    type: Literal["ELU"] = "ELU"
    alpha: Annotated[
        float, Field(title="Alpha", description="How far below 0 very negative values end up.")
    ] = 1.0

    def details(self) -> str:
        return f"alpha {self.alpha:g}"


class Softmax(_Pointwise):
    """Turns the values along an axis into shares that add up to 1."""

    title = "Softmax"
    icon = "chart-column"
    type: Literal["Softmax"] = "Softmax"
    axis: Annotated[Axes, Field(title="Axis", description="The axis along which shares add up to 1.")] = -1

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = only_input(inputs)
        for axis in (self.axis,) if isinstance(self.axis, int) else self.axis:
            axis_at(axis, shape, self.title)
        return shape

    def caution(self, inputs: Inputs) -> str | None:
        return named_twice(self.axis, inputs[0], self.title)


SharedAxis = Annotated[int, Field(ge=1, le=8)]


class PReLU(_Pointwise):
    """A leaky ReLU that learns its slope: one for each value, or one for each map."""

    title = "PReLU"
    icon = "trending-up"
    type: Literal["PReLU"] = "PReLU"
    keras_defaults: ClassVar[Mapping[str, Any]] = {"shared_axes": None}
    shared_axes: Annotated[
        tuple[SharedAxis, ...],
        BeforeValidator(as_axes),
        Field(
            title="Shared axes",
            description="Axes, counted from 1, whose values share a slope; 1 and 2 give one slope per map.",
        ),
    ] = ()
    alpha_initializer: RowStart = Zeros()
    alpha_regularizer: Penalty = None
    alpha_constraint: Limit = None

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = only_input(inputs)
        for axis in self.shared_axes:
            axis_at(axis, shape, self.title)
        if None in self._slopes(shape):
            raise LayerError(
                "S01",
                f"PReLU learns one slope for each value, and {shown(shape)} arrives. "
                "Share the axes whose size is open, or set the sizes in the Input.",
                "The number of slopes must be fixed.",
            )
        return shape

    def _slopes(self, shape: Shape) -> Shape:
        return tuple(1 if axis in self.shared_axes else size for axis, size in enumerate(shape, start=1))

    def weights(self, inputs: Inputs) -> tuple[WeightSpec, ...]:
        return (WeightSpec("alpha", tuple(size or 0 for size in self._slopes(inputs[0]))),)

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        weights = self.weights(inputs)[0]
        factors = [Term(str(size), "shared_axes") for size in weights.shape]
        return (line("parameters", *product(*factors), f" = {weights.count:,}"),)
