"""What the chosen weight is like: figures, a histogram, and remarks in words."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from cnnstudio.core.values.shape import shown
from cnnstudio.core.values.words import crossed
from cnnstudio.engine.interpret.gallery import Statistics
from cnnstudio.engine.interpret.loaded import LoadedWeight
from cnnstudio.gui.pages.inspector.bar_chart import BarChart
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.elided import ElidedLabel
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.legend import legend_text

_CAPTIONS = ("Shape", "Range", "Mean ± std. dev.", "Zeros")
_CHART_PX = 76


class StatisticsPanel(QWidget):
    """Figures of one weight; empty until there is one."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ElidedLabel("heading", Qt.TextElideMode.ElideMiddle, self)
        self._figures: dict[str, QLabel] = {}
        self._chart = BarChart(theme, "Histogram of the weights", signed=False, parent=self)
        self._chart.setFixedHeight(theme.scaled(_CHART_PX))
        self.remarks = label("", "secondary", self, wrap=True)
        self._lay_out()

    def show_weight(self, weight: LoadedWeight) -> None:
        """Show another weight's figures."""
        self._title.set_text(f"{weight.layer} / {weight.name}")
        for caption, text in figures(weight.statistics).items():
            self._figures[caption].setText(text)
        self._chart.set_bars(weight.histogram.edges, weight.histogram.counts)
        self.remarks.setText("\n".join(all_remarks(weight)))
        self.remarks.setVisible(bool(self.remarks.text()))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._title)
        column.addLayout(self._grid())
        column.addWidget(self._chart)
        column.addWidget(self.remarks)

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        for row, caption in enumerate(_CAPTIONS):
            self._figures[caption] = label("", "secondary", self)
            self._figures[caption].setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(label(caption, "secondary", self), row, 0)
            grid.addWidget(self._figures[caption], row, 1)
        grid.setColumnStretch(1, 1)
        return grid


def figures(found: Statistics) -> dict[str, str]:
    """The figures in words, by caption."""
    low, high, mean, std = map(legend_text, (found.lowest, found.highest, found.mean, found.std))
    texts = [crossed(shown(found.shape)), f"{low} to {high}", f"{mean} ± {std}", f"{found.zero_share:.1%}"]
    return dict(zip(_CAPTIONS, texts, strict=True))


def all_remarks(weight: LoadedWeight) -> tuple[str, ...]:
    """What is odd about a weight: numbers that are not finite, dead and constant filters."""
    if not weight.statistics.not_finite:
        return weight.remarks
    broken = f"{weight.statistics.not_finite:,} numbers are not finite (NaN or infinite)."
    return (broken, *weight.remarks)
