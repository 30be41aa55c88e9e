"""How much of the patience of early stopping is used up, as a bar."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from cnnstudio.engine.runs import words
from cnnstudio.engine.runs.story import Story
from cnnstudio.gui.widgets.labels import label

_BAR_PX = 150


class PatienceBar(QWidget):
    """Fills with each epoch without a better val_loss; when it is full, training stops. Hidden when off."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = label("", "secondary", self, wrap=True)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(_BAR_PX)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.words, 1)
        row.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignVCenter)
        self.hide()

    def show_story(self, story: Story) -> None:
        """Show the patience of the run as it stands."""
        text = words.patience(story)
        self.setVisible(bool(text))
        if text and story.patience is not None:
            self.words.setText(text)
            self.bar.setRange(0, story.patience)
            self.bar.setValue(story.epochs_without_better)
            self.bar.setAccessibleName(text)
