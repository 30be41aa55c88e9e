"""How one sample of the grid is painted: its picture, its class, its marks."""

from msgspec import Struct
from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from cnnstudio.gui.theme.theme import Theme

PICTURE_PX = 56
_CELL_PX = 72
_LABEL_PX = 20
_MARK_PX = 16


class Cell(Struct, frozen=True):
    """What is to be painted of a sample; without a picture, one is coming unless `is_unreadable`."""

    text: str
    picture: QPixmap | None
    is_unreadable: bool = False
    is_selected: bool = False
    is_current: bool = False
    mark: str = ""
    """The icon of what was put right about it; empty for most."""


def cell_size(theme: Theme) -> QSize:
    """Room for a picture, its label and its frame."""
    return QSize(theme.scaled(_CELL_PX), theme.scaled(PICTURE_PX + _LABEL_PX + 14))


def paint_cell(painter: QPainter, theme: Theme, room: QRect, cell: Cell, dpr: float) -> None:
    """Paint a sample into its cell of the grid."""
    area = room.adjusted(3, 3, -3, -3)
    if cell.is_selected or cell.is_current:
        _paint_frame(painter, theme, area, cell)
    side = theme.scaled(PICTURE_PX)
    square = QRect(area.center().x() - side // 2, area.top() + 5, side, side)
    if cell.picture is not None:
        _paint_picture(painter, square, cell.picture)
    else:
        _paint_gap(painter, theme, square, cell.is_unreadable, dpr)
    if cell.mark:
        _paint_mark(painter, theme, square, cell.mark, dpr)
    _paint_label(painter, theme, area, cell)


def _paint_picture(painter: QPainter, room: QRect, picture: QPixmap) -> None:
    size = picture.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRect(QPoint(), size)
    place.moveCenter(room.center())
    # The pixels of a small picture are to be seen; a large one loses some of them.
    is_shrunk = size.width() < picture.width()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_shrunk)
    painter.drawPixmap(place, picture)


def _paint_gap(painter: QPainter, theme: Theme, room: QRect, is_unreadable: bool, dpr: float) -> None:
    painter.setPen(QPen(theme.color("danger" if is_unreadable else "border"), 1))
    painter.setBrush(theme.color("danger_soft" if is_unreadable else "field"))
    painter.drawRect(room.adjusted(0, 0, -1, -1))
    if is_unreadable:
        icon = theme.pixmap("circle-alert", "danger", 20, dpr)
        side = theme.scaled(20)
        painter.drawPixmap(QRect(room.center() - QPoint(side // 2, side // 2), QSize(side, side)), icon)


def _paint_mark(painter: QPainter, theme: Theme, room: QRect, icon: str, dpr: float) -> None:
    side = theme.scaled(_MARK_PX)
    disc = QRect(room.right() - side + 4, room.top() - 3, side, side)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("warning"), 1))
    painter.setBrush(theme.color("warning_soft"))
    painter.drawEllipse(disc)
    painter.drawPixmap(disc.adjusted(3, 3, -3, -3), theme.pixmap(icon, "warning", 12, dpr))


def _paint_frame(painter: QPainter, theme: Theme, area: QRect, cell: Cell) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("accent"), 2 if cell.is_current else 1))
    painter.setBrush(theme.color("accent_soft") if cell.is_selected else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(area), 7, 7)


def _paint_label(painter: QPainter, theme: Theme, area: QRect, cell: Cell) -> None:
    painter.setFont(theme.font(11))
    painter.setPen(theme.color("text" if cell.is_selected else "text2"))
    room = area.adjusted(1, area.height() - theme.scaled(_LABEL_PX), -1, 0)
    shown = painter.fontMetrics().elidedText(cell.text, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, shown)
