"""What a bar chart draws; imported with the first bars, for pyqtgraph is slow to import."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from cnnstudio.gui.theme.theme import Theme


class BarPlot(QObject):
    """Bars over their own edges; `widget` is what goes into a layout."""

    def __init__(self, theme: Theme, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.widget: Any = pg.PlotWidget(parent)
        self.widget.setAccessibleName(name)
        self._bars: Any = pg.BarGraphItem(x0=[0.0], x1=[0.0], height=[0.0], pen=None)
        self._zero: Any = pg.InfiniteLine(0)
        self._set_up()
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def set_bars(self, edges: NDArray[np.floating], heights: NDArray[Any], gap: float = 0.0) -> None:
        """Show n bars between n + 1 ascending edges; `gap` is the part of each that stays free."""
        inset = np.diff(edges) * gap / 2
        self._bars.setOpts(x0=edges[:-1] + inset, x1=edges[1:] - inset, height=heights)
        low, high = float(min(heights.min(initial=0), 0)), float(max(heights.max(initial=0), 0))
        self.widget.setXRange(float(edges[0]), float(edges[-1]), padding=0.02)
        self.widget.setYRange(low, high if high > low else low + 1, padding=0.04)

    def show_zero_line(self, across: bool) -> None:
        """Mark zero: `across` the bars for signed heights, else upright for a scale below."""
        self._zero.setAngle(0 if across else 90)

    def hide_heights(self) -> None:
        """Leave out the numbers of the upright axis, where only the form matters."""
        self.widget.hideAxis("left")

    def _set_up(self) -> None:
        self.widget.setStyleSheet("background: transparent; border: 0;")
        self.widget.setMenuEnabled(False)
        self.widget.hideButtons()
        self.widget.setMouseEnabled(False, False)
        self.widget.disableAutoRange()
        self.widget.addItem(self._zero)
        self.widget.addItem(self._bars)
        for side in ("left", "bottom"):
            axis = self.widget.getAxis(side)
            axis.setStyle(maxTickLevel=0, tickLength=0)
            axis.enableAutoSIPrefix(False)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.widget.setBackground(QColor(0, 0, 0, 0))
        self._bars.setOpts(brush=self._theme.color("accent"))
        self._zero.setPen(self._theme.color("outline"))
        for side in ("left", "bottom"):
            axis = self.widget.getAxis(side)
            axis.setPen(None)
            axis.setTickPen(pg.mkPen(None))
            axis.setTextPen(self._theme.color("text3"))
            axis.setTickFont(self._theme.font(11, tabular=True))
