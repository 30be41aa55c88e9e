"""Layers that give the same numbers another shape."""

from typing import ClassVar, Literal

from cnnstudio.core.arithmetic import Sum, Term, line, product
from cnnstudio.core.layers.base import Family, Inputs, Layer, only_input
from cnnstudio.core.shape import Shape, shown_size, size_of


class Flatten(Layer):
    """Lays all numbers of a sample out in one row, channels last."""

    family: ClassVar[Family] = "reshaping"
    title: ClassVar[str] = "Flatten"
    icon: ClassVar[str] = "rows-3"
    type: Literal["Flatten"] = "Flatten"

    def output_shape(self, inputs: Inputs) -> Shape:
        return (size_of(only_input(inputs)),)

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        factors = product(*(Term(shown_size(size)) for size in inputs[0]))
        return (
            line("features", *factors, f" = {shown_size(size_of(inputs[0]))}"),
            line("parameters", "0"),
        )
