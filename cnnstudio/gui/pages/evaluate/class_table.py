"""A row for each class: precision, recall, F1, and how many samples it has; a click on a head sorts."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from cnnstudio.engine.evaluation.per_class import ClassFigures
from cnnstudio.engine.runs.words import NONE
from cnnstudio.gui.widgets.tooltips import plain_tooltip

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_Role = Qt.ItemDataRole
_COLUMNS = (
    ("name", "Class", "The name of the class."),
    ("precision", "Precision", "Of what was taken for this class, the share that is of it."),
    ("recall", "Recall", "Of this class, the share that was recognized."),
    ("f1", "F1", "The harmonic mean of precision and recall."),
    ("support", "Count", "How many samples are of this class; of segmentation, pixels."),
)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class ClassModel(QAbstractTableModel):
    """The figures as texts to read, and as values to sort by."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.figures: Sequence[ClassFigures] = ()

    def show_figures(self, figures: Sequence[ClassFigures]) -> None:
        """Show other classes."""
        self.beginResetModel()
        self.figures = figures
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.figures)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(_COLUMNS)

    def data(self, index: Index, role: int = _Role.DisplayRole) -> object:
        if not index.isValid():
            return None
        value = getattr(self.figures[index.row()], _COLUMNS[index.column()][0])
        match role:
            case _Role.DisplayRole:
                return _text(value)
            case _Role.UserRole:
                # What is not known is sorted as the least.
                return -1.0 if value is None else index.row() if index.column() == 0 else value
            case _Role.TextAlignmentRole:
                return _RIGHT if index.column() else _LEFT
            case _Role.ToolTipRole if index.column() == 0:
                return plain_tooltip(str(value))
            case _:
                return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> object:
        if orientation == Qt.Orientation.Vertical:
            return None
        _, title, explanation = _COLUMNS[section]
        match role:
            case _Role.DisplayRole:
                return title
            case _Role.ToolTipRole:
                return explanation
            case _Role.TextAlignmentRole:
                return _RIGHT if section else _LEFT
            case _:
                return None


class ClassTable(QTableView):
    """Sorts by a click on a head: the worst class is one click away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.classes = ClassModel(self)
        self.sorted = QSortFilterProxyModel(self)
        self.sorted.setSourceModel(self.classes)
        self.sorted.setSortRole(_Role.UserRole)
        self.setModel(self.sorted)
        self._set_up()

    def show_figures(self, figures: Sequence[ClassFigures]) -> None:
        """Show other classes, in their own order."""
        self.classes.show_figures(figures)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)

    def _set_up(self) -> None:
        self.setSortingEnabled(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.setProperty("look", "matrix")
        self.setAccessibleName("Precision and recall of each class")
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)


def _text(value: str | float | int | None) -> str:
    match value:
        case None:
            return NONE
        case float():
            return f"{value:.1%}"
        case int():
            return f"{value:,}"
        case str():
            return value
