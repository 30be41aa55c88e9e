"""The layer types, in palette order. A new one is a class in its family's file and a line here."""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, TypeAlias

from cnnstudio.core.layers.activation import ELU, Activation, LeakyReLU, PReLU, ReLU, Softmax
from cnnstudio.core.layers.augmentation import (
    RandomBrightness,
    RandomContrast,
    RandomCrop,
    RandomFlip,
    RandomRotation,
    RandomTranslation,
    RandomZoom,
)
from cnnstudio.core.layers.base import Family, Inputs, Layer, LayerError, Remedy, WeightSpec, Window
from cnnstudio.core.layers.convolution import Conv1D, Conv2D
from cnnstudio.core.layers.custom import CustomLayer
from cnnstudio.core.layers.dense import Dense
from cnnstudio.core.layers.depthwise import DepthwiseConv1D, DepthwiseConv2D, SeparableConv1D, SeparableConv2D
from cnnstudio.core.layers.edges import Cropping1D, Cropping2D, ZeroPadding1D, ZeroPadding2D
from cnnstudio.core.layers.io import Input
from cnnstudio.core.layers.merging import Add, Average, Concatenate, Maximum, Minimum, Multiply, Subtract
from cnnstudio.core.layers.normalization import BatchNormalization, GroupNormalization, LayerNormalization
from cnnstudio.core.layers.pooling import (
    AveragePooling1D,
    AveragePooling2D,
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    MaxPooling1D,
    MaxPooling2D,
)
from cnnstudio.core.layers.preprocessing import CenterCrop, Normalization, Rescaling, Resizing
from cnnstudio.core.layers.regularization import (
    AlphaDropout,
    Dropout,
    GaussianDropout,
    GaussianNoise,
    SpatialDropout1D,
    SpatialDropout2D,
)
from cnnstudio.core.layers.reshaping import Flatten, Permute, Reshape
from cnnstudio.core.layers.transposed import Conv1DTranspose, Conv2DTranspose
from cnnstudio.core.layers.upsampling import UpSampling1D, UpSampling2D
from cnnstudio.core.values.unions import ByType

LAYER_TYPES: tuple[type[Layer], ...] = (
    Input,
    Rescaling,
    Normalization,
    Resizing,
    CenterCrop,
    RandomFlip,
    RandomRotation,
    RandomZoom,
    RandomTranslation,
    RandomCrop,
    RandomContrast,
    RandomBrightness,
    Conv2D,
    DepthwiseConv2D,
    SeparableConv2D,
    Conv2DTranspose,
    Conv1D,
    DepthwiseConv1D,
    SeparableConv1D,
    Conv1DTranspose,
    MaxPooling2D,
    AveragePooling2D,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    MaxPooling1D,
    AveragePooling1D,
    GlobalAveragePooling1D,
    GlobalMaxPooling1D,
    Flatten,
    Reshape,
    Permute,
    ZeroPadding2D,
    Cropping2D,
    UpSampling2D,
    ZeroPadding1D,
    Cropping1D,
    UpSampling1D,
    Dense,
    Activation,
    ReLU,
    LeakyReLU,
    PReLU,
    ELU,
    Softmax,
    BatchNormalization,
    LayerNormalization,
    GroupNormalization,
    Dropout,
    SpatialDropout2D,
    SpatialDropout1D,
    AlphaDropout,
    GaussianDropout,
    GaussianNoise,
    Add,
    Subtract,
    Multiply,
    Average,
    Maximum,
    Minimum,
    Concatenate,
    CustomLayer,
)
LAYER_BY_TYPE = {layer.model_fields["type"].default: layer for layer in LAYER_TYPES}

if TYPE_CHECKING:
    AnyLayer: TypeAlias = Layer
else:
    AnyLayer = Annotated[reduce(or_, LAYER_TYPES), ByType()]

__all__ = [
    "ELU",
    "LAYER_BY_TYPE",
    "LAYER_TYPES",
    "Activation",
    "Add",
    "AlphaDropout",
    "AnyLayer",
    "Average",
    "AveragePooling1D",
    "AveragePooling2D",
    "BatchNormalization",
    "CenterCrop",
    "Concatenate",
    "Conv1D",
    "Conv1DTranspose",
    "Conv2D",
    "Conv2DTranspose",
    "Cropping1D",
    "Cropping2D",
    "CustomLayer",
    "Dense",
    "DepthwiseConv1D",
    "DepthwiseConv2D",
    "Dropout",
    "Family",
    "Flatten",
    "GaussianDropout",
    "GaussianNoise",
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling1D",
    "GlobalMaxPooling2D",
    "GroupNormalization",
    "Input",
    "Inputs",
    "Layer",
    "LayerError",
    "LayerNormalization",
    "LeakyReLU",
    "MaxPooling1D",
    "MaxPooling2D",
    "Maximum",
    "Minimum",
    "Multiply",
    "Normalization",
    "PReLU",
    "Permute",
    "RandomBrightness",
    "RandomContrast",
    "RandomCrop",
    "RandomFlip",
    "RandomRotation",
    "RandomTranslation",
    "RandomZoom",
    "ReLU",
    "Remedy",
    "Rescaling",
    "Reshape",
    "Resizing",
    "SeparableConv1D",
    "SeparableConv2D",
    "Softmax",
    "SpatialDropout1D",
    "SpatialDropout2D",
    "Subtract",
    "UpSampling1D",
    "UpSampling2D",
    "WeightSpec",
    "Window",
    "ZeroPadding1D",
    "ZeroPadding2D",
]
