"""The confusion matrix as a table: a text or a color is made when its cell is looked at."""

from math import sqrt
from typing import Literal, TypeAlias

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    Qt,
    Slot,
)
from PySide6.QtGui import QColor, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from cnnstudio.engine.evaluation import words
from cnnstudio.engine.evaluation.report import Report
from cnnstudio.engine.evaluation.words import Summary
from cnnstudio.gui.theme.measuring import line_start, width_of
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.tooltips import plain_tooltip

Index: TypeAlias = QModelIndex | QPersistentModelIndex
Unit: TypeAlias = Literal["counts", "rows"]
_ROOT = QModelIndex()
_Role = Qt.ItemDataRole
_SPOKEN = (_Role.ToolTipRole, _Role.AccessibleTextRole)
_NOTHING = "·"
_PAD_PX, _HEADER_PAD_PX = 8, 22
_BAR_PX = 12
"""Room for a scroll bar below the cells."""
_NO_LIMIT = 1 << 20
_LEAST_PX, _MOST_PX = (38, 26), (64, 42)
"""Width and height of a cell: at least, and at most where there is room."""
_NAME_PX = 116
"""The most room for the name of a class; longer ones end in an ellipsis."""
_MEASURED_NAMES = 20
"""So many of the longest names are measured: all of thousands would take too long."""
_STRONGEST, _WEAKEST = 0.5, 0.12
"""The opacity of a cell's color: text is readable on the strongest, a single mistake is seen."""
_MANY_MISTAKES = 0.25
"""The share of a class from which its mistakes have the strongest color."""
_FOCUSED = QStyle.StateFlag.State_HasFocus.value
_MARKED = _FOCUSED | QStyle.StateFlag.State_Selected.value


class MatrixModel(QAbstractTableModel):
    """A row for each truth, a column for each answer; of segmentation one more, with the IoU of the row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.report: Report | None = None
        self.summary = Summary((), 0, (), (), "")
        self.unit: Unit = "counts"

    def show_report(self, report: Report, summary: Summary) -> None:
        """Show a report that has a confusion matrix, and what follows from it."""
        self.beginResetModel()
        self.report, self.summary = report, summary
        self.endResetModel()

    def show_unit(self, unit: Unit) -> None:
        """Show counts, or the per cents of each row."""
        self.unit = unit
        if self.report is not None:
            last = len(self.report.classes) - 1
            self.dataChanged.emit(self.index(0, 0), self.index(last, last))

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() or self.report is None else len(self.report.classes)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else self.rowCount() + bool(self.summary.ious)

    def data(self, index: Index, role: int = _Role.DisplayRole) -> object:
        if not index.isValid() or self.report is None:
            return None
        if role == _Role.DisplayRole:
            return self.text(index.row(), index.column())
        if role in _SPOKEN:
            said = self.sentence(index.row(), index.column())
            return plain_tooltip(said) if role == _Role.ToolTipRole else said
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> object:
        if self.report is None or role not in (
            _Role.DisplayRole,
            _Role.ToolTipRole,
            _Role.AccessibleTextRole,
        ):
            return None
        if section == len(self.report.classes):
            return "IoU %"
        name = self.report.classes[section]
        if role == _Role.DisplayRole:
            return name
        said = f"Answer: {name}" if orientation == Qt.Orientation.Horizontal else f"Truth: {name}"
        return plain_tooltip(said) if role == _Role.ToolTipRole else said

    def text(self, row: int, column: int) -> str:
        """What stands in a cell."""
        assert self.report is not None
        if column == len(self.report.classes):
            return words.iou_text(self.summary.ious[row])
        count = self.report.confusion[row][column]
        if not count:
            return _NOTHING
        return f"{count:,}" if self.unit == "counts" else words.share_text(count, self.summary.totals[row])

    def sentence(self, row: int, column: int) -> str:
        """What a cell means."""
        assert self.report is not None
        if column == len(self.report.classes):
            return f"IoU of {self.report.classes[row]}: {self.text(row, column)}%"
        return words.cell_sentence(self.report, row, column, self.summary.totals[row])

    def share(self, row: int, column: int) -> float:
        """A cell's share of its row."""
        assert self.report is not None
        total = self.summary.totals[row]
        return self.report.confusion[row][column] / total if total else 0.0


def ground(theme: Theme, right: bool, share: float) -> QColor:
    """The color behind a number: the accent for right answers, a warm one for mistakes."""
    full = 1.0 if right else _MANY_MISTAKES
    # In steps, for colors are kept; the root tells small shares apart.
    strength = _WEAKEST + (_STRONGEST - _WEAKEST) * round(sqrt(min(share / full, 1.0)), 2)
    return theme.color("accent" if right else "validation", strength)


