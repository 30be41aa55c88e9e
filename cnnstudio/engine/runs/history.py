"""The curve of a run as a CSV file: a line per epoch, written as soon as the epoch ends."""

import csv
from pathlib import Path

from msgspec import Struct

from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.files.writing import writing_errors
from cnnstudio.engine.training.events import EpochEnded

COLUMNS = ("epoch", "loss", "val_loss", "accuracy", "val_accuracy", "seconds")


class HistoryRow(Struct, frozen=True):
    """One epoch, counted from 1, as `history.csv` keeps it."""

    epoch: int
    loss: float
    val_loss: float
    accuracy: float
    val_accuracy: float
    seconds: float


class HistoryFile:
    """Appends epochs to a CSV file. A line is there whole or not at all.

    Numbers are written so that reading gives exactly the same ones.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._unwritten = [",".join(COLUMNS)]

    def append(self, epoch: EpochEnded) -> None:
        """Write one epoch. StudioError when the disk refuses; the line is then tried again with the next."""
        row = [repr(getattr(epoch, name)) for name in COLUMNS[:-1]]
        self._unwritten.append(",".join([*row, f"{epoch.seconds:.3f}"]))
        self.flush()

    def flush(self) -> None:
        """Write what is not on disk yet. StudioError when the disk refuses."""
        if not self._unwritten:
            return
        with writing_errors(self.path):
            _append_whole(self.path, "".join(f"{line}\n" for line in self._unwritten).encode())
        self._unwritten.clear()


def _append_whole(path: Path, data: bytes) -> None:
    with path.open("ab", buffering=0) as file:
        size = file.tell()
        try:
            written = file.write(data)
            if written != len(data):
                raise OSError(28, "No space left on device")
        except OSError:
            file.truncate(size)
            raise


def read_history(path: Path) -> tuple[HistoryRow, ...]:
    """Read a history file; none is an empty history. StudioError when it is damaged."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return tuple(_row(line) for line in csv.DictReader(file))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        raise StudioError(
            f"{path} is damaged: it should be a table with the columns {', '.join(COLUMNS)}."
        ) from error


def _row(line: dict[str, str]) -> HistoryRow:
    return HistoryRow(int(line["epoch"]), *(float(line[name]) for name in COLUMNS[1:]))
