"""What is black and white in the deep pictures of a folder: one rule for all of them."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cnnstudio.core.project.sources import Levels
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.files.deep import Extremes, joined, levels_of
from cnnstudio.engine.files.images import read_extremes
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested

THREADS = min(4, os.cpu_count() or 1)
"""Each holds one picture as it is in the file, which may be large."""
_AT_ONCE = 32


def levels_over(paths: Sequence[str], should_stop: ShouldStop) -> Levels:
    """Look at the numbers of all deep pictures; blocks for the time of reading these.

    Pictures that cannot be read do not count. StopRequested once it was asked to stop.
    """
    found = Extremes()
    with ThreadPoolExecutor(THREADS, thread_name_prefix="levels") as pool:
        for start in range(0, len(paths), _AT_ONCE):
            if should_stop():
                raise StopRequested
            found = joined([found, *pool.map(_extremes, paths[start : start + _AT_ONCE])])
    return levels_of(found)


def _extremes(path: str) -> Extremes:
    try:
        return read_extremes(Path(path))
    except StudioError:
        return Extremes()
