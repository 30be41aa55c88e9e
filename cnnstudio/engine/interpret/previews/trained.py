"""Trained weights, of a run or to start from, for the layers of a network that they fit."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeAlias

import numpy as np

from cnnstudio.core.layers import WeightSpec
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.interpret.previews.picture import Floats
from cnnstudio.engine.training.layer_matching import Match, Matcher

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
        self._matcher = Matcher(())
        self._stamp: Stamp | None = None

    def match(self, names: Sequence[str], specs: Sequence[WeightSpec]) -> Match | None:
        """Where the weights of a layer are; `None` unless the file has all of them."""
        return self._matcher.match(names, specs)

    @property
    def stamp(self) -> Stamp | None:
        """What tells this state of the file from others."""
        return self._stamp

    def read(self, match: Match) -> list[Floats]:
        """The arrays of a layer in the order that was asked for. StudioError when the file is damaged."""
        assert self._file is not None
        return [np.asarray(self._file.read(*place), np.float32) for place in match.arrays]

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
        self._matcher = Matcher(self._file.layers)
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()
