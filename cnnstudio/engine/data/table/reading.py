"""A table of picture files: its rows, and which column is what, told by what is in them."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.words import counted
from cnnstudio.engine.files.kinds import PICTURE_SUFFIXES

SUFFIXES = (".csv", ".tsv", ".txt")
_DELIMITERS = (",", ";", "\t", "|")
_GLANCE = 20
_MOST_FIELD = 2**20
_LABEL_HEADS = re.compile(r"(labels?|class(es)?(_?name)?|category|target|y|species|breed)", re.IGNORECASE)
_PART_HEADS = re.compile(r"(split|parts?|sets?|subset|fold|usage|dataset)", re.IGNORECASE)
PARTS = {
    "train": "training",
    "training": "training",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "dev": "validation",
    "test": "test",
    "testing": "test",
}
"""What a table calls the parts, in small letters."""


class Rows(Struct, frozen=True):
    """The headings of a table, or `column 1` ... where it has none, and its rows."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def column(self, head: str) -> list[str]:
        """All cells under a heading; StudioError when there is no such."""
        if head not in self.heads:
            raise StudioError(f"The table has no column {head} any more. Choose it again on the Data page.")
        place = self.heads.index(head)
        return [row[place].strip() for row in self.rows]


class Columns(Struct, frozen=True):
    """Which column holds the files, which the classes, and which the parts, if any."""

    files: str
    labels: str
    parts: str | None


def names_pictures(path: Path) -> bool:
    """Whether a file is a table whose first rows name pictures; reads its beginning."""
    if not path.name.lower().endswith(SUFFIXES) or not path.is_file():
        return False
    try:
        rows = _read(path, _GLANCE)
    except (StudioError, OSError):
        return False
    return any(_are_pictures([row[place] for row in rows[1:]]) for place in range(_width(rows)))


def read_rows(path: Path) -> Rows:
    """The whole table. StudioError when it cannot be read, or its rows are of different lengths."""
    rows = _read(path, None)
    width = _width(rows)
    for number, row in enumerate(rows, start=1):
        if len(row) != width:
            raise StudioError(
                f"{path} has {counted(len(row), 'column')} in row {number}, and {width} in its first. "
                "Mend the row."
            )
    if not rows:
        raise StudioError(f"{path} is empty. Choose another file.")
    if any(_is_picture(cell) for cell in rows[0]):
        return Rows(tuple(f"column {number}" for number in range(1, width + 1)), tuple(rows))
    heads = [cell.strip() or f"column {number}" for number, cell in enumerate(rows[0], start=1)]
    return Rows(_each_once(heads), tuple(rows[1:]))


def columns_of(found: Rows, path: Path) -> Columns:
    """The likeliest columns. StudioError where none names pictures, or none is left for the classes."""
    files = next((head for head in found.heads if _are_pictures(found.column(head))), None)
    others = [head for head in found.heads if head != files]
    if files is None or not others:
        raise StudioError(
            f"{path} has no column of picture files with one of classes beside it. A row is such as "
            "cats/1.jpg,cat."
        )
    parts = next((head for head in others if _are_parts(head, found.column(head))), None)
    left = [head for head in others if head != parts and not _are_pictures(found.column(head))]
    if not left:
        raise StudioError(f"{path} has no column of classes beside that of the files, {files}. Add one.")
    named = next((head for head in left if _LABEL_HEADS.fullmatch(head)), None)
    # Of several columns without a telling name, the one with the fewest different cells.
    fewest = min(left, key=lambda head: len(Counter(found.column(head))))
    return Columns(files, named or fewest, parts)


def _read(path: Path, most: int | None) -> list[tuple[str, ...]]:
    csv.field_size_limit(_MOST_FIELD)
    with _reading_errors(path), path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        delimiter = max(_DELIMITERS, key=first.count)
        rows = []
        for row in csv.reader(_with(first, file), delimiter=delimiter):
            if any(cell.strip() for cell in row):
                rows.append(tuple(row))
            if most is not None and len(rows) >= most:
                break
    return rows


def _with(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


@contextmanager
def _reading_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise StudioError(f"There is no file {path}. Check the name, or choose another file.") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise StudioError(f"{path} cannot be read as a table ({error}). Save it as CSV in UTF-8.") from error


def _width(rows: Sequence[tuple[str, ...]]) -> int:
    return len(rows[0]) if rows else 0


def _is_picture(cell: str) -> bool:
    return cell.strip().lower().endswith(PICTURE_SUFFIXES)


def _are_pictures(cells: Sequence[str]) -> bool:
    """Most of them: a few files may be of another kind."""
    return bool(cells) and sum(map(_is_picture, cells)) > 0.8 * len(cells)


def _are_parts(head: str, cells: Sequence[str]) -> bool:
    known = sum(cell.lower() in PARTS for cell in cells)
    return bool(_PART_HEADS.fullmatch(head)) and known == len(cells) > 0


def _each_once(heads: Sequence[str]) -> tuple[str, ...]:
    """A second column of the same heading is named by its place."""
    return tuple(
        f"{head} ({place})" if head in heads[: place - 1] else head
        for place, head in enumerate(heads, start=1)
    )
