"""Layers that prepare pixels, inside the network so that they travel with it."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from cnnstudio.core.layers.base import Family, Inputs, Layer, only_input
from cnnstudio.core.shape import Shape


class Rescaling(Layer):
    """Multiplies every value by `scale` and adds `offset`: 1/255 brings pixels to 0..1."""

    family: ClassVar[Family] = "preprocessing"
    title: ClassVar[str] = "Rescaling"
    icon: ClassVar[str] = "ruler"
    type: Literal["Rescaling"] = "Rescaling"
    scale: Annotated[float, Field(title="Scale", description="Every value is multiplied by this.")] = 1 / 255
    offset: Annotated[float, Field(title="Offset", description="Then this is added.")] = 0.0

    def output_shape(self, inputs: Inputs) -> Shape:
        return only_input(inputs)

    def details(self) -> str:
        inverse = 1 / self.scale if self.scale else 0.0
        factor = (
            f"1/{round(inverse)}"
            if abs(inverse) > 1 and abs(inverse - round(inverse)) < 1e-6
            else f"{self.scale:g}"
        )
        return f"x {factor}" + (f" {self.offset:+g}" if self.offset else "")
