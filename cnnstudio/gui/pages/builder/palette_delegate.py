"""Draws the rows of the palette: families as headings, layers with icon tiles."""

from typing import Any

from msgspec import Struct
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from cnnstudio.core.layers import LAYER_BY_TYPE
from cnnstudio.gui.pages.builder.stack.text_painter import TextPainter
from cnnstudio.gui.theme.fonts import MEDIUM, SEMIBOLD
from cnnstudio.gui.theme.theme import Theme

TYPE_ROLE = Qt.ItemDataRole.UserRole
"""The type of the layer of a row; None in the heading of a family."""
_ROW, _HEADING = 35, 36
_TILE = 26
_ROOMY = 186
"""From this width on the names have their full size; below it more of them fit uncut."""
_SMOOTH = QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform

Index = QModelIndex | QPersistentModelIndex


class PaletteDelegate(QStyledItemDelegate):
    """Paints families as headings with an arrow, layers as an icon tile with a title."""

    def __init__(self, theme: Theme, parent: QTreeView) -> None:
        super().__init__(parent)
        self._theme, self._tree = theme, parent

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self._theme.scaled(_HEADING if index.data(TYPE_ROLE) is None else _ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHints(_SMOOTH)
        look = _look(option)
        self._paint_ground(painter, look)
        draw = TextPainter(painter, self._theme, self._tree.devicePixelRatioF())
        if index.data(TYPE_ROLE) is None:
            self._paint_heading(draw, look.rect, index)
        else:
            self._paint_layer(draw, look.rect, index)
        painter.restore()

    def _paint_ground(self, painter: QPainter, look: "_Look") -> None:
        theme = self._theme
        if look.is_marked or look.is_hovered:
            painter.setPen(QPen(theme.color("accent"), 2) if look.has_focus else QPen(Qt.PenStyle.NoPen))
            painter.setBrush(theme.color("accent_soft" if look.is_marked else "hover"))
            painter.drawRoundedRect(look.rect.adjusted(1, 1, -1, -1), 8, 8)

    def _paint_heading(self, draw: TextPainter, rect: QRectF, index: Index) -> None:
        scaled = self._theme.scaled
        name = "chevron-down" if self._tree.isExpanded(index) else "chevron-right"
        text = rect.adjusted(scaled(4), scaled(6), -scaled(26), 0)
        draw.icon(name, "text3", QPointF(rect.right() - scaled(16), text.center().y()), 13)
        draw.left(text, str(index.data()).upper(), _overline(self._theme), "text3")

    def _paint_layer(self, draw: TextPainter, rect: QRectF, index: Index) -> None:
        theme, scaled = self._theme, self._theme.scaled
        layer = LAYER_BY_TYPE[index.data(TYPE_ROLE)]
        side = scaled(_TILE)
        tile = QRectF(rect.left() + scaled(4), rect.center().y() - side / 2, side, side)
        draw.painter.setPen(Qt.PenStyle.NoPen)
        draw.painter.setBrush(theme.tile_color(layer.family))
        draw.painter.drawRoundedRect(tile, 7, 7)
        draw.icon(layer.icon, layer.family, tile.center(), 15)
        text = rect.adjusted(scaled(4) + side + scaled(8), 0, -scaled(1), 0)
        size = 13 if rect.width() >= scaled(_ROOMY) else 12
        draw.left(text, layer.title, theme.font(size, MEDIUM), "text")


class _Look(Struct, frozen=True):
    rect: QRectF
    is_marked: bool
    is_hovered: bool
    has_focus: bool


def _look(option: Any) -> _Look:
    # The type stubs leave out the fields of QStyleOption that hold rectangle and state.
    state = option.state
    return _Look(
        QRectF(option.rect),
        bool(state & QStyle.StateFlag.State_Selected),
        bool(state & QStyle.StateFlag.State_MouseOver),
        bool(state & QStyle.StateFlag.State_HasFocus),
    )


def _overline(theme: Theme) -> QFont:
    font = QFont(theme.font(11, SEMIBOLD))
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.6)
    return font
