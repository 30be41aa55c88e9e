"""The figures of a run: progress, and a row of cards."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from cnnstudio.engine.runs import words
from cnnstudio.engine.runs.story import History
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

    def show_history(self, history: History, stopping: bool) -> None:
        """Show how far the run is; a run that is not ready yet has a bar without an end."""
        self.state.setText(words.state(history, stopping))
        waiting = not history.has_started and history.ended is None
        self.bar.setRange(0, 0 if waiting else _STEPS)
        passed = history.progress / history.epochs if history.epochs else 0.0
        if isinstance(history.ended, Finished):
            passed = 1.0
        if not waiting:
            self.bar.setValue(round(_STEPS * passed))
        self.percent.setText("" if waiting else f"{100 * passed:.0f} %")


class Figures(QWidget):
    """Four cards: the best epoch's val_loss and val_accuracy, the loss now, the time left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.best_loss = KpiCard("Best val_loss", parent=self)
        self.best_accuracy = KpiCard("val_accuracy of the best", parent=self)
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
        for index, card in enumerate((self.best_loss, self.best_accuracy, self.loss, self.time)):
            self._grid.addWidget(card, *divmod(index, columns))
            self._grid.setColumnStretch(index, int(index < columns))

    def show_history(self, history: History) -> None:
        """Show the figures of the run as it stands."""
        best = history.best
        place = f" · epoch {history.best_epoch:,}" if history.best_epoch else ""
        self.best_loss.set_value(words.NONE if best is None else f"{words.number(best[0])}{place}")
        self.best_accuracy.set_value(words.share(best[1] if best else None))
        self.loss.set_value(words.number(history.current_loss))
        self.time.set_value(_time(history))


def _time(history: History) -> str:
    if history.ended is not None:
        return "done" if isinstance(history.ended, Finished) else words.NONE
    return words.NONE if history.seconds_left is None else words.duration(history.seconds_left)
