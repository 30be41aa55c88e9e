"""A grid of samples, chosen by mouse or keys. Cells are all alike: hundreds of thousands cost no layout."""

from collections.abc import Iterator, Sequence

import numpy as np
from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QToolTip, QWidget

from cnnstudio.core.project.corrections import LEFT_OUT
from cnnstudio.engine.data.images import Indices
from cnnstudio.gui.pages.data.cells import Cell, cell_size, paint_cell
from cnnstudio.gui.pages.data.samples import SampleModel, Shown
from cnnstudio.gui.pages.data.thumbnails import Thumbnails
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.tooltips import plain_tooltip

_Action = QAbstractItemView.CursorAction
_Hint = QAbstractItemView.ScrollHint
_Any = QModelIndex | QPersistentModelIndex
_STEPS = {_Action.MoveLeft: -1, _Action.MovePrevious: -1, _Action.MoveRight: 1, _Action.MoveNext: 1}
KEYS = {
    Qt.Key.Key_Delete: "leave_out",
    Qt.Key.Key_Backspace: "put_back",
    Qt.Key.Key_F2: "relabel",
}
"""What a key does to the selected samples."""


class SampleGrid(QListView):
    """Shows the samples of its model. Where each cell is follows from its number, so nothing is laid out:
    all that Qt would ask of its own layout of a list is answered here.

    Signals:
        current_changed(int): the place of another sample that is the current one; -1 when there is none.
        key_pressed(str): one of the values of `KEYS`.
        menu_wanted(QPoint): the menu of the selected samples, at a place on the screen.
    """

    current_changed = Signal(int)
    key_pressed = Signal(str)
    menu_wanted = Signal(QPoint)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.samples = SampleModel(self)
        self.thumbnails = Thumbnails(self)
        self._size = cell_size(theme)
        self.columns = 1
        """How many cells stand side by side."""
        self.setModel(self.samples)
        self.setAccessibleName("Samples")
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        self.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self.thumbnails.came.connect(self._on_thumbnails_came)
        theme.changed.connect(self._on_theme_changed)

    def show_samples(self, shown: Shown) -> None:
        """Show other samples. The one that is the current one stays so, or else the one that took its place;
        a list of others begins at its top.
        """
        before = self.samples.shown
        row = None if before is None or not self.currentIndex().isValid() else self._row(self.currentIndex())
        is_same = before is not None and before.data.samples is shown.data.samples
        top = self.verticalScrollBar().value() if is_same else 0
        self.thumbnails.show_data(shown.data)
        self.samples.show_samples(shown)
        self.updateGeometries()
        self.verticalScrollBar().setValue(top)
        if not len(shown.rows):
            self.current_changed.emit(-1)
            return
        place = 0 if row is None or not is_same else int(np.searchsorted(shown.rows, row))
        self.setCurrentIndex(self.samples.index(min(place, len(shown.rows) - 1)))

    def selected_places(self) -> Indices:
        """The places of the selected samples, ascending."""
        chosen = self.selectionModel().selection()
        some = [chosen.at(number) for number in range(chosen.count())]
        ranges = [np.arange(one.top(), one.bottom() + 1) for one in some]
        return np.sort(np.concatenate(ranges)) if ranges else np.zeros(0, np.int64)

    def visualRect(self, index: _Any) -> QRect:
        return self._rect(index.row()) if index.isValid() else QRect()

    def indexAt(self, p: QPoint) -> QModelIndex:
        place = self._place_at(p)
        is_cell = 0 <= place < self.samples.rowCount() and self._rect(place).contains(p)
        return self.samples.index(place) if is_cell else QModelIndex()

    def scrollTo(self, index: _Any, hint: QAbstractItemView.ScrollHint = _Hint.EnsureVisible) -> None:
        if not index.isValid():
            return
        rect, bar, room = self._rect(index.row()), self.verticalScrollBar(), self.viewport().height()
        if hint == _Hint.PositionAtTop or rect.top() < 0:
            bar.setValue(bar.value() + rect.top())
        elif hint == _Hint.PositionAtCenter:
            bar.setValue(bar.value() + rect.center().y() - room // 2)
        elif hint == _Hint.PositionAtBottom or rect.bottom() >= room:
            bar.setValue(bar.value() + rect.bottom() + 1 - room)

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        count = self.samples.rowCount()
        if not count:
            return QModelIndex()
        place = min(max(self._moved(max(self.currentIndex().row(), 0), action, count), 0), count - 1)
        return self.samples.index(place)

    def _moved(self, place: int, action: QAbstractItemView.CursorAction, count: int) -> int:
        page = self.columns * max(self.viewport().height() // self._size.height(), 1)
        match action:
            case _Action.MoveHome:
                return 0
            case _Action.MoveEnd:
                return count - 1
            case _Action.MoveUp:
                return place - self.columns if place >= self.columns else place
            case _Action.MoveDown:
                return place + self.columns if place + self.columns < count else place
            case _Action.MovePageUp:
                return max(place - page, place % self.columns)
            case _Action.MovePageDown:
                return place + page
            case _:
                return place + _STEPS[action]

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        # From one corner to the other in reading order, as in a line of text; which is first is not said.
        last = self.samples.rowCount() - 1
        ends = sorted(min(max(self._place_at(end), 0), last) for end in (rect.topLeft(), rect.bottomRight()))
        if last >= 0:
            chosen = QItemSelection(self.samples.index(ends[0]), self.samples.index(ends[1]))
            self.selectionModel().select(chosen, command)

    def selectAll(self) -> None:
        # Qt asks of each whether it is hidden before it does the same.
        last = self.samples.rowCount() - 1
        if last >= 0:
            chosen = QItemSelection(self.samples.index(0), self.samples.index(last))
            self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _place_at(self, point: QPoint) -> int:
        """The place of the cell at a point of the viewport, or beside it; there may be none so far."""
        width = max(self.viewport().width() // self.columns, 1)
        column = min(max(point.x() // width, 0), self.columns - 1)
        return (point.y() + self.verticalOffset()) // self._size.height() * self.columns + column

    def _runs(self, rect: QRect) -> Iterator[tuple[int, int]]:
        """The first and last place in each line that a rectangle of the viewport meets."""
        columns, count = self.columns, self.samples.rowCount()
        width, height, offset = self.viewport().width() // columns, self._size.height(), self.verticalOffset()
        left, right = max(rect.left() // width, 0), min(rect.right() // width, columns - 1)
        for line in range(max(rect.top() + offset, 0) // height, (rect.bottom() + offset) // height + 1):
            first, last = line * columns + left, min(line * columns + right, count - 1)
            if first <= last:
                yield first, last

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        # To paint all that is seen is cheaper than to ask for each of very many whether it is seen.
        return QRegion(self.viewport().rect())

    def isIndexHidden(self, index: _Any) -> bool:
        return False

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def doItemsLayout(self) -> None:
        self.updateGeometries()
        self.viewport().update()

    def updateGeometries(self) -> None:
        bar, room, height = self.verticalScrollBar(), self.viewport().height(), self._size.height()
        self.columns = max(self.viewport().width() // self._size.width(), 1)
        lines = -(-self.samples.rowCount() // self.columns)
        bar.setRange(0, max(lines * height - room, 0))
        bar.setPageStep(room)
        bar.setSingleStep(height // 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        first, offset = divmod(self.verticalOffset(), self._size.height())
        first *= self.columns
        QAbstractItemView.resizeEvent(self, event)
        self.updateGeometries()
        # Another number of columns moves the lines: what stood at the top is to stay there.
        self.verticalScrollBar().setValue(first // self.columns * self._size.height() + offset)

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self.samples.shown
        if shown is None:
            return
        painter = QPainter(self.viewport())
        for first, last in self._runs(event.rect()):
            for place in range(first, last + 1):
                cell = self._cell(shown, place)
                paint_cell(painter, self._theme, self._rect(place), cell, self.devicePixelRatioF())
        painter.end()
        self._want_thumbnails(shown)

    def _cell(self, shown: Shown, place: int) -> Cell:
        index, row = self.samples.index(place), int(shown.rows[place])
        mark = self.samples.mark(place)
        return Cell(
            shown.class_name(place),
            self.thumbnails.picture(row),
            bool(self.thumbnails.reason(row)),
            self.selectionModel().isSelected(index),
            self.hasFocus() and index == self.currentIndex(),
            "" if not mark else "x" if mark == LEFT_OUT else "pencil",
        )

    def _want_thumbnails(self, shown: Shown) -> None:
        """Those that are seen, and then those of a screen further down."""
        room = self.viewport().rect()
        seen, below = (self._places(shown, room.translated(0, by)) for by in (0, room.height()))
        self.thumbnails.want([*seen, *below])

    def _places(self, shown: Shown, rect: QRect) -> Iterator[int]:
        for first, last in self._runs(rect):
            yield from shown.rows[first : last + 1].tolist()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        meaning = KEYS.get(Qt.Key(event.key()))
        if meaning is None:
            super().keyPressEvent(event)
        else:
            self.key_pressed.emit(meaning)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        corner = self.visualRect(self.currentIndex()).center()
        place = event.globalPos() if by_mouse else self.viewport().mapToGlobal(corner)
        if self.selectionModel().hasSelection():
            self.menu_wanted.emit(place)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self.indexAt(event.pos())
            words = plain_tooltip(self.tooltip(index.row())) if index.isValid() else ""
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().viewportEvent(event)

    def tooltip(self, place: int) -> str:
        """What is said of a sample, and why it cannot be read where that is so."""
        shown = self.samples.shown
        assert shown is not None
        said = str(self.samples.index(place).data(Qt.ItemDataRole.ToolTipRole))
        return "\n".join(filter(None, (said, self.thumbnails.reason(int(shown.rows[place])))))

    def _rect(self, place: int) -> QRect:
        width, height = self.viewport().width() // self.columns, self._size.height()
        line, column = divmod(place, self.columns)
        return QRect(column * width, line * height - self.verticalOffset(), width, height)

    def _row(self, index: QModelIndex) -> int:
        assert self.samples.shown is not None
        return int(self.samples.shown.rows[index.row()])

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.current_changed.emit(current.row())

    @Slot()
    def _on_selection_changed(self) -> None:
        self.viewport().update()

    @Slot(object)
    def _on_thumbnails_came(self, rows: Sequence[int]) -> None:
        # Only their cells: to paint all that is seen for each few that come would take most of the time.
        shown = self.samples.shown
        if shown is not None:
            for place in np.searchsorted(shown.rows, rows).tolist():
                self.viewport().update(self._rect(place))

    @Slot()
    def _on_theme_changed(self) -> None:
        self._size = cell_size(self._theme)
        self.doItemsLayout()
