"""What a run's weights files tell of where the run stood; readers of weights pass it over."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from cnnstudio.core.values.errors import StudioError

_EPOCH, _SEEDS = "cnnstudio_epoch", "cnnstudio_seeds"
"""Attributes of the file."""


class LastState(Struct, frozen=True, eq=False):
    """Where a run stood; None for what older versions did not write."""

    epoch: int | None
    seeds: Any | None
    """States of the random generators in the model's order, (count, 2)."""


def read_state(path: Path) -> LastState:
    """Where a run stood when the file was written. StudioError when it cannot be read."""
    import h5py
    import numpy as np

    from cnnstudio.engine.weights.checked import CHECKER

    try:
        CHECKER.refuse_harmful(path)
        with h5py.File(path, "r", locking=False) as file:
            epoch, seeds = file.attrs.get(_EPOCH), file.attrs.get(_SEEDS)
    except OSError as error:
        raise StudioError(f"{path} cannot be read ({error}). The run cannot go on from it.") from error
    return LastState(None if epoch is None else int(epoch), None if seeds is None else np.asarray(seeds))


def write_state(path: Path, epoch: int, seeds: Sequence[Any]) -> None:
    """Note in a weights file after which epoch it is, and the random states, each (2,)."""
    import h5py
    import numpy as np

    with h5py.File(path, "r+") as file:
        file.attrs[_EPOCH] = epoch
        if seeds:
            file.attrs[_SEEDS] = np.stack(seeds)
