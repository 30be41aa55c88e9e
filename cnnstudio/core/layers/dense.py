"""Layers in which every value meets every feature."""

from math import prod
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from cnnstudio.core.arithmetic import Sum, Term, line, product
from cnnstudio.core.layers.base import Family, Inputs, Layer, LayerError, WeightSpec, only_input
from cnnstudio.core.layers.settings import ActivationName, Units
from cnnstudio.core.shape import Shape, shown


class Dense(Layer):
    """Connects every feature to every unit; on a map it works on the last axis only, as in Keras."""

    family: ClassVar[Family] = "dense"
    title: ClassVar[str] = "Dense"
    icon: ClassVar[str] = "network"

    type: Literal["Dense"] = "Dense"
    units: Annotated[Units, Field(title="Units", description="How many numbers leave the layer.")] = 64
    activation: Annotated[
        ActivationName, Field(title="Activation", description="The function applied to every result.")
    ] = "relu"
    use_bias: Annotated[
        bool, Field(title="Use bias", description="Adds one learned number to each unit.")
    ] = True

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = only_input(inputs)
        if not shape or shape[-1] is None:
            raise LayerError(
                "S01",
                f"Dense needs a known number of features, and {shown(shape)} arrives. "
                "Set the sizes in the Input, or use global pooling in place of Flatten.",
                "Each feature has its own weights, so their number must be fixed.",
            )
        return (*shape[:-1], self.units)

    def weights(self, inputs: Inputs) -> tuple[WeightSpec, ...]:
        kernel = WeightSpec("kernel", (inputs[0][-1] or 0, self.units))
        return (kernel, WeightSpec("bias", (self.units,))) if self.use_bias else (kernel,)

    def macs(self, inputs: Inputs, output: Shape) -> int:
        return prod(size or 1 for size in output[:-1]) * (inputs[0][-1] or 0) * self.units

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        units = Term(str(self.units), "units")
        biases = (" + ", Term(str(self.units), "use_bias"), " biases") if self.use_bias else ()
        total = sum(weight.count for weight in self.weights(inputs))
        return (
            line("features", units, " units"),
            line(
                "parameters", *product(Term(str(inputs[0][-1])), units), " weights", *biases, f" = {total:,}"
            ),
        )

    def details(self) -> str:
        noun = "unit" if self.units == 1 else "units"
        return f"{self.units} {noun}" + ("" if self.activation == "linear" else f" · {self.activation}")
