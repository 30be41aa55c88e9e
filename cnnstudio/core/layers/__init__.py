"""The layer types, in palette order. A new one is a class in its family's file and a line here."""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, TypeAlias

from pydantic import Field

from cnnstudio.core.layers.activation import Activation
from cnnstudio.core.layers.base import (
    Family,
    Inputs,
    Layer,
    LayerError,
    Remedy,
    WeightSpec,
    Window,
)
from cnnstudio.core.layers.convolution import Conv2D
from cnnstudio.core.layers.dense import Dense
from cnnstudio.core.layers.io import Input
from cnnstudio.core.layers.merging import Add, Concatenate
from cnnstudio.core.layers.normalization import BatchNormalization
from cnnstudio.core.layers.pooling import AveragePooling2D, GlobalAveragePooling2D, MaxPooling2D
from cnnstudio.core.layers.preprocessing import Rescaling
from cnnstudio.core.layers.regularization import Dropout
from cnnstudio.core.layers.reshaping import Flatten

LAYER_TYPES: tuple[type[Layer], ...] = (
    Input,
    Rescaling,
    Conv2D,
    MaxPooling2D,
    AveragePooling2D,
    GlobalAveragePooling2D,
    Flatten,
    Dense,
    Activation,
    BatchNormalization,
    Dropout,
    Add,
    Concatenate,
)
LAYER_BY_TYPE = {layer.model_fields["type"].default: layer for layer in LAYER_TYPES}

if TYPE_CHECKING:
    AnyLayer: TypeAlias = Layer
else:
    AnyLayer = Annotated[reduce(or_, LAYER_TYPES), Field(discriminator="type")]

__all__ = [
    "LAYER_BY_TYPE",
    "LAYER_TYPES",
    "Activation",
    "Add",
    "AnyLayer",
    "AveragePooling2D",
    "BatchNormalization",
    "Concatenate",
    "Conv2D",
    "Dense",
    "Dropout",
    "Family",
    "Flatten",
    "GlobalAveragePooling2D",
    "Input",
    "Inputs",
    "Layer",
    "LayerError",
    "MaxPooling2D",
    "Remedy",
    "Rescaling",
    "WeightSpec",
    "Window",
]
