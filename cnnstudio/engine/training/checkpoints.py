"""Keeping a run's weights on disk: the best epoch's and the last one's."""

import errno
import os
import re
import shutil
from pathlib import Path

from cnnstudio.engine.files.writing import atomic_path
from cnnstudio.engine.keras.library import KerasModel
from cnnstudio.engine.runs.folder import BEST_FILE, LAST_FILE
from cnnstudio.engine.training.events import CheckpointSaved, EpochEnded

_TABLES = 2**14
_TABLES_PER_VARIABLE = 2**11
_ERRNO = re.compile(r"errno = (\d+)")


class WeightsKeeper:
    """Writes `best.weights.h5` when val_loss falls below that of the file, and `last.weights.h5` always.

    Each file is replaced whole or not at all: a kill, a power cut or a full disk leaves the one before.
    """

    def __init__(self, model: KerasModel, folder: Path) -> None:
        self._model = model
        self._folder = folder
        self.saved: CheckpointSaved | None = None

    def keep(self, epoch: EpochEnded) -> None:
        """Save after an epoch; `saved` tells the best one on disk. StudioError when the disk refuses."""
        if self.saved is None or epoch.val_loss < self.saved.val_loss:
            self._save_best(epoch)
        save_weights(self._model, self._folder / LAST_FILE)

    def _save_best(self, epoch: EpochEnded) -> None:
        path = self._folder / BEST_FILE
        save_weights(self._model, path)
        self.saved = CheckpointSaved(epoch.epoch, epoch.val_loss, path)


def save_weights(model: KerasModel, path: Path) -> None:
    """Write the weights to a `.weights.h5` file, whole or not at all. StudioError if the disk refuses."""
    with atomic_path(path) as temporary:
        _require_room(temporary, _size_of(model))
        try:
            model.save_weights(temporary)
        except (OSError, RuntimeError) as error:
            raise _as_os_error(error) from error


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


def _size_of(model: KerasModel) -> int:
    """Bytes of the file to come, generously: the weights, the optimizer's own, and HDF5's tables."""
    optimizer = getattr(model, "optimizer", None)
    variables = [*model.variables, *(optimizer.variables if optimizer else ())]
    return sum(int(variable.numpy().nbytes) + _TABLES_PER_VARIABLE for variable in variables) + _TABLES


def _as_os_error(error: OSError | RuntimeError) -> OSError:
    """Give HDF5's errors the number that stands in their text: `errno = 28` is a full disk."""
    found = _ERRNO.search(str(error))
    number = (error.errno if isinstance(error, OSError) else None) or (int(found[1]) if found else errno.EIO)
    return OSError(number, os.strerror(number))
