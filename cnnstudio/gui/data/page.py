"""The Data page: what the network learns from."""

from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from cnnstudio.core.data import DataChoice
from cnnstudio.engine import datasets
from cnnstudio.engine.datasets import Dataset
from cnnstudio.gui.data.browser import DataBrowser
from cnnstudio.gui.data.choice_panel import ChoicePanel
from cnnstudio.gui.data.sample_panel import SamplePanel
from cnnstudio.gui.data.samples import Sample
from cnnstudio.gui.document import Document
from cnnstudio.gui.jobs import BackgroundJobs
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.empty_state import EmptyState


class DataPage(QWidget):
    """Shows the document's data set, read in a worker thread, for the first time when the page is shown.

    Signals:
        message(str, str): severity and sentence.
    """

    message = Signal(str, str)

    def __init__(
        self,
        document: Document,
        theme: Theme,
        parent: QWidget | None = None,
        load: Callable[[DataChoice], Dataset] = datasets.load,
    ) -> None:
        super().__init__(parent)
        self._document, self._load = document, load
        self._wanted: DataChoice | None = None
        self._data: Dataset | None = None
        self._jobs = BackgroundJobs(self)
        self.choice = ChoicePanel(document, theme, self)
        self.browser = DataBrowser(theme, self)
        self.sample = SamplePanel(document, theme, self)
        self.loading = EmptyState(theme, "database", "Reading the images…", "", parent=self)
        self.failure = EmptyState(theme, "circle-alert", "The data set cannot be read", "", "Try again", self)
        self._middle = QStackedWidget(self)
        self._lay_out()
        self._connect()

    def close_jobs(self) -> None:
        """Wait for what is being read; call it before the page goes."""
        self._jobs.close()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._on_document_changed()

    def _lay_out(self) -> None:
        for widget in (self.loading, self.browser, self.failure):
            self._middle.addWidget(widget)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.choice)
        row.addWidget(self._middle, 1)
        row.addWidget(self.sample)
        self.sample.hide()

    def _connect(self) -> None:
        self._document.changed.connect(self._on_document_changed)
        self._jobs.finished.connect(self._on_loaded)
        self._jobs.failed.connect(self._on_failed)
        self.failure.activated.connect(self._on_try_again)
        self.browser.sample_chosen.connect(self._on_sample_chosen)

    @Slot()
    def _on_document_changed(self) -> None:
        """Read again when other images are asked for; the label form changes none of them."""
        choice = self._document.project.data
        if not self.isVisible() or (self._wanted is not None and _same_images(choice, self._wanted)):
            return
        if self._data is None or self._data.choice.kind != choice.kind:
            self._show(self.loading)
        self._read(choice)

    def _read(self, choice: DataChoice) -> None:
        self._wanted = choice
        load = self._load
        self._jobs.submit(lambda: load(choice))

    @Slot(object)
    def _on_loaded(self, data: Dataset) -> None:
        self._data = data
        self.browser.show_data(data)
        self._show(self.browser)

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self._data = None
        self.failure.set_texts("The data set cannot be read", sentence)
        self._show(self.failure)
        self.message.emit("error", sentence)

    @Slot()
    def _on_try_again(self) -> None:
        self._show(self.loading)
        self._read(self._document.project.data)

    @Slot(object)
    def _on_sample_chosen(self, sample: Sample | None) -> None:
        if self._data is not None:
            self.sample.show_sample(sample, self._data.facts)

    def _show(self, widget: QWidget) -> None:
        self._middle.setCurrentWidget(widget)
        self.sample.setVisible(widget is self.browser)


def _same_images(one: DataChoice, other: DataChoice) -> bool:
    return one.model_copy(update={"labels": other.labels}) == other
