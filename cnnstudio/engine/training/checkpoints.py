"""Keeping a run's weights on disk: the best epoch's, and the last one's with all that is needed to go
on from it.
"""

import errno
import os
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct

from cnnstudio.core.analysis.describe import bytes_text
from cnnstudio.core.tasks.metrics import Monitor
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.files.writing import atomic_path
from cnnstudio.engine.keras.library import KerasModel
from cnnstudio.engine.keras.weights import load_weights
from cnnstudio.engine.runs.folder import BEST_FILE, LAST_FILE
from cnnstudio.engine.training.events import CheckpointSaved, EpochEnded

_TABLES = 2**14
_TABLES_PER_VARIABLE = 2**11
_ERRNO = re.compile(r"errno = (\d+)")
_FILES = 3
"""The best, the last, and the one that is being written."""
_EPOCH, _SEEDS = "cnnstudio_epoch", "cnnstudio_seeds"
"""Attributes of a weights file that tell where a run stood; readers of weights pass them over."""


class WeightsKeeper:
    """Writes `best.weights.h5` when the monitored figure beats that of the file, and `last.weights.h5`
    always.

    Each file is replaced whole or not at all: a kill, a power cut or a full disk leaves the one before.
    `saved` is the best one on disk.
    """

    def __init__(
        self, model: KerasModel, folder: Path, monitor: Monitor, saved: CheckpointSaved | None = None
    ) -> None:
        self._model = model
        self._folder = folder
        self._monitor = monitor
        self.saved = saved

    def keep(self, epoch: EpochEnded) -> None:
        """Save after an epoch; `saved` tells the best one on disk. StudioError when the disk refuses."""
        value = epoch.values[self._monitor.name]
        if self._monitor.is_better(value, None if self.saved is None else self.saved.value):
            path = self._folder / BEST_FILE
            save_weights(self._model, path, epoch.epoch)
            self.saved = CheckpointSaved(epoch.epoch, value, path, self._monitor.name)
        save_weights(self._model, self._folder / LAST_FILE, epoch.epoch)


def refuse_without_room(model: KerasModel, folder: Path) -> int:
    """Bytes that a checkpoint of a compiled model takes at most.

    StudioError where the disk has no room for what a run writes.
    """
    # Else the optimizer has nothing of its own before the first batch, and Adam writes twice the weights.
    model.optimizer.build(model.trainable_variables)
    size = size_of(model)
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return size
    if free < _FILES * size:
        raise StudioError(
            f"The weights of an epoch take {bytes_text(size)}, a run keeps up to {_FILES} such files, and "
            f"{bytes_text(free)} are free in {folder}. Free some space, or choose another folder."
        )
    return size


def save_weights(model: KerasModel, path: Path, epoch: int) -> None:
    """Write weights, optimizer and random states after an epoch to a `.weights.h5` file, whole or not at all.

    StudioError if the disk refuses.
    """
    with atomic_path(path) as temporary:
        _require_room(temporary, size_of(model))
        try:
            model.save_weights(temporary)
            _write_state(model, temporary, epoch)
        except (OSError, RuntimeError) as error:
            raise _as_os_error(error) from error


class LastState(Struct, frozen=True, eq=False):
    """What a weights file tells of where its run stood; None for what older versions did not write."""

    epoch: int | None
    seeds: Any | None
    """States of the random generators in the model's order, (count, 2)."""


def read_state(path: Path) -> LastState:
    """Where a run stood when the file was written. StudioError when it cannot be read."""
    import h5py

    from cnnstudio.engine.weights.checked import CHECKER

    try:
        CHECKER.refuse_harmful(path)
        with h5py.File(path, "r", locking=False) as file:
            epoch, seeds = file.attrs.get(_EPOCH), file.attrs.get(_SEEDS)
    except OSError as error:
        raise StudioError(f"{path} cannot be read ({error}). The run cannot go on from it.") from error
    return LastState(None if epoch is None else int(epoch), None if seeds is None else np.asarray(seeds))


def load_state(model: KerasModel, path: Path) -> LastState:
    """Bring a compiled model to where its run stood: weights, optimizer, random states.

    StudioError when the file does not fit the model.
    """
    state = read_state(path)
    model.optimizer.build(model.trainable_variables)
    load_weights(model, path)
    generators = _random_states(model)
    if state.seeds is not None and len(state.seeds) == len(generators):
        for generator, seed in zip(generators, state.seeds, strict=True):
            generator.assign(seed)
    return state


def _write_state(model: KerasModel, path: Path, epoch: int) -> None:
    import h5py

    seeds = [np.asarray(state.numpy()) for state in _random_states(model)]
    with h5py.File(path, "r+") as file:
        file.attrs[_EPOCH] = epoch
        if seeds:
            file.attrs[_SEEDS] = np.stack(seeds)


def _random_states(model: KerasModel) -> list[Any]:
    """The variables of dropout, noise and augmentation that Keras does not save with the weights."""
    weights = {id(weight) for weight in model.weights}
    return [variable for variable in model.variables if id(variable) not in weights]


def _require_room(temporary: Path, size: int) -> None:
    """OSError when the disk has no room for a file of `size` bytes.

    Asked first, because HDF5 does not survive a disk that fills up under it: measured with h5py 3, the
    file object cannot be closed any more and the process crashes when it ends.
    """
    if hasattr(os, "posix_fallocate"):
        with temporary.open("r+b") as file:
            os.posix_fallocate(file.fileno(), 0, size)
    elif shutil.disk_usage(temporary.parent).free < size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def size_of(model: KerasModel) -> int:
    """Bytes of a file of the model, generously: the weights, the optimizer's own, and HDF5's tables."""
    optimizer = getattr(model, "optimizer", None)
    variables = [*model.variables, *(optimizer.variables if optimizer else ())]
    return sum(int(variable.numpy().nbytes) + _TABLES_PER_VARIABLE for variable in variables) + _TABLES


def _as_os_error(error: OSError | RuntimeError) -> OSError:
    """Give HDF5's errors the number that stands in their text: `errno = 28` is a full disk."""
    found = _ERRNO.search(str(error))
    number = (error.errno if isinstance(error, OSError) else None) or (int(found[1]) if found else errno.EIO)
    return OSError(number, os.strerror(number))