class _CellDelegate(QStyledItemDelegate):
    """Paints a cell from the model's own values: asked for through Qt, each costs as much as painting it."""

    def __init__(self, theme: Theme, model: MatrixModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._model = theme, model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area: QRect = option.rect
        state: int = option.state.value
        row, column = index.row(), index.column()
        text = self._model.text(row, column)
        if column < self._model.rowCount():
            self._paint_ground(painter, area, row, column, text == _NOTHING)
        if state & _MARKED:
            self._paint_frame(painter, area, state)
        font = self._theme.font(12, tabular=True)
        painter.setFont(font)
        painter.setPen(self._theme.color("text3" if text == _NOTHING else "text"))
        start = line_start(font, text, area)
        painter.drawText(QPointF(start.x() + (area.width() - width_of(font, text)) / 2, start.y()), text)

    def _paint_ground(self, painter: QPainter, area: QRect, row: int, column: int, is_nothing: bool) -> None:
        if is_nothing:
            # Most cells of many classes: round corners would take most of the time.
            inside = area.adjusted(2, 2, -2, -2)
            painter.fillRect(inside, self._theme.color("field"))
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground(self._theme, row == column, self._model.share(row, column)))
        painter.drawRoundedRect(QRectF(area).adjusted(1.5, 1.5, -1.5, -1.5), 4, 4)

    def _paint_frame(self, painter: QPainter, area: QRect, state: int) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.color("text" if state & _FOCUSED else "outline"), 2))
        painter.drawRoundedRect(QRectF(area).adjusted(1.5, 1.5, -1.5, -1.5), 4, 4)


class ConfusionMatrix(QTableView):
    """Cells as large as their numbers ask for: many classes are scrolled. Arrow keys move through it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._least = (0, 0)
        self.matrix = MatrixModel(self)
        self.setModel(self.matrix)
        self.setItemDelegate(_CellDelegate(theme, self.matrix, self))
        self._set_up()
        theme.changed.connect(self._on_theme_changed)

    def show_report(self, report: Report, summary: Summary) -> None:
        """Show the matrix of a report."""
        self.matrix.show_report(report, summary)
        self._measure()

    def show_unit(self, unit: Unit) -> None:
        """Show counts, or the per cents of each row."""
        self.matrix.show_unit(unit)
        self._measure()

    @property
    def widest(self) -> int:
        """What the matrix takes with its largest cells."""
        cells = self.matrix.columnCount() * max(self._least[0], self._theme.scaled(_MOST_PX[0]))
        return self.verticalHeader().width() + cells + self._theme.scaled(_BAR_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _set_up(self) -> None:
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setProperty("look", "matrix")
        self.setAccessibleName("Confusion matrix")
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setHighlightSections(False)
            header.setTextElideMode(Qt.TextElideMode.ElideRight)
            header.setMinimumSectionSize(1)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _measure(self) -> None:
        """Work out the least width of a cell, from its number and the name above it."""
        report, scaled = self.matrix.report, self._theme.scaled
        if report is None:
            return
        bold = self.horizontalHeader().font()
        longest = sorted(report.classes, key=len)[-_MEASURED_NAMES:]
        name = max(width_of(bold, text) for text in longest) + _HEADER_PAD_PX
        name = min(round(name), scaled(_NAME_PX))
        widest = f"{self.matrix.summary.largest:,}" if self.matrix.unit == "counts" else "100.0"
        value = round(width_of(self._theme.font(12, tabular=True), widest)) + 2 * _PAD_PX
        self._least = (max(value, name, scaled(_LEAST_PX[0])), scaled(_LEAST_PX[1]))
        self.verticalHeader().setFixedWidth(name)
        highest = self.horizontalHeader().sizeHint().height() + len(report.classes) * scaled(_MOST_PX[1])
        self.setMaximumHeight(min(highest + 2 * self.frameWidth() + scaled(_BAR_PX), _NO_LIMIT))
        self._fit()

    def _fit(self) -> None:
        """Give the cells the room there is, between their least and their largest size."""
        rows, columns = self.matrix.rowCount(), self.matrix.columnCount()
        if not rows:
            return
        width = (self.width() - self.verticalHeader().width()) // columns
        height = (self.height() - self.horizontalHeader().sizeHint().height()) // rows
        most = [self._theme.scaled(side) for side in _MOST_PX]
        for header, least, room, largest in (
            (self.horizontalHeader(), self._least[0], width, most[0]),
            (self.verticalHeader(), self._least[1], height, most[1]),
        ):
            side = max(least, min(room, largest))
            if side != header.defaultSectionSize():
                header.setDefaultSectionSize(side)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._measure()
        self.viewport().update()
