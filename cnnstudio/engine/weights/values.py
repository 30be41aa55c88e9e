"""What a weights file holds, as values."""

from dataclasses import dataclass
from typing import Any, Literal

KernelKind = Literal["convolution", "depthwise", "transpose"]


@dataclass(frozen=True)
class WeightEntry:
    """One array, not yet read.

    `name` is Keras's short name ("kernel", "moving_mean"), or the array's number where the file
    does not tell more. `path` is its place inside the HDF5 file. `dtype` is as stored.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    path: str


@dataclass(frozen=True)
class LayerWeights:
    """A layer that holds arrays, under a name that no other layer of the file has.

    `type` is the Keras class in snake case ("conv2d", "batch_normalization"), None when the file
    does not tell.
    """

    name: str
    weights: tuple[WeightEntry, ...]
    type: str | None = None


@dataclass(frozen=True)
class KernelEntry:
    """An array that is a convolution kernel.

    Its shape is (kh, kw, channels, filters), for one axis (k, channels, filters). Depthwise kernels
    have (kh, kw, channels, maps per channel), transposed ones (kh, kw, filters, channels).
    """

    layer: str
    weight: str
    shape: tuple[int, ...]
    kind: KernelKind = "convolution"


@dataclass(frozen=True)
class FoundLayer:
    """A layer as a reader finds it: `path` is the names of its enclosing models, then its own."""

    path: tuple[str, ...]
    weights: tuple[WeightEntry, ...]
    type: str | None = None


@dataclass(frozen=True)
class Contents:
    """Everything a reader tells about a file; `config` is the model's own JSON where it is there."""

    keras_version: str | None
    config: dict[str, Any] | None
    layers: tuple[FoundLayer, ...]
