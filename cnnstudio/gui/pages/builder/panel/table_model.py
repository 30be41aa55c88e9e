"""The rows of the shape table, kept up to date with as little change as possible."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from cnnstudio.core.analysis import Row, Totals
from cnnstudio.core.analysis.columns import COLUMN_BY_KEY, COLUMNS, TableContext
from cnnstudio.core.analysis.findings import Severity

Index: TypeAlias = QModelIndex | QPersistentModelIndex
Badges: TypeAlias = dict[str, Severity]
"""The worst finding of each layer that has one."""

_NAME, _PARAMETERS, _MEMORY = (COLUMNS.index(COLUMN_BY_KEY[key]) for key in ("name", "parameters", "memory"))
_NO_FRAME = TableContext(Totals(trainable=0, non_trainable=0, frozen=0, macs=0, activation_bytes=0), 1)
_ROOT = QModelIndex()
ALIGNMENT = {
    True: int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter),
    False: int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter),
}
"""By whether a column holds numbers."""


class TableModel(QAbstractTableModel):
    """A row per layer, in stack order or sorted by a column.

    A plain edit changes only the cells that differ; rows come and go one stretch at a time. The model is
    never reset, so a view keeps its place.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._stack: Sequence[Row] = ()
        self._frame = _NO_FRAME
        self._badges: Badges = {}
        self._sorting: tuple[int, Qt.SortOrder] = (-1, Qt.SortOrder.AscendingOrder)

    @property
    def rows(self) -> Sequence[Row]:
        """The rows as they are shown, from the top."""
        return self._rows

    @property
    def frame(self) -> TableContext:
        """What the cells are worked out with."""
        return self._frame

    def badge(self, name: str) -> Severity | None:
        """The worst finding of that layer."""
        return self._badges.get(name)

    def show(self, rows: Sequence[Row], frame: TableContext, badges: Badges) -> None:
        """Show these rows, given in stack order."""
        self._stack = rows
        former_frame, self._frame = self._frame, frame
        former_badges, self._badges = self._badges, badges
        self._take(self._sorted(rows))
        self._tell_of_frame(former_frame)
        self._tell_of_badges(former_badges)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column, equal ones in stack order; -1 gives the stack's own order back."""
        self._sorting = (column, order)
        self._take(self._sorted(self._stack))

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        row, column = self._rows[index.row()], COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(row, self._frame)
            case Qt.ItemDataRole.ToolTipRole:
                return column.sentence(row, self._frame)
            case Qt.ItemDataRole.TextAlignmentRole:
                return ALIGNMENT[column.is_number]
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{column.title} {column.text(row, self._frame)}"
            case _:
                return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        column = COLUMNS[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.title
            case Qt.ItemDataRole.ToolTipRole:
                return column.help
            case Qt.ItemDataRole.TextAlignmentRole:
                return ALIGNMENT[column.is_number]
            case _:
                return None

    def _sorted(self, rows: Sequence[Row]) -> list[Row]:
        column, order = self._sorting
        if column < 0:
            return list(rows)
        value = COLUMNS[column].value
        return sorted(
            rows,
            key=lambda row: value(row, self._frame),
            reverse=order == Qt.SortOrder.DescendingOrder,
        )

    def _take(self, rows: list[Row]) -> None:
        if len(rows) != len(self._rows):
            self._resize(rows)
        former, self._rows = self._rows, rows
        differing = [at for at, pair in enumerate(zip(former, rows, strict=True)) if pair[0] is not pair[1]]
        for first, last in _stretches(differing):
            stretch = slice(first, last + 1)
            # Most edits change the numbers of many layers, and the name and the marks of none.
            named_alike = all(map(_is_same_layer, former[stretch], rows[stretch]))
            self._tell(first, last, _NAME + named_alike, len(COLUMNS) - 1)

    def _resize(self, rows: list[Row]) -> None:
        """Put rows in or take rows out between the parts that stay at the top and at the bottom."""
        top = _same_ends(self._rows, rows)
        bottom = _same_ends(self._rows[top:][::-1], rows[top:][::-1])
        gone, new = len(self._rows) - top - bottom, len(rows) - top - bottom
        both = min(gone, new)
        if gone > both:
            self.beginRemoveRows(QModelIndex(), top + both, top + gone - 1)
            del self._rows[top + both : top + gone]
            self.endRemoveRows()
        elif new > both:
            self.beginInsertRows(QModelIndex(), top + both, top + new - 1)
            self._rows[top + both : top + both] = rows[top + both : top + new]
            self.endInsertRows()

    def _tell_of_frame(self, former: TableContext) -> None:
        if self._rows and former.totals.parameters != self._frame.totals.parameters:
            self._tell(0, len(self._rows) - 1, _PARAMETERS, _PARAMETERS)
        if self._rows and former.batch_size != self._frame.batch_size:
            self._tell(0, len(self._rows) - 1, _MEMORY, _MEMORY)

    def _tell_of_badges(self, former: Badges) -> None:
        if former == self._badges:
            return
        names = {name for name in {*former, *self._badges} if former.get(name) != self._badges.get(name)}
        for at, row in enumerate(self._rows):
            if row.layer.name in names:
                self._tell(at, at, _NAME, _NAME)

    def _tell(self, first: int, last: int, left: int, right: int) -> None:
        self.dataChanged.emit(self.index(first, left), self.index(last, right))


def _is_same_layer(one: Row, other: Row) -> bool:
    return one.layer is other.layer


def _same_ends(first: Sequence[Row], second: Sequence[Row]) -> int:
    """How many rows at the beginning are of the same layers."""
    count = 0
    for one, other in zip(first, second, strict=False):
        if one.name != other.name:
            break
        count += 1
    return count


def _stretches(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Rising numbers as stretches without gaps: 1, 2, 3, 7 gives (1, 3), (7, 7)."""
    stretches: list[tuple[int, int]] = []
    for number in numbers:
        if stretches and stretches[-1][1] == number - 1:
            stretches[-1] = (stretches[-1][0], number)
        else:
            stretches.append((number, number))
    return stretches
