"""Layers in which every value meets every feature."""

from collections.abc import Mapping
from math import prod
from typing import Any, ClassVar, Literal

from cnnstudio.core.layers.arithmetic import Sum, Term, line, things
from cnnstudio.core.layers.base import WeightSpec
from cnnstudio.core.layers.requirements import (
    Inputs,
    LayerError,
    only_input,
)
from cnnstudio.core.layers.weighted import Activated, Biased, Counted, Matrix, parameter_sum
from cnnstudio.core.values.shape import Shape, shown
from cnnstudio.core.values.words import counted


class Dense(Biased, Matrix, Activated, Counted):
    """Connects every feature to every unit; on a map it works on the last axis only, as in Keras."""

    family = "dense"
    title = "Dense"
    icon = "network"
    keras_defaults: ClassVar[Mapping[str, Any]] = {"activation": "linear"}

    type: Literal["Dense"] = "Dense"

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
        return prod([size or 1 for size in output[:-1]]) * (inputs[0][-1] or 0) * self.units

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        units = Term(str(self.units), "units")
        weights = (Term(str(inputs[0][-1])), units)
        biases = Term(str(self.units), "use_bias") if self.use_bias else None
        features = line("features", units, things(units, "unit", "units"))
        return (features, parameter_sum(self, inputs, weights, biases=biases))

    def details(self) -> str:
        return counted(self.units, "unit") + ("" if self.activation == "linear" else f" · {self.activation}")
