"""The curve of a run as a CSV file: a line per epoch, written as soon as the epoch ends."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.files.writing import write_bytes_atomically, writing_errors
from cnnstudio.engine.training.events import EpochEnded

EPOCH, SECONDS, LEARNING_RATE = "epoch", "seconds", "learning_rate"
_OWN = (EPOCH, SECONDS, LEARNING_RATE)
"""The columns that are no metrics."""


class HistoryRow(Struct, frozen=True):
    """One epoch, counted from 1, as `history.csv` keeps it; `values` by the names of the metrics."""

    epoch: int
    values: Mapping[str, float]
    seconds: float
    learning_rate: float | None = None
    """None in files of versions that did not keep it."""


class HistoryFile:
    """Appends epochs to a CSV file. A line is there whole or not at all.

    The columns are the metrics of the first epoch, in their order. Numbers are written so that reading
    gives exactly the same ones. A run that goes on after a break goes on with its file, of which `rows`
    are kept.
    """

    def __init__(self, path: Path, rows: Sequence[HistoryRow] = ()) -> None:
        self.path = path
        self._names: tuple[str, ...] = tuple(rows[0].values) if rows else ()
        self._unwritten: list[str] = []
        self._kept = tuple(rows)

    def begin(self) -> None:
        """Leave the kept rows and nothing else in the file; what a break cut short is gone.

        StudioError if refused.
        """
        if self._kept:
            lines = [_line(self._header()), *(_line(self._cells(row)) for row in self._kept)]
            write_bytes_atomically(self.path, "".join(lines).encode())

    def append(self, ended: EpochEnded) -> None:
        """Write one epoch. StudioError when the disk refuses; the line is then tried again with the next."""
        if not self._names:
            self._names = tuple(ended.values)
            self._unwritten.append(_line(self._header()))
        row = HistoryRow(ended.epoch, ended.values, ended.seconds, ended.learning_rate)
        self._unwritten.append(_line(self._cells(row)))
        with writing_errors(self.path):
            _append_whole(self.path, "".join(self._unwritten).encode())
        self._unwritten.clear()

    def _header(self) -> list[str]:
        return [EPOCH, *self._names, SECONDS, LEARNING_RATE]

    def _cells(self, row: HistoryRow) -> list[str]:
        rate = "" if row.learning_rate is None else repr(row.learning_rate)
        values = [repr(row.values[name]) for name in self._names]
        return [str(row.epoch), *values, f"{row.seconds:.3f}", rate]


def _line(cells: Sequence[str]) -> str:
    return ",".join(cells) + "\n"


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
    """Read a history file, of any version; none is an empty history. StudioError when it is damaged.

    A last line that a kill cut short is no epoch.
    """
    try:
        text = path.read_text(encoding="utf-8")
        whole = text[: text.rfind("\n") + 1]
        return tuple(_row(line) for line in csv.DictReader(whole.splitlines(), strict=True))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        raise StudioError(
            f"{path} is damaged: it should be a table with the columns {EPOCH}, loss, ... and {SECONDS}."
        ) from error


def _row(line: Mapping[str, str]) -> HistoryRow:
    values = {name: float(text) for name, text in line.items() if name not in _OWN}
    if "loss" not in values:
        raise KeyError("loss")
    rate = line.get(LEARNING_RATE)
    return HistoryRow(int(line[EPOCH]), values, float(line[SECONDS]), float(rate) if rate else None)
