"""How the plots look and behave: no menus, no zoom by accident, lines and grid in the theme's colors."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from cnnstudio.gui.theme.theme import Theme


def calm(plot: Any) -> None:
    """Take menus, buttons, mouse zoom and automatic ranges from a PlotWidget: its owner sets the ranges."""
    item = plot.getPlotItem()
    plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    plot.setFrameStyle(0)
    item.setMenuEnabled(False)
    item.hideButtons()
    item.setMouseEnabled(x=False, y=False)
    item.disableAutoRange()
    item.showGrid(x=True, y=True)


def dress_axis(axis: Any, theme: Theme) -> None:
    """Numbers and a quiet grid, no axis line; finer grid levels would triple the time of a paint."""
    axis.setPen(None)
    axis.setTickPen(QPen(theme.color("grid"), 0))
    axis.setTextPen(theme.color("text2"))
    axis.setTickFont(theme.font(11, tabular=True))
    axis.setStyle(maxTickLevel=0, tickLength=0)
    axis.setGrid(160)


def dress_line(item: Any, color: QColor, style: Qt.PenStyle) -> None:
    """A thick line of that style, with filled symbols."""
    pen = QPen(color, 2)
    pen.setCosmetic(True)
    pen.setStyle(style)
    item.setPen(pen)
    item.setSymbolBrush(color)
    item.setSymbolPen(None)
