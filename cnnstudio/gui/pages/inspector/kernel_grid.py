"""A kernel as a grid of numbers on their colors, each of which can be written anew."""

import numpy as np
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from cnnstudio.core.forms.field_values import number_text, read_number
from cnnstudio.core.forms.fields import Number
from cnnstudio.core.values.words import with_minus
from cnnstudio.engine.interpret.gallery import FloatArray
from cnnstudio.gui.theme import fonts
from cnnstudio.gui.theme.contrast import contrast
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.colormaps import color_table, levels, value_range

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
GROUND_ROLE = Qt.ItemDataRole.UserRole
_LARGEST = 1e6
_CELL_PX, _COMPACT_PX = (52, 38), (49, 30)
_SHOWN_CELLS = 5
_BLACK, _WHITE = "#000000", "#FFFFFF"


class KernelModel(QAbstractTableModel):
    """The kernel's cells; `GROUND_ROLE` is a cell's color as `#RRGGBB`.

    `edited(object)` carries the new kernel when a person wrote another number;
    `refused(str)` says why a text is no number; the cell then keeps what it had.
    """

    edited = Signal(object)
    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: FloatArray = np.zeros((0, 0), dtype=np.float32)

    def set_kernel(self, values: FloatArray) -> None:
        """Show another kernel, (kh, kw)."""
        if values.shape == self._values.shape:
            self._values = values
            self.dataChanged.emit(self.index(0, 0), self.index(values.shape[0] - 1, values.shape[1] - 1))
            return
        self.beginResetModel()
        self._values = values
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else self._values.shape[0]

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else self._values.shape[1]

    def flags(self, index: Index) -> Qt.ItemFlag:
        plain = super().flags(index)
        return plain | Qt.ItemFlag.ItemIsEditable if index.isValid() else plain

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        value = float(self._values[index.row(), index.column()])
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _cell_text(value)
            case Qt.ItemDataRole.EditRole:
                return number_text(value)
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignCenter
            case _ if role == GROUND_ROLE:
                return self._ground(index)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return f"Row {index.row()}, column {index.column()}: {number_text(value)}"
            case _:
                return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        place = (index.row(), index.column())
        try:
            number = read_number(str(value), Number(-_LARGEST, _LARGEST))
        except ValueError as error:
            self.refused.emit(str(error))
            return False
        if np.float32(number) == self._values[place]:
            return False
        changed = self._values.copy()
        changed[place] = number
        self.set_kernel(changed)
        self.edited.emit(changed)
        return True

    def _ground(self, index: Index) -> str:
        level = levels(self._values, value_range(self._values, "diverging"))[index.row(), index.column()]
        red, green, blue = color_table("diverging")[level].tolist()
        return f"#{red:02X}{green:02X}{blue:02X}"


class _CellDelegate(QStyledItemDelegate):
    """The style sheet paints no cell of its own color, so this does."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        ground, cell = str(index.data(GROUND_ROLE)), QRect(option.rect)
        painter.fillRect(cell, QColor(ground))
        painter.setPen(self._theme.color("outline"))
        painter.drawRect(cell.adjusted(0, 0, -1, -1))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(self._theme.color("accent"), 3))
            painter.drawRect(cell.adjusted(1, 1, -2, -2))
        painter.setFont(self._theme.font(11, fonts.MEDIUM, tabular=True))
        painter.setPen(QColor(_ink(ground)))
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, str(index.data()))
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setStyleSheet("padding: 0; min-height: 0; border-radius: 0;")
        editor.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return editor


class KernelGrid(QTableView):
    """Typing or F2 writes over a number, Escape leaves it; arrow keys move."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._cell_px = theme, _CELL_PX
        self.kernel = KernelModel(self)
        self.setModel(self.kernel)
        self.setAccessibleName("Numbers of the kernel")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        # Qt would draw a frame into the corner between two scroll bars.
        self.setCornerWidget(QWidget(self))
        self.setItemDelegate(_CellDelegate(theme, self))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.hide()
            header.setMinimumSectionSize(20)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.kernel.modelReset.connect(self._on_size_changed)
        theme.changed.connect(self._on_size_changed)
        self._on_size_changed()

    def set_compact(self, compact: bool) -> None:
        """Make the cells as small as their numbers allow, or comfortable."""
        if (self._cell_px == _COMPACT_PX) != compact:
            self._cell_px = _COMPACT_PX if compact else _CELL_PX
            self._on_size_changed()

    def sizeHint(self) -> QSize:
        width, height = (self._theme.scaled(side) for side in self._cell_px)
        columns, rows = self.kernel.columnCount(), self.kernel.rowCount()
        bars = (12 if rows > _SHOWN_CELLS else 0, 12 if columns > _SHOWN_CELLS else 0)
        shown = (min(max(columns, 1), _SHOWN_CELLS), min(max(rows, 1), _SHOWN_CELLS))
        return QSize(shown[0] * width + bars[0] + 2, shown[1] * height + bars[1] + 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @Slot()
    def _on_size_changed(self) -> None:
        width, height = (self._theme.scaled(side) for side in self._cell_px)
        self.horizontalHeader().setDefaultSectionSize(width)
        self.verticalHeader().setDefaultSectionSize(height)
        self.setFixedSize(self.sizeHint())


def _cell_text(value: float) -> str:
    """A number short enough for a cell: three digits, two below a tenth, one below a thousandth."""
    size = abs(value)
    digits = 3 if size >= 0.1 or size == 0 else 2 if size >= 0.001 else 1
    text = f"{value:.{digits}g}" if size < 10_000 else f"{value:.0e}"
    mantissa, exponent, power = text.partition("e")
    return with_minus(f"{mantissa}e{int(power)}" if exponent else mantissa)


def _ink(ground: str) -> str:
    return _BLACK if contrast(_BLACK, ground) > contrast(_WHITE, ground) else _WHITE
