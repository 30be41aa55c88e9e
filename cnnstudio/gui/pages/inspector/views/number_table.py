"""A table of an array's numbers; a text is made when its cell is looked at."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from cnnstudio.core.values.words import with_minus

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_MOST_ROWS = 100_000
_WIDEST, _PADDING_PX = "−0.000123456", 28
"""Of the texts of usual weights, and what the style leaves around them."""


class NumberModel(QAbstractTableModel):
    """A row per number: where it is, and what it is. As a grid: the rows and columns of a matrix."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: NDArray[Any] = np.zeros(0)
        self._is_grid = False

    def set_values(self, values: NDArray[Any], as_grid: bool) -> None:
        """Show a matrix as a grid, or an array of any shape as a list; of both the first 100,000 rows."""
        self.beginResetModel()
        self._values, self._is_grid = values, as_grid
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        rows = int(self._values.shape[0] if self._is_grid else self._values.size)
        return 0 if parent.isValid() else min(rows, _MOST_ROWS)

    def columnCount(self, parent: Index = _ROOT) -> int:
        if parent.isValid():
            return 0
        return int(self._values.shape[1]) if self._is_grid else 2

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if self._is_grid:
            return _text(self._values[index.row(), index.column()])
        place = np.unravel_index(index.row(), self._values.shape)
        if index.column() == 0:
            return ", ".join(str(int(axis)) for axis in place) or "only one"
        return _text(self._values[place])

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if self._is_grid:
            return str(section)
        return ("Index", "Value")[section] if orientation == Qt.Orientation.Horizontal else None


def _text(value: Any) -> str:
    return with_minus(f"{float(value):.6g}")


class NumberTable(QTableView):
    """Read-only; the keyboard moves through it. Empty until it is given an array."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.numbers = NumberModel(self)
        self.setModel(self.numbers)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setAccessibleName("Numbers of the weight")

    def show_list(self, values: NDArray[Any]) -> None:
        """Show an array of any shape, a number a row."""
        self.numbers.set_values(values, as_grid=False)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)

    def show_grid(self, matrix: NDArray[Any]) -> None:
        """Show a matrix (rows, columns) as it stands."""
        self.numbers.set_values(matrix, as_grid=True)
        self.verticalHeader().show()
        header = self.horizontalHeader()
        # Columns that fit their content would ask for every number.
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setDefaultSectionSize(self.fontMetrics().horizontalAdvance(_WIDEST) + _PADDING_PX)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
