"""Layers that join two or more branches: what makes skip connections and inception blocks."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from cnnstudio.core.layers.arithmetic import Sum, line
from cnnstudio.core.layers.base import Layer
from cnnstudio.core.layers.requirements import (
    Inputs,
    LayerError,
)
from cnnstudio.core.values.shape import Shape, shown, shown_size
from cnnstudio.core.values.words import listed


class _Merge(Layer):
    """Takes two or more inputs."""

    family = "merging"
    merges = True
    takes_several = True

    def _require_two(self, inputs: Inputs) -> None:
        if len(inputs) < 2:
            raise LayerError(
                "S03",
                f"{self.title} joins two or more inputs and has {len(inputs)}. "
                "Connect another earlier layer to it, or remove it.",
            )

    def details(self) -> str:
        return f"{len(self.inputs) or 1} inputs" if len(self.inputs) > 1 else "needs a second input"


class _Elementwise(_Merge):
    """Joins inputs value by value."""

    sign: ClassVar[str] = "+"

    def output_shape(self, inputs: Inputs) -> Shape:
        self._require_two(inputs)
        result = inputs[0]
        for shape in inputs[1:]:
            if shape != result or None in shape:
                result = _broadcast(result, shape, inputs)
        return result

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        joined = f" {self.sign} ".join(shown(shape) for shape in inputs)
        return (
            line("value by value", f"{joined} = {shown(self.output_shape(inputs))}"),
            line("parameters", "0"),
        )


def _broadcast(first: Shape, second: Shape, inputs: Inputs) -> Shape:
    """Keras's rule: aligned at the last axis, an axis of 1 stretches."""
    if len(first) < len(second):
        first, second = second, first
    ahead = len(first) - len(second)
    return (*first[:ahead], *(_joined(a, b, inputs) for a, b in zip(first[ahead:], second, strict=True)))


def _joined(first: int | None, second: int | None, inputs: Inputs) -> int | None:
    """An open size stays open, as in Keras, even where the other is 1."""
    if first is None or second is None:
        return None
    if first != second and 1 not in (first, second):
        raise _sizes_differ(inputs)
    return second if first == 1 else first


def _sizes_differ(inputs: Inputs) -> LayerError:
    return LayerError(
        "S03",
        f"The inputs do not fit together: {listed([shown(shape) for shape in inputs])}. "
        "Give the branches the same strides and padding, and the same number of filters.",
        "Values are joined place by place, so every axis must have the same size.",
    )


class Add(_Elementwise):
    """Adds its inputs value by value: the joint of a residual network."""

    title = "Add"
    icon = "plus"
    type: Literal["Add"] = "Add"


class Subtract(_Elementwise):
    """Takes its second input from its first, value by value."""

    title = "Subtract"
    icon = "minus"
    sign = "-"
    type: Literal["Subtract"] = "Subtract"

    def output_shape(self, inputs: Inputs) -> Shape:
        if len(inputs) > 2:
            raise LayerError(
                "S03",
                f"Subtract takes one input from another and has {len(inputs)}. Leave two.",
                "With more, it would not be clear which is taken from which.",
            )
        return super().output_shape(inputs)


class Multiply(_Elementwise):
    """Multiplies its inputs value by value: one branch opens and closes the other."""

    title = "Multiply"
    icon = "x"
    sign = "*"
    type: Literal["Multiply"] = "Multiply"


class Average(_Elementwise):
    """Takes the mean of its inputs, value by value."""

    title = "Average"
    icon = "equal"
    sign = ","
    type: Literal["Average"] = "Average"


class Maximum(_Elementwise):
    """Keeps the largest of its inputs, value by value."""

    title = "Maximum"
    icon = "chevrons-up"
    sign = ","
    type: Literal["Maximum"] = "Maximum"


class Minimum(_Elementwise):
    """Keeps the smallest of its inputs, value by value."""

    title = "Minimum"
    icon = "chevrons-down"
    sign = ","
    type: Literal["Minimum"] = "Minimum"


class Concatenate(_Merge):
    """Lays its inputs side by side along one axis, the channels by default."""

    title = "Concatenate"
    icon = "combine"
    type: Literal["Concatenate"] = "Concatenate"
    axis: Annotated[
        int,
        Field(
            ge=-4,
            le=4,
            title="Axis",
            description="The axis that grows; -1 is the channels, 1 the first after the batch.",
        ),
    ] = -1

    def output_shape(self, inputs: Inputs) -> Shape:
        self._require_two(inputs)
        at = self._position(inputs)
        for shape in inputs[1:]:
            if not _alike(inputs[0], shape, at):
                raise _cannot_stand_side_by_side(inputs)
        joined = [shape[at] for shape in inputs]
        total = None if None in joined else sum(size or 0 for size in joined)
        return (*inputs[0][:at], total, *inputs[0][at + 1 :])

    def _position(self, inputs: Inputs) -> int:
        """The axis counted from 0 without the batch."""
        rank = len(inputs[0])
        at = self.axis - 1 if self.axis > 0 else rank + self.axis
        if self.axis == 0 or not 0 <= at < rank:
            raise LayerError(
                "S03",
                f"Axis {self.axis} is not there: the inputs have the axes 1 to {rank}. "
                "Use -1 for the channels.",
            )
        return at

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        at = self._position(inputs)
        sizes = [shown_size(shape[at]) for shape in inputs]
        total = shown_size(self.output_shape(inputs)[at])
        return (line("joined axis", f"{' + '.join(sizes)} = {total}"), line("parameters", "0"))


def _alike(first: Shape, second: Shape, apart: int) -> bool:
    """Whether two shapes agree along every axis but one; an open size agrees with any."""
    return len(first) == len(second) and all(
        a == b or at == apart or a is None or b is None
        for at, (a, b) in enumerate(zip(first, second, strict=True))
    )


def _cannot_stand_side_by_side(inputs: Inputs) -> LayerError:
    return LayerError(
        "S03",
        f"The inputs cannot stand side by side: {listed([shown(shape) for shape in inputs])}. "
        "Give the branches the same strides and padding.",
        "All axes but the joined one must have the same size.",
    )
