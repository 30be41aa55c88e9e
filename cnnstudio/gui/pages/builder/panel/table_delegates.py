"""How the cells of the shape table are painted."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from cnnstudio.core.analysis import Row
from cnnstudio.core.analysis.columns import COLUMN_BY_KEY, COLUMNS, Column
from cnnstudio.gui.pages.builder.panel.table_model import TableModel
from cnnstudio.gui.theme.measuring import fitted, line_start, width_of
from cnnstudio.gui.theme.severity import LOOKS
from cnnstudio.gui.theme.theme import Theme

ROW_PX = 30
PAD_PX = 8
_ICON_PX = 14
_BAR_PX = 3
_BAR_WIDTH_PX = 44
_MIDDLE = Qt.TextElideMode.ElideMiddle
_OUTPUT, _PARAMETERS = (COLUMNS.index(COLUMN_BY_KEY[key]) for key in ("output", "parameters"))
# As numbers: for each cell, flags would be compared by Python's own slow enumerations.
_SELECTED, _HOVERED, _FOCUSED = (
    flag.value
    for flag in (
        QStyle.StateFlag.State_Selected,
        QStyle.StateFlag.State_MouseOver,
        QStyle.StateFlag.State_HasFocus,
    )
)


class CellDelegate(QStyledItemDelegate):
    """Paints name cells with icon and badge, counts with the layer's share as a bar, and plain text.

    A layer without a shape has no count either: what it says in place of the shape takes both cells.

    Takes the rows from the model itself: asked for through Qt, each value costs as much as painting it.
    """

    def __init__(self, theme: Theme, model: TableModel, table: QTableView) -> None:
        super().__init__(table)
        self._theme, self._model, self._table = theme, model, table

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        hint = super().sizeHint(option, index)
        room = self._theme.scaled(_ICON_PX) + 6 if COLUMNS[index.column()].key == "name" else 0
        return QSize(hint.width() + room + 2 * PAD_PX - 8, self._theme.scaled(ROW_PX))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        area: QRect = option.rect
        state: int = option.state.value
        self._paint_ground(painter, area, state)
        row, column = self._model.rows[index.row()], COLUMNS[index.column()]
        inside = area.adjusted(PAD_PX, 0, -PAD_PX, 0)
        if column.key == "name":
            inside = self._paint_ends(painter, inside, row)
        if column.key == "parameters":
            self._paint_share(painter, inside, self._model.frame.share(row))
        if not row.stands and column.key in ("output", "parameters"):
            painter.setClipRect(area)
            inside, column = self.room_for_words(area), COLUMN_BY_KEY["output"]
        self._paint_text(painter, inside, row, column)
        if state & _FOCUSED:
            self._paint_focus(painter, area)
        painter.restore()

    def words(self, font: QFont, room: float, row: Row, column: Column) -> str:
        """What the cell says, in short where that has no room: a number without its middle is another one."""
        text = column.text(row, self._model.frame)
        if column.short is None or width_of(font, text) <= room:
            return text
        return column.short(row, self._model.frame)

    def _paint_ground(self, painter: QPainter, area: QRect, state: int) -> None:
        if state & _SELECTED:
            painter.fillRect(area, self._theme.color("accent_soft"))
        elif state & _HOVERED:
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
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        left = area.right() + 1 - full
        for width, color in ((full, "border"), (max(2.0, full * share), "accent")):
            bar = QRectF(left, area.bottom() - _BAR_PX - 1, width, _BAR_PX)
            painter.setBrush(self._theme.color(color))
            painter.drawRoundedRect(bar, 1.5, 1.5)

    def room_for_words(self, cell: QRect) -> QRect:
        """Where the words of a row without a shape stand, given one of its cells."""
        place, width = self._table.columnViewportPosition, self._table.columnWidth
        left = min(place(_OUTPUT), place(_PARAMETERS))
        right = max(place(at) + width(at) for at in (_OUTPUT, _PARAMETERS))
        return QRect(left + PAD_PX, cell.y(), right - left - 2 * PAD_PX, cell.height())

    def _paint_text(self, painter: QPainter, area: QRect, row: Row, column: Column) -> None:
        font = self._theme.font(12, tabular=True)
        painter.setFont(font)
        painter.setPen(self._theme.color(_text_color(row, column.key)))
        text = fitted(font, self.words(font, area.width(), row, column), area.width(), _MIDDLE)
        painter.drawText(line_start(font, text, area, column.is_number), text)

    def _paint_focus(self, painter: QPainter, area: QRect) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.color("accent"), 1))
        painter.drawRoundedRect(QRectF(area).adjusted(1.5, 1.5, -1.5, -1.5), 4, 4)


def _text_color(row: Row, key: str) -> str:
    if key == "output" and row.problem is not None and row.problem.severity == "error":
        return "danger"
    if not row.layer.enabled or (not row.stands and key != "name"):
        return "text3"
    return "text" if key in ("name", "output", "parameters") else "text2"
