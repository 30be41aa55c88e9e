"""A small bar chart."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnnstudio.gui.theme.theme import Theme

if TYPE_CHECKING:
    from cnnstudio.gui.pages.inspector.plots import BarPlot


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
    def _plot(self) -> "BarPlot":
        """What is drawn; made for the first bars, for plots are slow to import."""
        from cnnstudio.gui.pages.inspector.plots import BarPlot

        made = BarPlot(self._theme, self._name, self)
        made.show_zero_line(across=self._signed)
        if not self._signed:
            made.hide_heights()
        self._column.addWidget(made.widget)
        return made
