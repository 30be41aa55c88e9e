"""A map of numbers or a picture, as large as fits, with an honest scale."""

from typing import cast

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, qRgb
from PySide6.QtWidgets import QWidget

from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.colormaps import Colormap, Range, color_table, levels, value_range
from cnnstudio.gui.widgets.legend import legend_height, legend_text, paint_legend

Cell = tuple[int, int]

_MARGIN = 3
_LEGEND_GAP = 6
_MOVES = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class ImageView(QWidget):
    """Shows one 2-D array in a color map, or one RGB picture, keeping its proportions.

    `hovered(object)` carries the `(row, column)` under the mouse or reached by arrow keys, None outside.
    """

    hovered = Signal(object)

    def __init__(self, theme: Theme, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._name = theme, name
        self._picture = QPixmap()
        self._colormap: Colormap | None = None
        self._limits: Range = (0.0, 0.0)
        self._smooth = False
        self._cell: Cell | None = None
        self._highlight: QRect | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clear()
        theme.changed.connect(self._on_theme_changed)

    def set_map(
        self, values: npt.NDArray[np.floating], colormap: Colormap = "gray", limits: Range | None = None
    ) -> None:
        """Show `(height, width)` numbers; `limits` fixes the scale, else it is this map's own range."""
        self._limits = value_range(values, colormap) if limits is None else limits
        self._colormap = colormap
        self._show(_map_pixmap(levels(values, self._limits), colormap))
        lowest, highest = (legend_text(limit) for limit in self._limits)
        self._describe(f"scale {lowest} to {highest}")

    def set_rgb(self, picture: npt.NDArray[np.uint8]) -> None:
        """Show a `(height, width, 3)` picture of bytes, 0 to 255."""
        self._colormap = None
        self._show(_rgb_pixmap(picture))
        self._describe("color picture")

    def set_picture(self, picture: npt.NDArray[np.uint8]) -> None:
        """Show a `(height, width, channels)` picture of bytes: in color, or as gray without a scale."""
        is_color = picture.shape[-1] >= 3
        self.set_rgb(picture[..., :3] if is_color else np.repeat(picture[..., :1], 3, axis=2))

    def clear(self) -> None:
        """Show nothing."""
        self._colormap = None
        self._show(QPixmap())
        self.setAccessibleName(self._name)
        self.setAccessibleDescription("empty")

    def set_smooth(self, smooth: bool) -> None:
        """Blend neighbouring cells (for shrunken pictures), or show every cell as a sharp square."""
        self._smooth = smooth
        self.update()

    def set_highlight(self, row: int, col: int, height: int, width: int) -> None:
        """Frame `height` by `width` cells whose first is `(row, col)`; cells outside the map are allowed."""
        self._highlight = QRect(col, row, width, height)
        self.update()

    def clear_highlight(self) -> None:
        """Take the frame away."""
        self._highlight = None
        self.update()

    def limits(self) -> Range:
        """The numbers at the ends of the scale."""
        return self._limits

    def cell_at(self, place: QPoint) -> Cell | None:
        """The `(row, column)` drawn at a point of this widget, None beside the map."""
        area = self.image_rect()
        if self._picture.isNull() or not area.contains(place.x() + 0.5, place.y() + 0.5):
            return None
        row = (place.y() + 0.5 - area.top()) / area.height() * self._picture.height()
        col = (place.x() + 0.5 - area.left()) / area.width() * self._picture.width()
        return int(row), int(col)

    def image_rect(self) -> QRectF:
        """Where the map is drawn, in pixels of this widget."""
        room = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN - self._legend_room())
        if self._picture.isNull() or room.isEmpty():
            return QRectF()
        size = self._picture.size().toSizeF().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left = room.left() + (room.width() - size.width()) / 2
        return QRectF(left, room.top() + (room.height() - size.height()) / 2, size.width(), size.height())

    def sizeHint(self) -> QSize:
        return QSize(220, 220 + self._legend_room())

    def minimumSizeHint(self) -> QSize:
        return QSize(64, 64 + self._legend_room())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = self.image_rect()
        if not area.isEmpty():
            self._paint_picture(painter, area)
        if self._colormap is not None:
            paint_legend(painter, self._theme, self._legend_area(area), self._colormap, self._limits)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.cell_at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        move = _MOVES.get(Qt.Key(event.key()))
        if move is None or self._picture.isNull():
            super().keyPressEvent(event)
            return
        row, col = self._cell or (0, 0)
        if self._cell is not None:
            row, col = row + move[0], col + move[1]
        last_row, last_col = self._picture.height() - 1, self._picture.width() - 1
        self._hover((min(max(row, 0), last_row), min(max(col, 0), last_col)))

    def _show(self, picture: QPixmap) -> None:
        self._picture = picture
        self._highlight = None
        self._hover(None)
        self.updateGeometry()
        self.update()

    def _describe(self, what: str) -> None:
        size = f"{self._picture.height()} by {self._picture.width()}"
        self.setAccessibleName(self._name)
        self.setAccessibleDescription(f"{size}, {what}")

    def _hover(self, cell: Cell | None) -> None:
        if cell != self._cell:
            self._cell = cell
            self.update()
            self.hovered.emit(cell)

    def _legend_room(self) -> int:
        return 0 if self._colormap is None else legend_height(self._theme) + _LEGEND_GAP

    def _legend_area(self, image: QRectF) -> QRect:
        top = round(image.bottom()) + _LEGEND_GAP
        # A narrow map still needs room for its numbers.
        width = max(round(image.width()), min(self.width() - 2 * _MARGIN, self._theme.scaled(120)))
        left = max(_MARGIN, round(image.center().x() - width / 2))
        return QRect(left, top, width, legend_height(self._theme))

    def _paint_picture(self, painter: QPainter, area: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._smooth)
        painter.drawPixmap(area, self._picture, QRectF(self._picture.rect()))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self._theme.color("border"))
        painter.drawRect(area)
        if self._highlight is not None:
            self._frame(painter, area, self._highlight, 2)
        if self._cell is not None:
            self._frame(painter, area, QRect(self._cell[1], self._cell[0], 1, 1), 1)

    def _frame(self, painter: QPainter, area: QRectF, cells: QRect, thickness: int) -> None:
        across, down = area.width() / self._picture.width(), area.height() / self._picture.height()
        frame = QRectF(
            area.left() + cells.x() * across, area.top() + cells.y() * down,
            cells.width() * across, cells.height() * down,
        )  # fmt: skip
        # Dark below light: the frame is seen on every color of every map.
        for color, width in ((self._theme.color("shadow"), thickness + 2), (Qt.GlobalColor.white, thickness)):
            pen = QPen(color, width)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            painter.setPen(pen)
            painter.drawRect(frame)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.updateGeometry()
        self.update()


def _map_pixmap(indices: npt.NDArray[np.uint8], name: Colormap) -> QPixmap:
    height, width = indices.shape
    lines = np.ascontiguousarray(indices)
    image = QImage(lines.data, width, height, width, QImage.Format.Format_Indexed8)
    image.setColorTable([qRgb(*cast("list[int]", color)) for color in color_table(name).tolist()])
    return QPixmap.fromImage(image)


def _rgb_pixmap(picture: npt.NDArray[np.uint8]) -> QPixmap:
    height, width, _ = picture.shape
    lines = np.ascontiguousarray(picture)
    return QPixmap.fromImage(QImage(lines.data, width, height, 3 * width, QImage.Format.Format_RGB888))
