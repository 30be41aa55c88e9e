"""The scale of the colors, with numbers, as a widget of its own."""

from PySide6.QtCore import QRect, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.colormaps import Colormap, Range
from cnnstudio.gui.widgets.legend import legend_height, legend_text, paint_legend

_WIDTH_PX = 170
_GAP_PX = 10


class ScaleBar(QWidget):
    """A strip of colors from the lowest to the highest number, and what it holds for."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._colormap: Colormap = "diverging"
        self._limits: Range | None = None
        self._holds_for = ""
        theme.changed.connect(self._on_theme_changed)

    def show_scale(self, colormap: Colormap, limits: Range, holds_for: str) -> None:
        """Show another scale and say for what it holds, such as "filter 3"."""
        self._colormap, self._limits, self._holds_for = colormap, limits, holds_for
        low, high = (legend_text(limit) for limit in limits)
        self.setAccessibleName(f"Colors of {holds_for}: {low} to {high}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.scaled(_WIDTH_PX + 80), legend_height(self._theme) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.scaled(120), legend_height(self._theme) + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._limits is None:
            return
        painter = QPainter(self)
        width = min(self._theme.scaled(_WIDTH_PX), self.width() - 1)
        area = QRect(0, 1, width, legend_height(self._theme))
        paint_legend(painter, self._theme, area, self._colormap, self._limits)
        painter.setFont(self._theme.font(11))
        painter.setPen(self._theme.color("text3"))
        rest = self.rect().adjusted(width + _GAP_PX, 0, 0, 0)
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._holds_for)
        painter.end()

    @Slot()
    def _on_theme_changed(self) -> None:
        self.updateGeometry()
        self.update()
