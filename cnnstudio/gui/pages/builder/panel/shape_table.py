"""The table of shapes and counts: the quickest way through the network by keyboard."""

from collections.abc import Iterable
from itertools import groupby

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from cnnstudio.core.analysis.columns import COLUMN_BY_KEY, COLUMNS, FORMATS, Column, TableContext
from cnnstudio.core.analysis.findings import worst_by_layer
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.builder.panel.table_delegates import ROW_PX, CellDelegate
from cnnstudio.gui.pages.builder.panel.table_menus import TableMenus
from cnnstudio.gui.pages.builder.panel.table_model import TableModel
from cnnstudio.gui.theme.theme import Theme

_NAME_PX, _ROOMY_NAME_PX = 84, 132
"""The least room for names, and what they get once there is more to see than fits."""
_Flag = QItemSelectionModel.SelectionFlag


class ShapeTable(QTableView):
    """A row per layer; its selection is the document's, both ways.

    A click on a heading sorts by it, a third click gives the stack's order back. `menus` has the rest.
    The current layer stays in sight through edits, and comes into sight when the rows are sorted.

    Signals:
        columns_changed(list[str]): the keys of the columns that are shown now.
    """

    columns_changed = Signal(object)

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._theme = document, theme
        self._following = False
        self._model = TableModel(self)
        self._cells = CellDelegate(theme, self._model, self)
        self._set_up()
        self._set_up_header()
        self.menus = TableMenus(self)
        self._connect_menus()
        document.changed.connect(self._on_changed)
        document.selection_changed.connect(self._on_selection_changed)
        document.opened.connect(self._on_opened)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self._on_changed(document.project)

    @property
    def table_model(self) -> TableModel:
        """The rows that are shown."""
        return self._model

    def shown_columns(self) -> list[Column]:
        """The columns that are not hidden, from the left."""
        return [column for at, column in enumerate(COLUMNS) if not self.isColumnHidden(at)]

    def show_columns(self, keys: Iterable[str]) -> None:
        """Show the optional columns of these keys and no others; keys of no column are left out."""
        wanted = set(keys)
        for at, column in enumerate(COLUMNS):
            self.setColumnHidden(at, column.optional and column.key not in wanted)
        self._widen_name()

    @Slot(str, bool)
    def show_column(self, key: str, shown: bool) -> None:
        """Show or hide an optional column."""
        keys = {column.key for column in self.shown_columns()}
        self.show_columns(keys | {key} if shown else keys - {key})
        self.columns_changed.emit([column.key for column in self.shown_columns()])

    def copied(self, name: str) -> str:
        """The table as "text", "Markdown" or "CSV", with the columns and in the order that are shown."""
        return FORMATS[name](self._model.rows, self.shown_columns(), self._model.frame)

    @Slot(str)
    def copy(self, name: str) -> None:
        """Put the table on the clipboard, in a form of `FORMATS`."""
        QGuiApplication.clipboard().setText(self.copied(name))

    def sort_by(self, key: str) -> None:
        """Sort by a column: numbers from the largest down, texts from a to z."""
        column = COLUMN_BY_KEY[key]
        order = Qt.SortOrder.DescendingOrder if column.is_number else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(COLUMNS.index(column), order)

    def restore_stack_order(self) -> None:
        """Show the rows in the order of the stack."""
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)

    def paintEvent(self, event: QPaintEvent) -> None:
        # Nothing that the table covers has to be painted first: it lies on a ground of its own.
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._theme.color("panel"))
        self._cells.paint_cells(painter, event.region())
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._widen_name()

    def _set_up(self) -> None:
        self.setModel(self._model)
        self.setItemDelegate(self._cells)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Shapes and parameters of the layers")
        self.selectionModel().selectionChanged.connect(self._on_rows_selected)

    def _set_up_header(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicatorClearable(True)
        header.setMinimumSectionSize(40)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.sortIndicatorChanged.connect(self._on_sort_changed)
        self.show_columns(())

    def _connect_menus(self) -> None:
        self.menus.copy_chosen.connect(self.copy)
        self.menus.sorting_chosen.connect(self.sort_by)
        self.menus.stack_order_chosen.connect(self.restore_stack_order)
        self.menus.column_toggled.connect(self.show_column)

    def _widen_name(self) -> None:
        """Give the names what the other columns leave, and always enough to read them."""
        others = sum(self.columnWidth(at) for at in range(1, len(COLUMNS)))
        left = self.viewport().width() - others
        has_more = any(column.optional for column in self.shown_columns())
        least = self._theme.scaled(_ROOMY_NAME_PX if has_more else _NAME_PX)
        self.setColumnWidth(0, max(least, left))

    @Slot(object)
    def _on_changed(self, _project: object) -> None:
        document = self._document
        analysis = document.analysis
        frame = TableContext(analysis.totals, document.project.training.batch_size)
        is_seen = self._is_in_sight(self.currentIndex())
        self._following = True
        self._model.show(analysis.rows, frame, worst_by_layer(document.findings))
        self._following = False
        self._follow(document.selection)
        if is_seen and not self._is_in_sight(self.currentIndex()):
            self.scrollTo(self.currentIndex())

    @Slot()
    def _on_opened(self) -> None:
        """Another network is read from its top."""
        self._following = True
        self.selectionModel().clearCurrentIndex()
        self._following = False
        self.scrollToTop()

    @Slot(object)
    def _on_selection_changed(self, names: tuple[str, ...]) -> None:
        self._follow(names)

    def _follow(self, names: tuple[str, ...]) -> None:
        """Select the rows of these layers, unless they are selected already."""
        wanted = set(names)
        if wanted == set(self._selected_names()):
            return
        self._following = True
        self.selectionModel().select(self._selection_of(wanted), _Flag.ClearAndSelect | _Flag.Rows)
        self._show_current()
        self._following = False

    def _is_in_sight(self, index: QModelIndex) -> bool:
        middle = self.visualRect(index).center().y()
        return index.isValid() and 0 <= middle < self.viewport().height()

    def _selection_of(self, wanted: set[str]) -> QItemSelection:
        """The rows of these layers; neighbours are one range, for Qt compares each range with all others."""
        selection, rows = QItemSelection(), self._model.rows
        for is_wanted, run in groupby(range(len(rows)), lambda at: rows[at].name in wanted):
            if is_wanted:
                places = list(run)
                first, last = self._model.index(places[0], 0), self._model.index(places[-1], len(COLUMNS) - 1)
                selection.select(first, last)
        return selection

    def _show_current(self) -> None:
        """Bring the layer the form shows into sight, where the arrow keys go on from."""
        current = self._document.current
        at = next((at for at, row in enumerate(self._model.rows) if row.name == current), None)
        if at is not None:
            index = self._model.index(at, 0)
            self.selectionModel().setCurrentIndex(index, _Flag.NoUpdate)
            self.scrollTo(index)

    def _selected_names(self) -> list[str]:
        rows = self._model.rows
        ranges = self.selectionModel().selection()
        picked = {at for one in ranges.toList() for at in range(one.top(), one.bottom() + 1)}
        return [rows[at].name for at in sorted(picked)]

    @Slot(QItemSelection, QItemSelection)
    def _on_rows_selected(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        if self._following:
            return
        positions = self._document.network.positions
        names = sorted(self._selected_names(), key=positions.__getitem__)
        self._document.end_gesture()
        self._document.select(tuple(names))

    @Slot(int, Qt.SortOrder)
    def _on_sort_changed(self, column: int, order: Qt.SortOrder) -> None:
        self._following = True
        self._model.sort(column, order)
        self._following = False
        self._follow(self._document.selection)
        self._show_current()

    @Slot()
    def _on_theme_changed(self) -> None:
        scaled = self._theme.scaled
        self.verticalHeader().setDefaultSectionSize(scaled(ROW_PX))
        widths = {"output": 96, "parameters": 84, "type": 120, "inputs": 110}
        for at, column in enumerate(COLUMNS):
            if at:
                self.setColumnWidth(at, scaled(widths.get(column.key, 76)))
        self._widen_name()
        self.viewport().update()
