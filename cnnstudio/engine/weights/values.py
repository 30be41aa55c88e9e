"""What a weights file holds, as values."""

from typing import Any, Literal

from msgspec import Struct

KernelKind = Literal["convolution", "depthwise", "transpose"]


class WeightEntry(Struct, frozen=True):
    """One array, not yet read.

    `name` is Keras's short name ("kernel", "moving_mean"), or the array's number where the file
    does not tell more. `path` is its place inside the HDF5 file. `dtype` is as stored. Where the file has
    the array in another order, `axes` bring it to this `shape`, and `upside_down` tells that its spatial axes
    (all but the last two) run backwards.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    path: str
    axes: tuple[int, ...] = ()
    upside_down: bool = False


class LayerWeights(Struct, frozen=True):
    """A layer that holds arrays, under a name that no other layer of the file has.

    `type` is the Keras class in snake case ("conv2d", "batch_normalization"), None when the file
    does not tell; `path` the names of its enclosing models, then its own.
    """

    name: str
    weights: tuple[WeightEntry, ...]
    type: str | None = None
    path: tuple[str, ...] = ()


class KernelEntry(Struct, frozen=True):
    """An array that is a convolution kernel.

    Its shape is (kh, kw, channels, filters), for one axis (k, channels, filters). Depthwise kernels
    have (kh, kw, channels, maps per channel), transposed ones (kh, kw, filters, channels).
    """

    layer: str
    weight: str
    shape: tuple[int, ...]
    kind: KernelKind = "convolution"


class FoundLayer(Struct, frozen=True):
    """A layer as a reader finds it: `path` is the names of its enclosing models, then its own."""

    path: tuple[str, ...]
    weights: tuple[WeightEntry, ...]
    type: str | None = None


class Contents(Struct, frozen=True):
    """Everything a reader tells about a file; `config` is the model's own JSON where it is there.

    `notes` are sentences on what was assumed or is not certain.
    """

    keras_version: str | None
    config: dict[str, Any] | None
    layers: tuple[FoundLayer, ...]
    notes: tuple[str, ...] = ()
