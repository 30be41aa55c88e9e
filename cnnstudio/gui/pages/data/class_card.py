"""How many pictures each class has, what that means, and the switch that makes up for it."""

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from cnnstudio.core.project.training import TrainingSettings
from cnnstudio.core.tasks.balance import balance_words, weights_words
from cnnstudio.engine.data.dataset import Dataset
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.fields.described_row import DescribedRow
from cnnstudio.gui.fields.editor import EditorContext
from cnnstudio.gui.fields.factory import make_editor
from cnnstudio.gui.fields.model_rows import ModelRows
from cnnstudio.gui.pages.data.bars import ClassBars
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.labels import label

_OTHER_SETTINGS = frozenset(TrainingSettings.model_fields) - {"class_weights"}


class ClassCard(QFrame):
    """Bars of the classes; where these are not balanced, the setting that weighs them and its numbers."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.setProperty("surface", "well")
        self.balance = label("", "secondary", self, wrap=True)
        self.bars = ClassBars(theme, self)
        make_row = partial(DescribedRow, context=EditorContext(theme, False, make_editor))
        self.switch = ModelRows(TrainingSettings, make_row, self._apply, 0, self, _OTHER_SETTINGS)
        self.weights = label("", "secondary", self, wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 11, 14, 12)
        column.setSpacing(6)
        column.addWidget(label("Images per class", "heading", self))
        for widget in (self.balance, self.bars):
            column.addWidget(widget)
        # Beside each other: in a low window the samples need the height.
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addWidget(self.switch)
        row.addWidget(self.weights, 1)
        column.addLayout(row)
        self.switch.finished.connect(document.end_gesture)
        document.changed.connect(self._on_document_changed)
        self._on_document_changed()

    def show_data(self, data: Dataset) -> None:
        """Show the classes of another data set, or of another split of it."""
        names, counts = data.catalog.class_names, data.catalog.counts
        # Where pixels have classes and whole pictures have none, there is nothing to count.
        self.setVisible(len(names) > 1)
        self.bars.show_counts(names, counts)
        totals = counts[:, :2].sum(axis=1).tolist()
        self.balance.setText(balance_words(names, totals))
        trained_on = counts[:, 0].tolist()
        self.weights.setText(weights_words(names, trained_on))
        is_uneven = min(trained_on) < max(trained_on)
        self.switch.setVisible(is_uneven and bool(self.switch.rows))
        self.weights.setVisible(is_uneven and bool(self.switch.rows))

    @Slot(str, object)
    def _apply(self, _name: str, training: TrainingSettings) -> None:
        self._document.apply("Weigh the classes", self._document.project.with_training(training))

    @Slot()
    def _on_document_changed(self) -> None:
        self.switch.show_model(self._document.project.training)
