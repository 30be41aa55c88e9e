"""Biases, and the vectors of a batch normalization: a chart and a table."""

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cnnstudio.engine.interpret.loaded import LoadedWeight
from cnnstudio.gui.pages.inspector.bar_chart import BarChart
from cnnstudio.gui.pages.inspector.views.number_table import NumberTable
from cnnstudio.gui.pages.inspector.views.view import ViewKind, WeightView
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.labels import label

MOST_BARS = 512
_SEPARATE_BARS = 64
_TABLE_PX, _CHART_PX = 200, 360


class VectorView(WeightView):
    """A bar per number over its index; of long vectors the first ones, which is said."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chart = BarChart(theme, "Numbers of the weight over their index", signed=True, parent=self)
        self.table = NumberTable(self)
        self.table.setFixedWidth(theme.scaled(_TABLE_PX))
        self.text = label("", "secondary", self)
        self.chart.setMaximumHeight(theme.scaled(_CHART_PX))
        side = QVBoxLayout()
        side.setSpacing(8)
        side.addWidget(self.chart, 1)
        side.addWidget(self.text)
        side.addStretch(0)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addLayout(side, 1)
        row.addWidget(self.table)

    def show_weight(self, weight: LoadedWeight) -> None:
        """Show another vector."""
        shown = np.nan_to_num(weight.values[:MOST_BARS].astype(np.float64), posinf=0.0, neginf=0.0)
        gap = 0.25 if len(shown) <= _SEPARATE_BARS else 0.0
        self.chart.set_bars(np.arange(len(shown) + 1) - 0.5, shown, gap)
        count = len(weight.values)
        part = f", the first {MOST_BARS} in the chart" if count > MOST_BARS else ""
        self.text.setText(f"{count:,} numbers, one per index{part}")
        self.table.show_list(weight.values)


def _is_vector(weight: LoadedWeight) -> bool:
    return weight.values.ndim == 1 and weight.values.size > 0


VIEW = ViewKind("Vector", _is_vector, VectorView)
