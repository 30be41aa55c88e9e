"""An open weights file."""

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from numpy.typing import NDArray

from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.weights import hdf5
from cnnstudio.engine.weights.kernels import kernels_of
from cnnstudio.engine.weights.naming import some, with_unique_names
from cnnstudio.engine.weights.reader import Source
from cnnstudio.engine.weights.values import Contents, KernelEntry, LayerWeights, WeightEntry


class WeightsFile:
    """Names and shapes at once, arrays one at a time when they are asked for.

    `format` is one of keras-legacy-model, keras-legacy-weights, keras-3-weights, keras-3-model.
    `layers` holds the layers with arrays, in the network's order where the file tells it.
    `config` is the model's JSON where the file has it; `notes` say what was assumed. Any thread may read;
    close it in the end, or use it in a `with` block.
    """

    def __init__(
        self, path: Path, file_format: str, contents: Contents, source: Source, owned: ExitStack
    ) -> None:
        self.path = path
        self.format = file_format
        self.keras_version: str | None = contents.keras_version
        self.config: dict[str, Any] | None = contents.config
        self.notes: tuple[str, ...] = contents.notes
        self.layers: tuple[LayerWeights, ...] = with_unique_names(contents.layers)
        self.kernels: tuple[KernelEntry, ...] = kernels_of(self.layers)
        self._source = source
        self._owned = owned

    def layer(self, name: str) -> LayerWeights:
        """One layer. StudioError, with the names that exist, when it is not in the file."""
        for layer in self.layers:
            if layer.name == name:
                return layer
        known = some([layer.name for layer in self.layers])
        raise StudioError(f"{self.path} has no layer {name!r} with weights. It has {known}.")

    def kernel(self, layer_name: str) -> KernelEntry:
        """A layer's first kernel. StudioError when the layer is missing or has none."""
        layer = self.layer(layer_name)
        for kernel in self.kernels:
            if kernel.layer == layer.name:
                return kernel
        known = some(list(dict.fromkeys(kernel.layer for kernel in self.kernels)))
        raise StudioError(
            f"Layer {layer_name!r} of {self.path} has no convolution kernel. Layers with kernels: {known}."
        )

    def read(self, layer_name: str, weight_name: str, part: tuple[slice, ...] | None = None) -> NDArray[Any]:
        """Read one array in Keras's order, bfloat16 as float32; with `part`, a slice per axis, only that.

        StudioError when it is not in the file, above 2 GiB, damaged, or the file is closed.
        """
        wanted = self._entry(layer_name, weight_name)
        if not self._source.root:
            raise StudioError(f"{self.path} is closed. Open it again to read from it.")
        with hdf5.reading_errors(self.path):
            return hdf5.read_array(self._source.root, wanted, self.path, part)

    @property
    def root(self) -> Any:
        """The open HDF5 file."""
        return self._source.root

    def close(self) -> None:
        """Let go of the file; calling it again does nothing."""
        self._owned.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _entry(self, layer_name: str, weight_name: str) -> WeightEntry:
        layer = self.layer(layer_name)
        for entry in layer.weights:
            if entry.name == weight_name:
                return entry
        known = some([entry.name for entry in layer.weights])
        raise StudioError(
            f"Layer {layer_name!r} of {self.path} has no weight {weight_name!r}. It has {known}."
        )
