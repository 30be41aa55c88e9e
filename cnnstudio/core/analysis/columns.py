"""The columns of the shape table, and the table as text, Markdown and CSV."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct

from cnnstudio.core.analysis.analysis import Row, Totals
from cnnstudio.core.analysis.describe import (
    bytes_text,
    count_text,
    field_text,
    output_text,
    short_count,
    totals_text,
)
from cnnstudio.core.values.shape import labelled, shown, size_of


class TableContext(Struct, frozen=True):
    """What a cell needs besides its row: the totals, and how many samples are in a batch."""

    totals: Totals
    batch_size: int

    def share(self, row: Row) -> float:
        """The layer's part of all parameters, 0 to 1; 0 while it is not known how many all are."""
        total = self.totals.parameters if self.totals.weights_known else 0
        return row.parameters / total if total else 0.0


Value: TypeAlias = int | float | str


class Column(Struct, frozen=True):
    """A column of the table: what is written, what it is sorted by, and more to say in `about`.

    `short` is written instead where `text` has no room and would say something else once it is cut.
    """

    key: str
    title: str
    text: Callable[[Row, TableContext], str]
    value: Callable[[Row, TableContext], Value]
    help: str
    is_number: bool = False
    optional: bool = False
    about: Callable[[Row, TableContext], str] | None = None
    short: Callable[[Row, TableContext], str] | None = None

    def sentence(self, row: Row, frame: TableContext) -> str:
        """More about a cell, for its tooltip."""
        return self.about(row, frame) if self.about else self.text(row, frame)


def activation_bytes(row: Row, frame: TableContext) -> int:
    """Memory the layer's output takes for a batch; an open size counts as nothing."""
    return (row.activation_bytes or 0) * frame.batch_size


def _about_output(row: Row, _frame: TableContext) -> str:
    if row.problem is not None:
        return row.problem.message
    if row.output_shape is None:
        return f"The shape is known once {row.waits_for} is mended."
    return labelled(row.output_shape)


def _about_parameters(row: Row, frame: TableContext) -> str:
    if not row.weights_known:
        return "Not known: the class of this layer is not in the catalogue." if row.stands else "–"
    arrays = ", ".join(f"{weight.name} {shown(weight.shape)}" for weight in row.weights)
    if row.layer.weights_of:
        return f"It uses the weights of {row.layer.weights_of}, which are counted there."
    share = f"; {frame.share(row):.1%} of all" if frame.totals.weights_known else ""
    return f"{row.trainable:,} trainable, {row.non_trainable:,} other{share}." + (
        f" {arrays}." if arrays else ""
    )


def _about_field(row: Row, _frame: TableContext) -> str:
    if not row.receptive_field:
        return "One value sees the whole input, or the axes of the image are gone."
    return f"One value sees {field_text(row)} of the input."


_UNKNOWN = "–"


def _parameters(row: Row, words: Callable[[int], str] = count_text) -> str:
    return words(row.parameters) if row.weights_known else _UNKNOWN


COLUMNS: tuple[Column, ...] = (
    Column("name", "Layer", lambda row, _: row.name, lambda row, _: row.name, "The layer's name."),
    Column(
        "output",
        "Output",
        lambda row, _: output_text(row),
        lambda row, _: size_of(row.output_shape or ()) or 0 if row.stands else -1,
        "The shape of what leaves the layer, for one sample.",
        is_number=True,
        about=_about_output,
    ),
    Column(
        "parameters",
        "Params",
        lambda row, _: _parameters(row),
        lambda row, _: row.parameters,
        "Parameters, with the layer's share of all as a bar.",
        is_number=True,
        about=_about_parameters,
        short=lambda row, _: _parameters(row, short_count),
    ),
    Column(
        "type",
        "Type",
        lambda row, _: row.layer.title,
        lambda row, _: row.layer.title,
        "The type of the layer.",
        optional=True,
    ),
    Column(
        "macs",
        "MACs",
        lambda row, _: short_count(row.macs) if row.macs_known else _UNKNOWN,
        lambda row, _: row.macs,
        "Multiply-accumulates for one sample.",
        is_number=True,
        optional=True,
        about=lambda row, _: (
            f"{row.macs:,} multiply-accumulates for one sample." if row.macs_known else "Not known."
        ),
    ),
    Column(
        "field",
        "Sees",
        lambda row, _: field_text(row),
        lambda row, _: max((axis.size for axis in row.receptive_field or ()), default=0),
        "Receptive field: how much of the input one value sees, in pixels.",
        is_number=True,
        optional=True,
        about=_about_field,
    ),
    Column(
        "inputs",
        "Inputs",
        lambda row, _: ", ".join(row.inputs),
        lambda row, _: ", ".join(row.inputs),
        "The layers this one takes.",
        optional=True,
    ),
    Column(
        "memory",
        "Memory",
        lambda row, frame: "–" if row.activation_bytes is None else bytes_text(activation_bytes(row, frame)),
        activation_bytes,
        "Memory of the layer's output for one batch.",
        is_number=True,
        optional=True,
    ),
    Column(
        "frozen",
        "Frozen",
        lambda row, _: "" if row.layer.trainable else "frozen",
        lambda row, _: int(not row.layer.trainable),
        "Whether training leaves the weights as they are.",
        optional=True,
    ),
)
COLUMN_BY_KEY = {column.key: column for column in COLUMNS}


def table_rows(rows: Sequence[Row], columns: Sequence[Column], frame: TableContext) -> list[list[str]]:
    """The cells as they are shown, one list a row."""
    return [[column.text(row, frame) for column in columns] for row in rows]


def as_text(rows: Sequence[Row], columns: Sequence[Column], frame: TableContext) -> str:
    """The table in columns of equal letters, with the totals below."""
    cells = [[column.title for column in columns], *table_rows(rows, columns, frame)]
    widths = [max(len(line[at]) for line in cells) for at in range(len(columns))]
    lines = [_padded(line, widths, columns) for line in cells]
    rule = "-" * len(lines[0])
    return "\n".join((lines[0], rule, *lines[1:], rule, totals_text(frame.totals))) + "\n"


def _padded(line: Sequence[str], widths: Sequence[int], columns: Sequence[Column]) -> str:
    return "  ".join(
        text.rjust(width) if column.is_number else text.ljust(width)
        for text, width, column in zip(line, widths, columns, strict=True)
    )


def as_markdown(rows: Sequence[Row], columns: Sequence[Column], frame: TableContext) -> str:
    """The table for a README, with the totals below."""
    marks = ["---:" if column.is_number else "---" for column in columns]
    cells = [[column.title for column in columns], marks, *table_rows(rows, columns, frame)]
    lines = [f"| {' | '.join(text.replace('|', '&#124;') for text in line)} |" for line in cells]
    return "\n".join((*lines, "", totals_text(frame.totals))) + "\n"


def as_csv(rows: Sequence[Row], columns: Sequence[Column], frame: TableContext) -> str:
    """The table for a spreadsheet: counts and bytes as plain numbers."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([column.title for column in columns])
    writer.writerows([[_plain(column, row, frame) for column in columns] for row in rows])
    return file.getvalue()


def _plain(column: Column, row: Row, frame: TableContext) -> Value:
    if not column.is_number or column.key in ("output", "field"):
        return column.text(row, frame)
    return "" if column.text(row, frame) == _UNKNOWN else column.value(row, frame)


FORMATS: Mapping[str, Callable[[Sequence[Row], Sequence[Column], TableContext], str]] = {
    "text": as_text,
    "Markdown": as_markdown,
    "CSV": as_csv,
}
"""How a table is written for other programs, by the name a person knows the form by."""
