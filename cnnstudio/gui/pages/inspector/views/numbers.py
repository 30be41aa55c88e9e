"""The numbers alone: of a weight that has no picture, and to be read beside the picture of others."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnnstudio.core.values.shape import shown
from cnnstudio.core.values.words import crossed
from cnnstudio.engine.interpret.loaded import LoadedWeight
from cnnstudio.gui.pages.inspector.views import vector
from cnnstudio.gui.pages.inspector.views.number_table import NumberTable
from cnnstudio.gui.pages.inspector.views.view import ViewKind, WeightView
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.labels import label


class NumbersView(WeightView):
    """A matrix as the grid that it is; of any other array a row per number, with its index."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = label("", "secondary", self)
        self.table = NumberTable(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.text)
        column.addWidget(self.table, 1)

    def show_weight(self, weight: LoadedWeight) -> None:
        """Show another array."""
        if weight.matrix is not None:
            self.table.show_grid(weight.values)
            rows, columns = weight.values.shape
            self.text.setText(f"{rows:,} inputs downwards, {columns:,} units to the right.")
            return
        self.table.show_list(weight.values)
        rows, part = self.table.numbers.rowCount(), ""
        if rows < weight.values.size:
            part = f", the first {rows:,} of {weight.values.size:,} shown"
        self.text.setText(f"{crossed(shown(weight.values.shape))}{part}")


def _is_no_vector(weight: LoadedWeight) -> bool:
    # The view of vectors has their numbers beside the chart.
    return not vector.VIEW.suits(weight)


VIEW = ViewKind("Numbers", _is_no_vector, NumbersView)
