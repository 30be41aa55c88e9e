"""A layer whose class is not in the catalogue: kept as it came, so that nothing is lost."""

import json
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, JsonValue

from cnnstudio.core.layers.base import (
    Layer,
    Name,
    WeightSpec,
)
from cnnstudio.core.layers.requirements import (
    Inputs,
    LayerError,
)
from cnnstudio.core.layers.settings import as_tuple
from cnnstudio.core.values.shape import Shape

OpenSize = Annotated[int, Field(ge=0)] | None
KnownShape = Annotated[tuple[OpenSize, ...], BeforeValidator(as_tuple)]
KnownShapes = Annotated[tuple[tuple[OpenSize, ...], ...], BeforeValidator(as_tuple)]
Count = Annotated[int, Field(ge=0)]


def _finite(value: JsonValue) -> JsonValue:
    """Refuse what JSON has no word for: such settings could not be saved."""
    try:
        json.dumps(value, allow_nan=False)
    except (ValueError, RecursionError) as error:
        raise ValueError("its settings hold a number without end, or are nested too deep") from error
    return value


class CustomLayer(Layer):
    """A layer of a class that is not known here; its class name and settings pass through untouched.

    What an import knew of it, its output shape and its counts, holds as long as the same shapes arrive.
    """

    family = "custom"
    title = "Custom"
    icon = "puzzle"
    in_palette = False
    keeps_places = False
    type: Literal["CustomLayer"] = "CustomLayer"

    class_name: Annotated[Name, Field(title="Class", description="The layer's class in Keras.")]
    module: Annotated[
        str | None,
        Field(max_length=1_000, title="Module", description="The Python module its class comes from."),
    ] = None
    registered_name: Annotated[
        str | None,
        Field(max_length=1_000, title="Registered name", description="The name Keras knows its class by."),
    ] = None
    config: Annotated[
        dict[str, JsonValue],
        AfterValidator(_finite),
        Field(title="Settings", description="Its settings, as they came."),
    ] = Field(default_factory=dict)
    call: Annotated[
        JsonValue,
        AfterValidator(_finite),
        Field(title="Call", description="What it is called with besides its inputs."),
    ] = None
    known_inputs: Annotated[
        KnownShapes | None, Field(title="Known inputs", description="The shapes the import saw arriving.")
    ] = None
    known_output_shape: Annotated[
        KnownShape | None, Field(title="Known shape", description="The shape the import saw leaving.")
    ] = None
    known_parameters: Annotated[
        Annotated[tuple[Count, Count], BeforeValidator(as_tuple)] | None,
        Field(title="Known parameters", description="How many can be trained, and how many cannot."),
    ] = None

    def output_shape(self, inputs: Inputs) -> Shape:
        if self.known_output_shape is None:
            raise self._unknown("and its shape is not known here")
        if self.known_inputs is not None and tuple(inputs) != self.known_inputs:
            raise self._unknown("and its shape is known only for the input it was imported with")
        return self.known_output_shape

    def _unknown(self, what: str) -> LayerError:
        named = f"The operation {self.class_name}" if self.is_operation else self.class_name
        return LayerError(
            "S10",
            f"{named} is no layer of this catalogue, {what}. "
            "It is kept as it came; replace it by known layers to see the shapes below.",
            "Only the code of the layer could tell, and code from files is never run.",
            severity="advice",
        )

    @property
    def is_operation(self) -> bool:
        """Whether it is a bare operation of Keras, which is no layer there either."""
        return (self.module or "").startswith("keras.src.ops.")

    def weights(self, inputs: Inputs) -> tuple[WeightSpec, ...]:
        del inputs
        if self.known_parameters is None:
            return ()
        trainable, fixed = self.known_parameters
        learned = (WeightSpec("trainable weights", (trainable,)),) if trainable else ()
        kept = (WeightSpec("other weights", (fixed,), trainable=False),) if fixed else ()
        return learned + kept

    @property
    def weights_known(self) -> bool:
        return self.known_parameters is not None

    @property
    def macs_known(self) -> bool:
        """A layer without weights multiplies none."""
        return self.known_parameters is not None and not any(self.known_parameters)

    def details(self) -> str:
        return self.class_name

    def keras_class(self) -> str:
        return self.class_name

    def keras_config(self) -> dict[str, JsonValue]:
        """The settings as they came, with this layer's name; `trainable` where it came with one."""
        own: dict[str, JsonValue] = {"name": self.name}
        if "trainable" in self.config:
            own["trainable"] = self.trainable
        return {**self.config, **own}
