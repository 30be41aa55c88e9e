"""A small bar chart. pyqtgraph, which draws it, is slow to import and is so with the first bars only."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnnstudio.gui.theme.theme import Theme


class BarChart(QWidget):
    """Bars over their own edges, and a line at zero; empty until there are any.

    The heights of a `signed` chart are numbers to be read; in one that is not, only the form matters.
    """

    def __init__(self, theme: Theme, name: str, signed: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._name, self._signed = theme, name, signed
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def set_bars(self, edges: NDArray[np.floating], heights: NDArray[Any], gap: float = 0.0) -> None:
        """Show n bars between n + 1 ascending edges; `gap` is the part of each that stays free."""
        self._plot.set_bars(edges, heights, gap)

    @cached_property
    def _plot(self) -> "_BarPlot":
        made = _BarPlot(self._theme, self._name, self._signed, self)
        self._column.addWidget(made.widget)
        return made


class _BarPlot(QObject):
    """What is drawn; `widget` is what goes into a layout."""

    def __init__(self, theme: Theme, name: str, signed: bool, parent: QWidget) -> None:
        import pyqtgraph as pg

        super().__init__(parent)
        self._theme = theme
        self.widget: Any = pg.PlotWidget(parent)
        self.widget.setAccessibleName(name)
        self._bars: Any = pg.BarGraphItem(x0=[0.0], x1=[0.0], height=[0.0], pen=None)
        # Across the bars for signed heights, else upright on the scale below.
        self._zero: Any = pg.InfiniteLine(0, angle=0 if signed else 90)
        self._no_pen: Any = pg.mkPen(None)
        self._set_up()
        if not signed:
            self.widget.hideAxis("left")
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def set_bars(self, edges: NDArray[np.floating], heights: NDArray[Any], gap: float) -> None:
        """Show n bars between n + 1 ascending edges; `gap` is the part of each that stays free."""
        inset = np.diff(edges) * gap / 2
        self._bars.setOpts(x0=edges[:-1] + inset, x1=edges[1:] - inset, height=heights)
        low, high = float(min(heights.min(initial=0), 0)), float(max(heights.max(initial=0), 0))
        self.widget.setXRange(float(edges[0]), float(edges[-1]), padding=0.02)
        self.widget.setYRange(low, high if high > low else low + 1, padding=0.04)

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
            axis.setTickPen(self._no_pen)
            axis.setTextPen(self._theme.color("text3"))
            axis.setTickFont(self._theme.font(11, tabular=True))
