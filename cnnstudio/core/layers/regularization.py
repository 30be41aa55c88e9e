"""Layers that disturb training on purpose, and do nothing afterwards."""

from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from cnnstudio.core.layers.base import Layer
from cnnstudio.core.layers.requirements import (
    Inputs,
    only_input,
    require_rank,
)
from cnnstudio.core.layers.settings import Fraction, Share, Size, as_tuple
from cnnstudio.core.layers.weighted import ADVANCED, Seeded
from cnnstudio.core.values.shape import Shape

NoiseShape = Annotated[
    Annotated[tuple[Size | None, ...], BeforeValidator(as_tuple)] | None,
    Field(
        title="Noise shape",
        description="Axes of size 1 here, the batch first, share one draw; empty draws for each value.",
        json_schema_extra={**ADVANCED, "without": "for each value"},
    ),
]
Rate = Annotated[Share, Field(title="Rate", description="The share of values set to 0, from 0 to below 1.")]


class _Disturbance(Layer):
    """Leaves the shape as it is."""

    family = "regularization"

    def output_shape(self, inputs: Inputs) -> Shape:
        return only_input(inputs)


class _Dropout(_Disturbance):
    rate: Rate = 0.25

    def details(self) -> str:
        return f"{self.rate:.0%}" if round(self.rate * 100, 6).is_integer() else f"rate {self.rate:g}"


class Dropout(Seeded, _Dropout):
    """Sets a random share of the values to 0 in each training step."""

    title = "Dropout"
    icon = "droplets"
    type: Literal["Dropout"] = "Dropout"
    noise_shape: NoiseShape = None


class AlphaDropout(Seeded, _Dropout):
    """Dropout for SELU units: mean and spread of the values stay as they were."""

    title = "Alpha Dropout"
    icon = "droplets"
    type: Literal["AlphaDropout"] = "AlphaDropout"
    noise_shape: NoiseShape = None


class _SpatialDropout(Seeded, _Dropout):
    """Sets a random share of whole maps to 0."""

    not_in_keras = Layer.not_in_keras | {"trainable"}
    rank: ClassVar[int]

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = only_input(inputs)
        require_rank(shape, self.rank, self.title)
        return shape


class SpatialDropout2D(_SpatialDropout):
    """Sets a random share of whole maps to 0 in each training step."""

    title = "Spatial Dropout"
    icon = "layers"
    rank = 3
    takes_data_format = True
    type: Literal["SpatialDropout2D"] = "SpatialDropout2D"


class SpatialDropout1D(_SpatialDropout):
    """Sets a random share of whole channels of a sequence to 0 in each training step."""

    title = "Spatial Dropout 1D"
    icon = "layers"
    rank = 2
    type: Literal["SpatialDropout1D"] = "SpatialDropout1D"


class SpatialDropout3D(_SpatialDropout):
    """Sets a random share of whole channels of a volume to 0 in each training step."""

    title = "Spatial Dropout 3D"
    icon = "layers"
    section = "volume"
    rank = 4
    takes_data_format = True
    type: Literal["SpatialDropout3D"] = "SpatialDropout3D"


class GaussianDropout(Seeded, _Dropout):
    """Multiplies every value by noise around 1 in each training step."""

    title = "Gaussian Dropout"
    icon = "waves"
    type: Literal["GaussianDropout"] = "GaussianDropout"
    rate: Annotated[
        Share, Field(title="Rate", description="The noise spreads by the root of rate / (1 - rate).")
    ] = 0.25


class GaussianNoise(Seeded, _Disturbance):
    """Adds noise around 0 to every value in each training step."""

    title = "Gaussian Noise"
    icon = "waves"
    type: Literal["GaussianNoise"] = "GaussianNoise"
    stddev: Annotated[Fraction, Field(title="Spread", description="The standard deviation of the noise.")] = (
        0.1
    )

    def details(self) -> str:
        return f"spread {self.stddev:g}"
