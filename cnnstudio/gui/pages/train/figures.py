"""The figures of a run: progress, and a row of cards."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from cnnstudio.core.tasks.metrics import VALIDATION
from cnnstudio.engine.runs import words
from cnnstudio.engine.runs.story import Story
from cnnstudio.engine.training.events import Finished
from cnnstudio.gui.widgets.kpi import KpiCard
from cnnstudio.gui.widgets.labels import label

_STEPS = 1000


class ProgressHead(QWidget):
    """What the run is doing, in words and as a bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = label("", "heading", self, wrap=True)
        self.percent = label("", "secondary", self)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the training")
        row = QHBoxLayout()
        row.addWidget(self.state, 1)
        row.addWidget(self.percent, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.bar)

    def show_story(self, story: Story, stopping: bool) -> None:
        """Show how far the run is; a run that is not ready yet has a bar without an end."""
        self.state.setText(words.state(story, stopping))
        waiting = not story.has_started and story.ended is None
        self.bar.setRange(0, 0 if waiting else _STEPS)
        passed = story.progress / story.epochs if story.epochs else 0.0
        if isinstance(story.ended, Finished):
            passed = 1.0
        if not waiting:
            self.bar.setValue(round(_STEPS * passed))
        self.percent.setText("" if waiting else f"{passed:.0%}")


class Figures(QWidget):
    """Four cards: two figures of the best epoch, the loss now, the time left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._metric = "accuracy"
        self.best = KpiCard("Best val_loss", parent=self)
        self.second = KpiCard("val_accuracy of the best", parent=self)
        self.loss = KpiCard("Loss now", parent=self)
        self.time = KpiCard("Time left", parent=self)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(12)
        self._columns = 0
        self.arrange(narrow=False)

    def arrange(self, narrow: bool) -> None:
        """Stand in one row, or in two where that would cut the figures."""
        columns = 2 if narrow else 4
        if columns == self._columns:
            return
        self._columns = columns
        for index, card in enumerate((self.best, self.second, self.loss, self.time)):
            self._grid.addWidget(card, *divmod(index, columns))
            self._grid.setColumnStretch(index, int(index < columns))

    def show_metric(self, name: str) -> None:
        """Show another metric beside the loss."""
        self._metric = name
        self.second.set_title(f"{VALIDATION}{name} of the best")

    def show_story(self, story: Story) -> None:
        """Show the figures of the run as it stands."""
        best = story.best_value(story.monitor.name)
        self.best.set_title(f"Best {story.monitor.name}")
        place = f" · epoch {story.best_epoch:,}" if story.best_epoch else ""
        text = words.figure(story.monitor.name, best)
        self.best.set_value(words.NONE if best is None else f"{text}{place}")
        name = VALIDATION + self._metric
        self.second.set_value(words.figure(name, story.best_value(name)))
        self.loss.set_value(words.number(story.current_loss))
        self.time.set_value(_time(story))


def _time(story: Story) -> str:
    if story.ended is not None:
        return "done" if isinstance(story.ended, Finished) else words.NONE
    return words.NONE if story.seconds_left is None else words.duration(story.seconds_left)
