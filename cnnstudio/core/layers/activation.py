"""Functions applied to every value by itself, as layers of their own."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from cnnstudio.core.layers.base import Family, Inputs, Layer, only_input
from cnnstudio.core.layers.settings import ActivationName
from cnnstudio.core.shape import Shape


class Activation(Layer):
    """Applies a function to every value."""

    family: ClassVar[Family] = "activation"
    title: ClassVar[str] = "Activation"
    icon: ClassVar[str] = "zap"
    type: Literal["Activation"] = "Activation"
    activation: Annotated[ActivationName, Field(title="Function", description="The function applied.")] = (
        "relu"
    )

    def output_shape(self, inputs: Inputs) -> Shape:
        return only_input(inputs)

    def details(self) -> str:
        return self.activation
