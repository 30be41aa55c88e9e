"""The layer every stack begins with."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from cnnstudio.core.layers.arithmetic import Sum, line
from cnnstudio.core.layers.base import Layer
from cnnstudio.core.layers.requirements import Inputs
from cnnstudio.core.layers.settings import MAX_SIZE, as_tuple
from cnnstudio.core.values.shape import Shape, labelled

Size = Annotated[int, Field(ge=1, le=MAX_SIZE)]


class Input(Layer):
    """Where samples enter: the shape of one image, sequence or list of features."""

    family = "io"
    title = "Input"
    icon = "image"
    in_palette = False

    type: Literal["Input"] = "Input"
    shape: Annotated[
        tuple[Size | None, ...],
        BeforeValidator(as_tuple),
        Field(
            title="Shape",
            min_length=1,
            max_length=4,
            description="Height, width, channels; a volume's depth is first. Empty: known at run time only.",
        ),
    ] = (28, 28, 1)

    @model_validator(mode="after")
    def _stays(self) -> Self:
        if not self.enabled:
            raise ValueError("the Input is disabled; a network needs its Input. Enable it")
        if self.group:
            raise ValueError(f"the Input is in the group '{self.group}'; it stands above all groups")
        if self.weights_of:
            raise ValueError("the Input uses the weights of another layer; it has none. Leave that out")
        return self

    def output_shape(self, inputs: Inputs) -> Shape:
        del inputs
        return self.shape

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        del inputs
        return (line("sample", labelled(self.shape)),)

    def details(self) -> str:
        return {1: "features", 2: "sequence", 3: "image"}.get(len(self.shape), "volume")

    def keras_class(self) -> str:
        return "InputLayer"

    def keras_config(self) -> dict[str, Any]:
        return {"name": self.name, "batch_shape": [None, *self.shape]}
