"""The numbers alone, for a weight that has no picture of its own."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnnstudio.core.values.shape import shown
from cnnstudio.core.values.words import crossed
from cnnstudio.engine.interpret.loaded import LoadedWeight
from cnnstudio.gui.pages.inspector.views.number_table import NumberTable
from cnnstudio.gui.pages.inspector.views.view import ViewKind, WeightView
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.labels import label


class NumbersView(WeightView):
    """A table with the index of each number."""

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
        numbers = self.table.numbers
        numbers.set_values(weight.values)
        part = ""
        if numbers.rowCount() < weight.values.size:
            part = f", the first {numbers.rowCount():,} of {weight.values.size:,} shown"
        self.text.setText(f"{crossed(shown(weight.values.shape))}{part}")


def _takes_everything(weight: LoadedWeight) -> bool:
    return True


VIEW = ViewKind("Numbers", _takes_everything, NumbersView)
