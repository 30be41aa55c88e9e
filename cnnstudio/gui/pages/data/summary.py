"""What is known of the data at once, before any of them is read: kind, counts, shape, split."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.values.facts import DataFacts
from cnnstudio.core.values.words import counted
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.catalog import PARTS
from cnnstudio.engine.data.dataset import Dataset
from cnnstudio.engine.data.tensor import shape_text
from cnnstudio.gui.pages.data.bars import Split, SplitBar
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.elided import ElidedLabel
from cnnstudio.gui.widgets.labels import label


class SummaryCard(QFrame):
    """Title and figures of the data over a bar of their parts, and how they were read once they were."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "well")
        self.title = ElidedLabel("heading", parent=self)
        self.figures = ElidedLabel("secondary", parent=self)
        self.figures.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.split_bar = SplitBar(theme, self)
        self.remarks = label("", "secondary", self, wrap=True)
        self.remarks.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 11, 14, 12)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(12)
        # Both are cut where there is no room for them; the figures last.
        head.addWidget(self.title, 2)
        head.addWidget(self.figures, 3)
        column.addLayout(head)
        for widget in (self.split_bar, self.remarks):
            column.addWidget(widget)

    def show_choice(self, choice: DataChoice) -> None:
        """Show what is known of a choice that has a source, with nothing read."""
        facts = datasets.facts_of(choice)
        assert facts is not None  # it has a source
        assert choice.source is not None
        self._show_figures(choice.source.type, facts)
        self.split_bar.show_split(_promised(choice, facts))
        self.remarks.hide()

    def show_data(self, data: Dataset) -> None:
        """Show what was read: each part counted, and how it was read."""
        assert data.choice.source is not None
        self._show_figures(data.choice.source.type, data.facts)
        names, counts = data.catalog.class_names, data.catalog.counts
        self.split_bar.show_split(Split(*(data.catalog.count(part) for part in PARTS)), names, counts)
        told = [remark for remark in (*data.catalog.remarks, data.note) if remark]
        self.remarks.setText("\n".join(f"• {remark}" for remark in told))
        self.remarks.setVisible(bool(told))

    def _show_figures(self, kind: str, facts: DataFacts) -> None:
        self.title.set_text(f"{facts.title} ({kind})")
        count = facts.train_count + (facts.validation_count or 0) + facts.test_count
        shape = shape_text(tuple(size or 0 for size in facts.sample_shape))
        masks = ", with masks" if facts.has_masks else ""
        classes = counted(facts.classes, "class")
        self.figures.set_text(f"{counted(count, 'picture')} of {classes}, {shape} each{masks}")


def _promised(choice: DataChoice, facts: DataFacts) -> Split:
    """The parts as they will be shared out."""
    held_out = facts.validation_count
    if held_out is not None:
        return Split(facts.train_count, held_out, facts.test_count)
    validation = round(choice.split.validation_share * facts.train_count)
    return Split(facts.train_count - validation, validation, facts.test_count)
