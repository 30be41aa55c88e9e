"""A table of text, CSV, with a picture in each row: its pixels in columns, its label in the first or the
last.
"""

import csv
import gzip
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.words import counted
from cnnstudio.engine.data.arrays.container import Array
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested

SUFFIXES = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
PIXELS, LABEL = "pixels", "label"
_DELIMITERS = (",", ";", "\t")
_ROWS_AT_ONCE = 1_000
_LEAST_COLUMNS = 5
_LABEL_HEADS = ("label", "labels", "class", "target", "y", "digit", "category")
_MOST_FIELD = 2**20


class TableFile:
    """A table that was read whole: the arrays `pixels` (rows, columns) and `label` (rows,)."""

    reads_rows = False

    def __init__(self, path: Path, should_stop: ShouldStop) -> None:
        self._path = path
        self._pixels, self._labels = _read(path, should_stop)

    def arrays(self) -> tuple[Array, ...]:
        """The two arrays."""
        pixels, labels = self._pixels, self._labels
        return Array(PIXELS, pixels.shape, pixels.dtype.str), Array(LABEL, labels.shape, "str")

    def read(self, name: str) -> NDArray[Any]:
        """A whole array."""
        return self._pixels if name == PIXELS else self._labels

    def row(self, name: str, row: int) -> NDArray[Any]:
        """One row of an array."""
        return np.asarray(self.read(name)[row])

    def close(self) -> None:
        """Nothing is kept open."""


def _read(path: Path, should_stop: ShouldStop) -> tuple[NDArray[Any], NDArray[Any]]:
    csv.field_size_limit(_MOST_FIELD)
    try:
        with _text(path) as lines:
            return _parsed(path, lines, should_stop)
    except FileNotFoundError as error:
        raise StudioError(f"There is no file {path}. Check the name, or choose another file.") from error
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as error:
        raise StudioError(f"{path} cannot be read as a table ({error}). Save it as CSV in UTF-8.") from error


def _text(path: Path) -> Any:
    opened = gzip.open if path.name.lower().endswith(".gz") else open
    # utf-8-sig: what a spreadsheet puts before the first letter is none of it.
    return opened(path, "rt", encoding="utf-8-sig", newline="")


def _parsed(path: Path, lines: Any, should_stop: ShouldStop) -> tuple[NDArray[Any], NDArray[Any]]:
    first = lines.readline()
    delimiter = max(_DELIMITERS, key=first.count)
    rows = csv.reader(_with(first, lines), delimiter=delimiter)
    head = next(rows, [])
    if len(head) < _LEAST_COLUMNS:
        raise StudioError(
            f"{path} has {counted(len(head), 'column')} in its first row, and a picture needs a column for "
            "each pixel and one for the label. Choose another file."
        )
    has_head = any(_number(cell) is None for cell in (head[1:-1]))
    at_end = _label_is_last(head, has_head)
    blocks: list[NDArray[Any]] = []
    labels: list[str] = []
    waiting = [] if has_head else [head]
    for number, row in enumerate(rows, start=2):
        if not row:
            continue
        if len(row) != len(head):
            raise StudioError(
                f"{path} has {counted(len(row), 'column')} in row {number}, and {len(head)} in its first. "
                "Mend the row."
            )
        waiting.append(row)
        if len(waiting) == _ROWS_AT_ONCE:
            if should_stop():
                raise StopRequested
            _take(path, waiting, at_end, blocks, labels)
    _take(path, waiting, at_end, blocks, labels)
    if not labels:
        raise StudioError(f"{path} has no rows of pixels. Choose another file.")
    return np.concatenate(blocks), np.array(labels)


def _take(
    path: Path, rows: list[list[str]], at_end: bool, blocks: list[NDArray[Any]], labels: list[str]
) -> None:
    """Move the rows that wait into the arrays."""
    if not rows:
        return
    pixels = [row[:-1] if at_end else row[1:] for row in rows]
    labels.extend((row[-1] if at_end else row[0]).strip() for row in rows)
    blocks.append(_numbers(path, pixels, len(labels) - len(rows)))
    rows.clear()


def _numbers(path: Path, pixels: list[list[str]], before: int) -> NDArray[Any]:
    try:
        return np.array(pixels, np.float32)
    except ValueError:
        pass
    found = [[_number(cell) for cell in row] for row in pixels]
    for number, row in enumerate(found, start=before + 1):
        if None in row:
            cell = pixels[number - before - 1][row.index(None)]
            raise StudioError(
                f"{path} has {cell[:40]!r} where a pixel should be, in picture {number:,}. A pixel is a "
                "number; "
                "the label stands in the first or the last column."
            )
    return np.array(found, np.float32)


def _number(cell: str) -> float | None:
    """A number, with a point or a comma before its decimals; None where the cell is none."""
    try:
        return float(cell.replace(",", "."))
    except ValueError:
        return None


def _label_is_last(head: Sequence[str], has_head: bool) -> bool:
    """In the first column unless the heading of the last says otherwise, or the first is no label: MNIST as
    CSV has it there.
    """
    if has_head:
        words = [cell.strip().lower() for cell in (head[0], head[-1])]
        return words[1] in _LABEL_HEADS and words[0] not in _LABEL_HEADS
    return _number(head[-1]) is None and _number(head[0]) is not None


def _with(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines
