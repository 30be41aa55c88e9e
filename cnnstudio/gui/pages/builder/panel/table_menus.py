"""The menus of the table: copying, sorting, and which columns are shown."""

from PySide6.QtCore import QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QTableView, QWidget

from cnnstudio.core.analysis.columns import COLUMN_BY_KEY, COLUMNS, FORMATS
from cnnstudio.gui.widgets.round_menu import RoundMenu


class TableMenus(QObject):
    """Shows a menu over the rows and another over the headings; each is made anew when it is asked for.

    Signals:
        copy_chosen(str): a form of `FORMATS`.
        sorting_chosen(str): the key of a column.
        stack_order_chosen(): the rows as they stand in the network.
        column_toggled(str, bool): the key of a column, and whether it is to be shown.
    """

    copy_chosen = Signal(str)
    sorting_chosen = Signal(str)
    stack_order_chosen = Signal()
    column_toggled = Signal(str, bool)

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table
        for widget, slot in ((table, self._on_row_menu), (table.horizontalHeader(), self._on_column_menu)):
            widget.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            widget.customContextMenuRequested.connect(slot)

    def for_rows(self) -> QMenu:
        """The menu of the rows: copying, sorting, and which columns are shown."""
        menu = RoundMenu(parent=self._table)
        for name in FORMATS:
            menu.addAction(f"Copy table as {name}").setData(name)
        menu.addSeparator()
        menu.addMenu(self._for_sorting(menu))
        menu.addMenu(self.for_columns(menu))
        menu.addAction("Stack order").triggered.connect(self.stack_order_chosen)
        menu.triggered.connect(self._on_copy_chosen)
        return menu

    def for_columns(self, parent: QWidget | None = None) -> QMenu:
        """The menu of the headings: which columns are shown."""
        menu = RoundMenu("Columns", parent or self._table)
        for at, column in enumerate(COLUMNS):
            if column.optional:
                action = menu.addAction(f"{column.title}: {column.help}")
                action.setCheckable(True)
                action.setChecked(not self._table.isColumnHidden(at))
                action.setData(column.key)
        menu.triggered.connect(self._on_column_chosen)
        return menu

    def _for_sorting(self, parent: QWidget) -> QMenu:
        menu = RoundMenu("Sort by", parent)
        for at, column in enumerate(COLUMNS):
            if not self._table.isColumnHidden(at):
                menu.addAction(column.title).setData(column.key)
        menu.triggered.connect(self._on_sort_chosen)
        return menu

    @Slot(QPoint)
    def _on_row_menu(self, position: QPoint) -> None:
        self._pop_up(self.for_rows(), self._table.viewport().mapToGlobal(position))

    @Slot(QPoint)
    def _on_column_menu(self, position: QPoint) -> None:
        self._pop_up(self.for_columns(), self._table.horizontalHeader().mapToGlobal(position))

    def _pop_up(self, menu: QMenu, position: QPoint) -> None:
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(position)

    @Slot(QAction)
    def _on_copy_chosen(self, action: QAction) -> None:
        # The actions of the submenus arrive here too.
        if action.data() in FORMATS:
            self.copy_chosen.emit(action.data())

    @Slot(QAction)
    def _on_sort_chosen(self, action: QAction) -> None:
        self.sorting_chosen.emit(action.data())

    @Slot(QAction)
    def _on_column_chosen(self, action: QAction) -> None:
        if action.data() in COLUMN_BY_KEY:
            self.column_toggled.emit(action.data(), action.isChecked())
