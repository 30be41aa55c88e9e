"""The right side of the page: one run, while it goes and after it."""

from pathlib import Path

from PySide6.QtCore import QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from cnnstudio.core.tasks.metrics import metric
from cnnstudio.engine.runs.findings import run_findings
from cnnstudio.engine.runs.scale import ACCURACY, LOSS, scale_of
from cnnstudio.engine.runs.story import Story
from cnnstudio.gui.pages.train.curves import CurvePlot
from cnnstudio.gui.pages.train.figures import Figures, ProgressHead
from cnnstudio.gui.pages.train.log import LogView
from cnnstudio.gui.pages.train.notice import Notice
from cnnstudio.gui.pages.train.patience import PatienceBar
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.elided import ElidedLabel
from cnnstudio.gui.widgets.icon_button import IconButton
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.message_bar import MessageBar
from cnnstudio.gui.widgets.push_button import PushButton

_LOG_PX = 190
_LEAST_LOG_PX = 104
_LEAST_PLOT_PX = 170
_NARROW_PX = 560


class RunView(QWidget):
    """Progress, figures, curves and log; `show_story` redraws all of it but the log.

    Signals:
        inspect_requested(Path): show the weights of the best epoch.
        failed(str): what was asked for could not be done; one sentence.
    """

    inspect_requested = Signal(object)
    failed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._metric = "accuracy"
        self._folder: Path | None = None
        self._best: Path | None = None
        self.failure = MessageBar(theme, self)
        self.head = ProgressHead(self)
        self.patience = PatienceBar(self)
        self.figures = Figures(self)
        self.verdict = Notice(theme, self)
        self.loss = CurvePlot("Loss", "loss", LOSS, theme, self)
        self.second = CurvePlot("Accuracy", "accuracy", ACCURACY, theme, self)
        self.log = LogView(theme, self)
        self.folder = ElidedLabel("hint", parent=self)
        self.copy_button = IconButton(theme, "copy", "Copy the path of the run folder", size=15, parent=self)
        self.open_button = PushButton(theme, "Open run folder", "folder-open", "plain", self)
        self.inspect_button = PushButton(theme, "Inspect best weights", "microscope", "plain", self)
        self._lay_out()
        self._connect()
        self._on_theme_changed()

    def begin(self, metric_name: str) -> None:
        """Forget the run before; the second plot is of this metric."""
        self._metric = metric_name
        self.second.show_metric(metric(metric_name).title, metric_name, scale_of(metric_name))
        self.figures.show_metric(metric_name)
        self.log.lines.clear()
        self.failure.hide()
        self._best = None

    def show_story(self, story: Story, stopping: bool) -> None:
        """Draw the run as it stands."""
        self.head.show_story(story, stopping)
        self.patience.show_story(story)
        self.figures.show_story(story)
        self.verdict.say("\n".join(finding.message for finding in run_findings(story)))
        self.loss.show_lines(story.lines("loss"))
        self.second.show_lines(story.lines(self._metric))
        self._show_folder(story)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Put the plots, and the figures, below each other where they would be cut side by side."""
        narrow = self.width() < self._theme.scaled(_NARROW_PX)
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._plots.setDirection(down if narrow else across)
        self.figures.arrange(narrow)

    def _show_folder(self, story: Story) -> None:
        self._folder, self._best = story.folder, story.best_path
        self.folder.set_text(story.folder.name if story.folder else "", str(story.folder or ""))
        for button in (self.open_button, self.copy_button):
            button.setEnabled(story.folder is not None)
        self.inspect_button.setEnabled(story.best_path is not None)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        for widget in (self.failure, self.head, self.patience, self.figures, self.verdict):
            column.addWidget(widget)
        self._plots = plots = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        plots.setSpacing(12)
        for plot in (self.loss, self.second):
            plots.addWidget(plot, 1)
        column.addLayout(plots, 1)
        self._log_card = self._make_log_card()
        column.addWidget(self._log_card)

    def _make_log_card(self) -> QFrame:
        card = QFrame(self)
        card.setProperty("surface", "well")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label("Run log", "heading", card))
        head.addWidget(self.folder, 1)
        head.addWidget(self.copy_button)
        head.addWidget(self.open_button)
        head.addWidget(self.inspect_button)
        column = QVBoxLayout(card)
        column.setContentsMargins(14, 8, 8, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.log, 1)
        return card

    @Slot()
    def _on_theme_changed(self) -> None:
        # The log gives way before the plots do, and never takes more than it needs.
        self._log_card.setMinimumHeight(self._theme.scaled(_LEAST_LOG_PX))
        self._log_card.setMaximumHeight(self._theme.scaled(_LOG_PX))
        for plot in (self.loss, self.second):
            plot.setMinimumHeight(self._theme.scaled(_LEAST_PLOT_PX))
        self._arrange()

    def _connect(self) -> None:
        self._theme.changed.connect(self._on_theme_changed)
        self.loss.epoch_read.connect(self.second.show_reading)
        self.second.epoch_read.connect(self.loss.show_reading)
        self.loss.best_opened.connect(self._on_inspect)
        self.second.best_opened.connect(self._on_inspect)
        self.inspect_button.clicked.connect(self._on_inspect)
        self.open_button.clicked.connect(self._on_open_folder)
        self.copy_button.clicked.connect(self._on_copy_path)

    @Slot()
    def _on_inspect(self) -> None:
        if self._best is not None:
            self.inspect_requested.emit(self._best)

    @Slot()
    def _on_open_folder(self) -> None:
        if self._folder is not None and not QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder))):
            self.failed.emit(f"No program here opens folders. The run is in {self._folder}.")

    @Slot()
    def _on_copy_path(self) -> None:
        QGuiApplication.clipboard().setText(str(self._folder))
