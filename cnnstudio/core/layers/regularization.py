"""Layers that disturb training on purpose, and do nothing afterwards."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from cnnstudio.core.layers.base import Family, Inputs, Layer, only_input
from cnnstudio.core.layers.settings import Share
from cnnstudio.core.shape import Shape


class Dropout(Layer):
    """Sets a random share of the values to 0 in each training step."""

    family: ClassVar[Family] = "regularization"
    title: ClassVar[str] = "Dropout"
    icon: ClassVar[str] = "droplets"
    type: Literal["Dropout"] = "Dropout"
    rate: Annotated[
        Share, Field(title="Rate", description="The share of values set to 0, from 0 to below 1.")
    ] = 0.25

    def output_shape(self, inputs: Inputs) -> Shape:
        return only_input(inputs)

    def details(self) -> str:
        return f"{self.rate:.0%}" if round(self.rate * 100, 6).is_integer() else f"rate {self.rate:g}"
