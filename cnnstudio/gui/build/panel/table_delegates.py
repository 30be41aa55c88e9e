"""How the cells of the shape table are painted."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cnnstudio.core.analysis import Row
from cnnstudio.core.columns import COLUMNS
from cnnstudio.gui.build.panel.severity import LOOKS
from cnnstudio.gui.build.panel.table_model import BADGE_ROLE, ROW_ROLE, SHARE_ROLE
from cnnstudio.gui.theme.theme import Theme

ROW_PX = 30
_PAD_PX = 8
_ICON_PX = 14
_BAR_PX = 3
_BAR_WIDTH_PX = 44
_State = QStyle.StateFlag


class CellDelegate(QStyledItemDelegate):
    """Paints name cells with icon and badge, counts with the layer's share as a bar, and plain text."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        hint = super().sizeHint(option, index)
        room = self._theme.scaled(_ICON_PX) + 6 if COLUMNS[index.column()].key == "name" else 0
        return QSize(hint.width() + room + 2 * _PAD_PX - 8, self._theme.scaled(ROW_PX))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        self._paint_ground(painter, area, state)
        row: Row = index.data(ROW_ROLE)
        key = COLUMNS[index.column()].key
        inside = area.adjusted(_PAD_PX, 0, -_PAD_PX, 0)
        if key == "name":
            inside = self._paint_ends(painter, inside, row, index.data(BADGE_ROLE))
        if key == "parameters":
            self._paint_share(painter, inside, index.data(SHARE_ROLE))
        self._paint_text(painter, inside, row, index, key)
        if state & _State.State_HasFocus:
            self._paint_focus(painter, area)
        painter.restore()

    def _paint_ground(self, painter: QPainter, area: QRect, state: QStyle.StateFlag) -> None:
        if state & _State.State_Selected:
            painter.fillRect(area, self._theme.color("accent_soft"))
        elif state & _State.State_MouseOver:
            painter.fillRect(area, self._theme.color("hover"))
        painter.setPen(self._theme.color("border"))
        painter.drawLine(area.bottomLeft(), area.bottomRight())

    def _paint_ends(self, painter: QPainter, area: QRect, row: Row, badge: str | None) -> QRect:
        """Paint the icon in front of the name and the badge behind it; return what is left."""
        side = self._theme.scaled(_ICON_PX)
        top = area.center().y() - side // 2
        ratio = painter.device().devicePixelRatio()
        family = row.layer.family
        painter.drawPixmap(area.left(), top, self._theme.pixmap(row.layer.icon, family, _ICON_PX, ratio))
        left = area.adjusted(side + 6, 0, 0, 0)
        for name, color in self._marks(row, badge):
            painter.drawPixmap(left.right() - side, top, self._theme.pixmap(name, color, _ICON_PX, ratio))
            left.adjust(0, 0, -side - 4, 0)
        return left

    def _marks(self, row: Row, badge: str | None) -> list[tuple[str, str]]:
        marks = [(look.icon, look.color) for severity, look in LOOKS.items() if severity == badge]
        return marks if row.layer.trainable else [*marks, ("lock", "text3")]

    def _paint_share(self, painter: QPainter, area: QRect, share: float | None) -> None:
        if not share:
            return
        full = min(self._theme.scaled(_BAR_WIDTH_PX), area.width())
        width = max(2.0, full * share)
        bar = QRectF(area.right() + 1 - width, area.bottom() - _BAR_PX - 2, width, _BAR_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("accent"))
        painter.drawRoundedRect(bar, 1.5, 1.5)

    def _paint_text(
        self,
        painter: QPainter,
        area: QRect,
        row: Row,
        index: QModelIndex | QPersistentModelIndex,
        key: str,
    ) -> None:
        painter.setFont(self._theme.font(12, tabular=True))
        painter.setPen(self._theme.color(_text_color(row, key)))
        text = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideMiddle, area.width())
        painter.drawText(area, index.data(Qt.ItemDataRole.TextAlignmentRole), text)

    def _paint_focus(self, painter: QPainter, area: QRect) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.color("accent"), 1))
        painter.drawRoundedRect(QRectF(area).adjusted(1.5, 1.5, -1.5, -1.5), 4, 4)


def _text_color(row: Row, key: str) -> str:
    if key == "output" and row.problem is not None and row.problem.severity == "error":
        return "danger"
    if not row.stands and key != "name":
        return "text3"
    return "text" if key in ("name", "output", "parameters") else "text2"
