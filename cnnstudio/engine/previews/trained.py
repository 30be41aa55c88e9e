"""Weights of a run, matched with the layers of a network by name and shape."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeAlias

import numpy as np

from cnnstudio.core.errors import StudioError
from cnnstudio.core.layers import WeightSpec
from cnnstudio.engine.previews.picture import Floats
from cnnstudio.engine.start_weights import Shapes, has_all, shapes_in

if TYPE_CHECKING:
    from cnnstudio.engine.weights import WeightsFile

Stamp: TypeAlias = tuple[str, int, int]
"""Path, time of change and size: tells one state of a file from another."""


class TrainedWeights:
    """The arrays of a weights file while a `with` block lasts; a file that cannot be read holds none."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._opened = ExitStack()
        self._file: WeightsFile | None = None
        self._shapes: Shapes = {}
        self._stamp: Stamp | None = None

    def stamp_of(self, layer: str, specs: Sequence[WeightSpec]) -> Stamp | None:
        """What tells these weights from others; `None` unless the file has all of them for the layer."""
        return self._stamp if has_all(self._shapes, layer, specs) else None

    def read(self, layer: str, specs: Sequence[WeightSpec]) -> list[Floats]:
        """The arrays of a layer in the order of `specs`. StudioError when the file is damaged."""
        assert self._file is not None
        return [np.asarray(self._file.read(layer, spec.name), np.float32) for spec in specs]

    def __enter__(self) -> Self:
        if self._path is None:
            return self
        # The window imports this file before its first paint, and h5py takes a while.
        from cnnstudio.engine.weights import open_weights

        try:
            stat = self._path.stat()
            self._file = self._opened.enter_context(open_weights(self._path))
        except (OSError, StudioError):
            return self
        self._stamp = (str(self._path), stat.st_mtime_ns, stat.st_size)
        self._shapes = shapes_in(self._file)
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()
