"""How the cells of the shape table are painted."""

from collections.abc import Sequence
from itertools import count
from typing import TypeAlias

from msgspec import Struct
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QCursor, QFont, QPainter, QPen, QRegion
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView

from cnnstudio.core.analysis import Row
from cnnstudio.core.analysis.columns import COLUMN_BY_KEY, COLUMNS, Column
from cnnstudio.gui.pages.builder.panel.table_model import TableModel
from cnnstudio.gui.theme.measuring import draw_line, fitted, width_of
from cnnstudio.gui.theme.severity import LOOKS
from cnnstudio.gui.theme.theme import Theme

ROW_PX = 30
PAD_PX = 8
_ICON_PX = 14
_BAR_PX = 3
_BAR_WIDTH_PX = 44
_MIDDLE = Qt.TextElideMode.ElideMiddle
_SHAPED = ("output", "parameters")
_OUTPUT, _PARAMETERS = (COLUMNS.index(COLUMN_BY_KEY[key]) for key in _SHAPED)


Columns: TypeAlias = Sequence[tuple[int, int, int]]
"""Columns by their places, left edges and widths."""


class _Look(Struct, frozen=True):
    """What all cells share that are painted together."""

    font: QFont
    height: int
    """Of each row."""
    selected: frozenset[int]
    hovered: int
    current: tuple[int, int]
    """The cell with the keyboard, or (-1, -1)."""


