"""The tiles of the kernel gallery: a model over one page of kernels, and the delegate that draws them."""

from typing import cast

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPen, QPixmap, qRgb
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from cnnstudio.engine.interpret import gallery
from cnnstudio.engine.interpret.gallery import FloatArray, Mosaic, Scale
from cnnstudio.engine.interpret.loaded import LoadedWeight, channel_text
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.colormaps import color_table, levels
from cnnstudio.gui.widgets.legend import legend_text

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
# The largest of these at which the whole page is seen at once; the last where none is.
_PICTURE_PX = (120, 96, 80, 66, 54)
_LABEL_PX = 18
_SCROLL_BAR_PX = 16
_MARGIN = 6


class Atlas:
    """One pixmap that holds all kernels of a page, blue below zero, white at zero, orange above."""

    def __init__(self, mosaic: Mosaic) -> None:
        self.mosaic = mosaic
        indices = np.ascontiguousarray(levels(mosaic.values, (-1.0, 1.0)))
        height, width = indices.shape
        image = QImage(indices.data, width, height, width, QImage.Format.Format_Indexed8)
        image.setColorTable([qRgb(*cast("list[int]", row)) for row in color_table("diverging").tolist()])
        self.pixmap = QPixmap.fromImage(image)

    def source(self, index: int) -> QRect:
        """Where kernel `index` of the page lies in the pixmap."""
        row, column = self.mosaic.place(index)
        height, width = self.mosaic.tile
        return QRect(column, row, width, height)


class TileModel(QAbstractListModel):
    """One row per kernel of the page; `first` is the filter in row 0."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first = 0
        self.atlas: Atlas | None = None
        self._kernels: FloatArray | None = None
        self._channel = ""

    def show_page(
        self, weight: LoadedWeight, channel: int | None, scale: Scale, first: int, count: int
    ) -> None:
        """Show `count` filters from `first` on, cut at a channel, in the colors of a scale."""
        assert weight.filters is not None
        self.beginResetModel()
        self.first = first
        self._kernels = gallery.planes(weight.filters[first : first + count], channel)
        self._channel = channel_text(channel, weight.filters.shape[3])
        self.atlas = Atlas(gallery.mosaic(self._kernels, scale, weight.limit))
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() or self._kernels is None else len(self._kernels)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or self._kernels is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return str(self.first + index.row())
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._description(index.row(), self._kernels)
            case _:
                return None

    def limit(self, row: int) -> float:
        """The number at the end of the colors of the kernel in a row."""
        return float(self.atlas.mosaic.limits[row]) if self.atlas is not None else 0.0

    def _description(self, row: int, kernels: FloatArray) -> str:
        lowest, highest = legend_text(float(kernels[row].min())), legend_text(float(kernels[row].max()))
        return f"Filter {self.first + row}, {self._channel}, {lowest} to {highest}"


class TileDelegate(QStyledItemDelegate):
    """Draws a part of the page's atlas with sharp pixels, the filter's number below."""

    def __init__(self, theme: Theme, tiles: TileModel, parent: QListView) -> None:
        super().__init__(parent)
        self._theme, self._tiles = theme, tiles
        self._picture_px = _PICTURE_PX[-1]

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self.tile_size()

    def tile_size(self) -> QSize:
        """Pixels of a tile with its number."""
        return self._tile(self._picture_px)

    def fit(self, room: QSize) -> None:
        """Make the tiles as large as a view of that size shows all of them."""
        fitting = (side for side in _PICTURE_PX if self._holds(room, self._tile(side)))
        self._picture_px = next(fitting, _PICTURE_PX[-1])

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        atlas = self._tiles.atlas
        if atlas is None:
            return
        painter.save()
        area = QRect(option.rect)
        self._paint_ground(painter, option, area)
        source = atlas.source(index.row())
        side = self._picture_px
        place = _fitted(source, QRect(area.left() + _MARGIN, area.top() + _MARGIN, side, side))
        self._paint_kernel(painter, place, atlas.pixmap, source)
        self._paint_number(painter, option, area, str(index.data()))
        painter.restore()

    def _tile(self, side: int) -> QSize:
        around = side + 2 * _MARGIN
        return QSize(around, around + self._theme.scaled(_LABEL_PX) - 2)

    def _holds(self, room: QSize, tile: QSize) -> bool:
        columns, rows = (room.width() - _SCROLL_BAR_PX) // tile.width(), room.height() // tile.height()
        return columns * rows >= self._tiles.rowCount()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, area: QRect) -> None:
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if not chosen and not option.state & QStyle.StateFlag.State_MouseOver:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self._theme.color("accent_soft" if chosen else "hover"))
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        ring = QPen(self._theme.color("accent"), 2 if focused else 1)
        painter.setPen(ring if chosen else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 7, 7)

    def _paint_kernel(self, painter: QPainter, place: QRect, atlas: QPixmap, source: QRect) -> None:
        # Views paint smoothly by default, which would blur the cells of a kernel.
        shrunken = source.width() > place.width() or source.height() > place.height()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shrunken)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.drawPixmap(place, atlas, source)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self._theme.color("outline"))
        painter.drawRect(place.adjusted(0, 0, -1, -1))

    def _paint_number(self, painter: QPainter, option: QStyleOptionViewItem, area: QRect, text: str) -> None:
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setFont(self._theme.font(11, tabular=True))
        painter.setPen(self._theme.color("text" if chosen else "text2"))
        bottom = area.adjusted(0, area.height() - self._theme.scaled(_LABEL_PX) - 2, 0, -3)
        painter.drawText(bottom, Qt.AlignmentFlag.AlignCenter, text)


def _fitted(source: QRect, room: QRect) -> QRect:
    """The largest whole-pixel place of a kernel's proportions inside a square."""
    longest = max(source.width(), source.height())
    cell = room.width() / longest
    size = QSize(max(2, round(source.width() * cell)), max(2, round(source.height() * cell)))
    if cell >= 1:
        # Cells of the same size: what is left over becomes a margin.
        size = QSize(source.width() * int(cell), source.height() * int(cell))
    place = QRect(room.topLeft(), size)
    place.moveCenter(room.center())
    return place
