"""What was measured: the figures as cards, below them the confusion matrix and the classes."""

from PySide6.QtCore import QModelIndex, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from cnnstudio.engine.evaluation import words
from cnnstudio.engine.evaluation.report import Report
from cnnstudio.engine.evaluation.words import Summary
from cnnstudio.gui.pages.evaluate.class_table import ClassTable
from cnnstudio.gui.pages.evaluate.matrix import ConfusionMatrix
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.kpi import KpiCard
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.segmented import Segmented

_MOST_CARDS = 4
_ALL, _NO_LIMIT = 1_000, (1 << 24) - 1
_HINT = "Rows are the truth, columns the answer."
_TABLE_PX, _WIDEST_TABLE_PX, _LEAST_MATRIX_PX = 380, 560, 420
"""Width of the table of classes, and the least of the matrix beside it: with less there is one at a time."""


class Results(QWidget):
    """Shows one report at a time; matrix and classes side by side, one of them where it is narrow."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards = [KpiCard("", parent=self) for _ in range(_MOST_CARDS)]
        for card in self.cards:
            card.setProperty("surface", "card")
        self.panel = QFrame(self)
        self.panel.setProperty("surface", "card")
        self.unit = Segmented((("counts", "Counts"), ("rows", "Rows in %")), "Cells show", self.panel)
        self.side = Segmented((("matrix", "Matrix"), ("classes", "Classes")), "Shown", self.panel)
        self.matrix = ConfusionMatrix(theme, self.panel)
        self.classes = ClassTable(self.panel)
        self._theme = theme
        self.cell = label("", "secondary", self.panel, wrap=True)
        self.sentence = label("", "body", self.panel, wrap=True)
        self._lay_out()
        self.unit.chosen.connect(self._on_unit_chosen)
        self.side.chosen.connect(self._fit)
        theme.changed.connect(self._fit)
        self.matrix.selectionModel().currentChanged.connect(self._on_current_changed)

    def show_report(self, report: Report, summary: Summary) -> None:
        """Show a report and what follows from it; without classes there is no matrix."""
        figures = [*words.figures(report), (words.images_title(report), f"{report.count:,}")]
        for card, (title, value) in zip(self.cards, figures, strict=False):
            card.set_title(title)
            card.set_value(value)
        for at, card in enumerate(self.cards):
            card.setVisible(at < len(figures))
        self.panel.setVisible(bool(report.confusion))
        if report.confusion:
            self.matrix.show_report(report, summary)
            self.classes.show_figures(summary.classes)
            self._fit()
        self.sentence.setText(summary.sentence)
        self.cell.setText(_HINT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        scaled = self._theme.scaled
        is_wide = self.width() >= scaled(_LEAST_MATRIX_PX + _TABLE_PX)
        self.side.setVisible(not is_wide)
        self.matrix.setVisible(is_wide or self.side.value() == "matrix")
        self.unit.setVisible(not self.matrix.isHidden())
        self.classes.setVisible(is_wide or self.side.value() == "classes")
        self.matrix.setMaximumWidth(self.matrix.widest if is_wide else _NO_LIMIT)
        self.classes.setMinimumWidth(scaled(_TABLE_PX) if is_wide else 0)
        self.classes.setMaximumWidth(scaled(_WIDEST_TABLE_PX) if is_wide else _NO_LIMIT)

    def _lay_out(self) -> None:
        cards = QHBoxLayout()
        cards.setSpacing(12)
        for card in self.cards:
            cards.addWidget(card, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(cards)
        column.addWidget(self.panel, 1)
        column.addStretch(0)
        self._lay_out_panel()

    def _lay_out_panel(self) -> None:
        top = QHBoxLayout()
        top.addWidget(label("Confusion matrix", "title", self.panel), 1)
        top.addWidget(self.side)
        top.addWidget(self.unit)
        row = QHBoxLayout()
        row.setSpacing(24)
        # The matrix up to its largest size; the table takes what is left.
        row.addWidget(self.matrix, _ALL)
        row.addWidget(self.classes, 10)
        row.addStretch(1)
        column = QVBoxLayout(self.panel)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self.cell)
        column.addLayout(row, _ALL)
        column.addWidget(self.sentence)

    @Slot(object)
    def _on_unit_chosen(self, unit: object) -> None:
        self.matrix.show_unit("rows" if unit == "rows" else "counts")

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            sentence = self.matrix.matrix.sentence(current.row(), current.column())
            self.cell.setText(f"{_HINT} {sentence}.")
        else:
            self.cell.setText(_HINT)
