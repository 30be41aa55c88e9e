"""Reads files that nobody vouches for in a process of its own: some make HDF5 loop for ever, or crash.

Started by `checked.py` with paths on standard input, one JSON text a line. Each is opened and walked through
as the program itself would; an answer means that it can do so too, whatever it then says of the file.
"""

import json
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import h5py

from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.weights import hdf5, open_unchecked

MOST_CPU_S = 4
"""Seconds of computing for one file; the largest real ones take a tenth of one."""
MOST_MEMORY = 3 * 1024**3
_MOST_READ = 64 * 1024**2


def main() -> None:
    """Answer each path with a line, until there are no more."""
    # Ctrl-C reaches this process too; the one that asked decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for line in sys.stdin:
        _limit()
        _walk(Path(json.loads(line)))
        sys.stdout.write("read\n")
        sys.stdout.flush()


def _walk(path: Path) -> None:
    with suppress(StudioError), open_unchecked(path) as file, hdf5.reading_errors(path):
        hdf5.attribute(file.root, "model_config")
        for layer in file.layers:
            for entry in layer.weights:
                _read_chunks(hdf5.child(file.root, entry.path))


def _read_chunks(dataset: Any) -> None:
    """Arrays in chunks are found through a tree, which can be damaged; others lie in one piece."""
    if isinstance(dataset, h5py.Dataset) and dataset.chunks is not None:
        if dataset.nbytes <= _MOST_READ:
            dataset[()]
        else:
            dataset.id.get_num_chunks()


def _limit() -> None:
    """Where the system can: so much computing from here on, and so much memory in all."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = int(used.ru_utime + used.ru_stime) + MOST_CPU_S
        hardest = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, hardest))
        most = resource.getrlimit(resource.RLIMIT_AS)[1]
        most = MOST_MEMORY if most == resource.RLIM_INFINITY else min(most, MOST_MEMORY)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


if __name__ == "__main__":
    main()