class CellDelegate(QStyledItemDelegate):
    """Paints name cells with icon and badge, counts with the layer's share as a bar, and plain text.

    A layer without a shape has no count either: what it says in place of the shape takes both cells.

    The table asks for all cells at once, and the rows come from the model itself: each cell that the view
    asks for, and each value that is asked for through Qt, costs as much as its text takes to paint.
    """

    def __init__(self, theme: Theme, model: TableModel, table: QTableView) -> None:
        super().__init__(table)
        self._theme, self._model, self._table = theme, model, table

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        hint = super().sizeHint(option, index)
        room = self._theme.scaled(_ICON_PX) + 6 if COLUMNS[index.column()].key == "name" else 0
        return QSize(hint.width() + room + 2 * PAD_PX - 8, self._theme.scaled(ROW_PX))

    def paint_cells(self, painter: QPainter, region: QRegion) -> None:
        """Paint each cell of the table that touches the region, on a ground that is painted already."""
        look = self._look()
        painter.setFont(look.font)
        for dirty in _rects(region):
            self._paint_rect(painter, dirty, look)

    def _look(self) -> _Look:
        table = self._table
        viewport, current = table.viewport(), table.currentIndex()
        ranges = table.selectionModel().selection().toList()
        selected = frozenset(at for one in ranges for at in range(one.top(), one.bottom() + 1))
        mouse = viewport.mapFromGlobal(QCursor.pos()).y()
        return _Look(
            self._theme.font(12, tabular=True),
            table.verticalHeader().defaultSectionSize(),
            selected,
            table.rowAt(mouse) if viewport.underMouse() else -1,
            (current.row(), current.column()) if table.hasFocus() else (-1, -1),
        )

    def _paint_rect(self, painter: QPainter, dirty: QRect, look: _Look) -> None:
        columns, height = self._columns(dirty), look.height
        first = self._table.rowAt(dirty.top())
        if first < 0 or not columns:
            return
        top = self._table.rowViewportPosition(first)
        last = min(len(self._model.rows), first + (dirty.bottom() - top) // height + 1)
        left, right = columns[0][1], columns[-1][1] + columns[-1][2]
        for at, y in zip(range(first, last), count(top, height), strict=False):
            self._paint_ground(painter, QRect(left, y, right - left, height), at, look)
            self._paint_row(painter, at, y, columns, look)

    def _columns(self, dirty: QRect) -> Columns:
        """The shown columns that touch the rectangle."""
        place, width = self._table.columnViewportPosition, self._table.columnWidth
        shown = [
            (at, place(at), width(at)) for at in range(len(COLUMNS)) if not self._table.isColumnHidden(at)
        ]
        return [one for one in shown if one[1] <= dirty.right() and one[1] + one[2] > dirty.left()]

    def _paint_row(self, painter: QPainter, at: int, y: int, columns: Columns, look: _Look) -> None:
        row, height = self._model.rows[at], look.height
        are_words_due = not row.stands
        for place, x, width in columns:
            area, key = QRect(x, y, width, height), COLUMNS[place].key
            if row.stands or key not in _SHAPED:
                self._paint_cell(painter, area, row, COLUMNS[place], look.font)
            elif are_words_due:
                are_words_due = False
                room = self.room_for_words(area)
                self._paint_text(painter, room, row, COLUMN_BY_KEY["output"], look.font)
            if (at, place) == look.current:
                self._paint_focus(painter, area)

    def _paint_cell(self, painter: QPainter, area: QRect, row: Row, column: Column, font: QFont) -> None:
        inside = area.adjusted(PAD_PX, 0, -PAD_PX, 0)
        if column.key == "name":
            inside = self._paint_ends(painter, inside, row)
        if column.key == "parameters":
            self._paint_share(painter, inside, self._model.frame.share(row))
        self._paint_text(painter, inside, row, column, font)

    def words(self, font: QFont, room: float, row: Row, column: Column) -> str:
        """What the cell says, in short where that has no room: a number without its middle is another one."""
        text = column.text(row, self._model.frame)
        if column.short is None or width_of(font, text) <= room:
            return text
        return column.short(row, self._model.frame)

    def _paint_ground(self, painter: QPainter, area: QRect, at: int, look: _Look) -> None:
        if at in look.selected:
            painter.fillRect(area, self._theme.color("accent_soft"))
        elif at == look.hovered:
            painter.fillRect(area, self._theme.color("hover"))
        painter.fillRect(area.left(), area.bottom(), area.width(), 1, self._theme.color("border"))

    def _paint_ends(self, painter: QPainter, area: QRect, row: Row) -> QRect:
        """Paint the icon in front of the name and the badge behind it; return what is left."""
        side = self._theme.scaled(_ICON_PX)
        top = area.center().y() - side // 2
        ratio = painter.device().devicePixelRatio()
        family = row.layer.family
        painter.drawPixmap(area.left(), top, self._theme.pixmap(row.layer.icon, family, _ICON_PX, ratio))
        left = area.adjusted(side + 6, 0, 0, 0)
        for name, color in self._marks(row):
            painter.drawPixmap(left.right() - side, top, self._theme.pixmap(name, color, _ICON_PX, ratio))
            left.adjust(0, 0, -side - 4, 0)
        return left

    def _marks(self, row: Row) -> list[tuple[str, str]]:
        badge = self._model.badge(row.layer.name)
        marks = [] if badge is None else [(LOOKS[badge].icon, LOOKS[badge].color)]
        if not row.layer.trainable:
            marks.append(("lock", "text3"))
        if not row.layer.enabled:
            marks.append(("power-off", "text3"))
        return marks

    def _paint_share(self, painter: QPainter, area: QRect, share: float) -> None:
        if not share:
            return
        full = min(self._theme.scaled(_BAR_WIDTH_PX), area.width())
        left, top = area.right() + 1 - full, area.bottom() - _BAR_PX - 1
        # Rounded ends, which nobody sees at this height, would cost ten times as much.
        painter.fillRect(left, top, full, _BAR_PX, self._theme.color("border"))
        painter.fillRect(left, top, max(2, round(full * share)), _BAR_PX, self._theme.color("accent"))

    def room_for_words(self, cell: QRect) -> QRect:
        """Where the words of a row without a shape stand, given one of its cells."""
        place, width = self._table.columnViewportPosition, self._table.columnWidth
        left = min(place(_OUTPUT), place(_PARAMETERS))
        right = max(place(at) + width(at) for at in (_OUTPUT, _PARAMETERS))
        return QRect(left + PAD_PX, cell.y(), right - left - 2 * PAD_PX, cell.height())

    def _paint_text(self, painter: QPainter, area: QRect, row: Row, column: Column, font: QFont) -> None:
        painter.setPen(self._theme.color(_text_color(row, column.key)))
        text = fitted(font, self.words(font, area.width(), row, column), area.width(), _MIDDLE)
        draw_line(painter, font, text, area, column.is_number)

    def _paint_focus(self, painter: QPainter, area: QRect) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.color("accent"), 1))
        painter.drawRoundedRect(QRectF(area).adjusted(1.5, 1.5, -1.5, -1.5), 4, 4)
        painter.restore()


def _rects(region: QRegion) -> list[QRect]:
    return [QRect(one) for one in region]  # type: ignore[attr-defined]


def _text_color(row: Row, key: str) -> str:
    if key == "output" and row.problem is not None and row.problem.severity == "error":
        return "danger"
    if not row.layer.enabled or (not row.stands and key != "name"):
        return "text3"
    return "text" if key in ("name", "output", "parameters") else "text2"
