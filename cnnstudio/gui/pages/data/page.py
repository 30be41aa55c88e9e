"""The Data page: what the network learns from."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Event as Flag
from typing import TypeAlias

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import Source
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.cache import CACHE
from cnnstudio.engine.data.dataset import Dataset
from cnnstudio.engine.interpret.augmented import draws
from cnnstudio.engine.interpret.choices import DataPicture
from cnnstudio.engine.training.stopping import ShouldStop
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.jobs import BackgroundJobs
from cnnstudio.gui.fields.refused import Refused, first_refused
from cnnstudio.gui.pages.data.augmentation import Draw
from cnnstudio.gui.pages.data.browser import DataBrowser
from cnnstudio.gui.pages.data.choice_panel import ChoicePanel
from cnnstudio.gui.pages.data.offer import NetworkOffer
from cnnstudio.gui.pages.data.sample_panel import SamplePanel
from cnnstudio.gui.pages.data.samples import Sample
from cnnstudio.gui.pages.data.summary import SummaryCard
from cnnstudio.gui.pages.page import Page
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.empty_state import EmptyState

_PATIENCE_MS = 300
"""How long the images of before stay, while those of now are read."""
_NO_DATA = "Take a data set on the left, or drop a folder with a folder of pictures for each class."
_FIT = "The network learns from the pictures in {} now."


Load: TypeAlias = Callable[[DataChoice, ShouldStop], Dataset]


def _browsed(choice: DataChoice, should_stop: ShouldStop) -> Dataset:
    """Another split or a correction need not wait for a slow disk to be asked again what is there."""
    return datasets.load(choice, should_stop, browsing=True)


class DataPage(Page):
    """Shows the document's data set, read in a worker thread, for the first time when the page is shown.

    Signals:
        taken(): something of the person's own is the data set now.
        picture_chosen(DataPicture): the person looks at another picture.
        memory_chosen(int): decoded pictures may take so many megabytes from now on.
    """

    taken = Signal()
    picture_chosen = Signal(object)
    memory_chosen = Signal(int)

    def __init__(
        self,
        document: Document,
        theme: Theme,
        parent: QWidget | None = None,
        load: Load = _browsed,
        draw: Draw = draws,
    ) -> None:
        super().__init__(parent)
        self._document, self._load = document, load
        self._wanted: DataChoice | None = None
        self._data: Dataset | None = None
        self._note = ""
        self._stop = Flag()
        self._jobs = BackgroundJobs(self)
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self.choice = ChoicePanel(document, theme, self)
        self.summary = SummaryCard(theme, self)
        self.offer = NetworkOffer(document, self)
        self.browser = DataBrowser(document, theme, self)
        self.sample = SamplePanel(document, theme, self, draw)
        self.loading = EmptyState(theme, "database", "Reading the images…", "", parent=self)
        self.failure = EmptyState(theme, "circle-alert", "The data set cannot be read", "", "Try again", self)
        self.empty = EmptyState(theme, "database", "Choose data", _NO_DATA, parent=self)
        self._middle = QStackedWidget(self)
        self._lay_out()
        self._connect()

    def use(self, path: Path) -> None:
        """Look through a folder or file, and learn from it if it is a data set."""
        if not self.isVisible():
            self.message.emit("info", f"Looking through {path.name}…")
        self.choice.search.look_through(path)

    def refused(self) -> Refused | None:
        return first_refused(self.choice)

    def close_jobs(self) -> None:
        self._stop.set()
        self._patience.stop()
        self._jobs.close()
        self.browser.close_jobs()
        self.sample.augmentation.close_jobs()
        self.choice.close_jobs()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._on_document_changed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        for panel in (self.choice, self.sample):
            panel.fit(event.size().width())
        super().resizeEvent(event)

    def _lay_out(self) -> None:
        for widget in (self.loading, self.browser, self.failure, self.empty):
            self._middle.addWidget(widget)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.choice)
        row.addLayout(self._column(), 1)
        row.addWidget(self.sample)
        self.sample.hide()

    def _column(self) -> QVBoxLayout:
        """What is known of the data at once, above what has to be read."""
        head = QVBoxLayout()
        head.setContentsMargins(20, 16, 20, 6)
        head.setSpacing(12)
        for widget in (self.offer, self.summary):
            head.addWidget(widget)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._middle, 1)
        return column

    def _connect(self) -> None:
        self._document.changed.connect(self._on_document_changed)
        self._jobs.finished.connect(self._on_loaded)
        self._jobs.failed.connect(self._on_failed)
        self._patience.timeout.connect(self._on_reading_takes_long)
        self.choice.search.taken.connect(self._on_taken)
        self.choice.search.failed.connect(self._on_refused)
        self.failure.activated.connect(self._on_try_again)
        self.browser.sample_chosen.connect(self._on_sample_chosen)
        self.browser.sample_refused.connect(self.sample.show_refusal)
        self.browser.grid.thumbnails.came.connect(self._on_pictures_came)
        self.choice.memory.chosen.connect(self._on_memory_chosen)
        self.browser.put_right.done.connect(self._on_written)
        self.browser.put_right.failed.connect(self._on_write_failed)

    @Slot()
    def _on_document_changed(self) -> None:
        """Read again when other images are asked for; the label form changes none of them."""
        choice = self._document.project.data
        if not self.isVisible() or choice == self._wanted:
            return
        if choice.source is None:
            self._show_nothing(choice)
            return
        if self._data is None or not _same_source(self._data.choice, choice):
            self._data = None
            self._show_loading()
        self._read(choice)

    def _show_nothing(self, choice: DataChoice) -> None:
        """Nobody has chosen data: say so once, and read nothing."""
        self._stop.set()
        # What is still being read must not answer, and only a newer job takes its answer away.
        self._jobs.submit(_nothing)
        self._wanted, self._data = choice, None
        self._patience.stop()
        self.summary.hide()
        self._show(self.empty)

    def _read(self, choice: DataChoice, load: Load | None = None) -> None:
        # What is being read is wanted no longer.
        self._stop.set()
        self._wanted, self._stop = choice, Flag()
        self.summary.show()
        if self._data is None:
            self.summary.show_choice(choice)
        read, should_stop = load or self._load, self._stop.is_set
        self._jobs.submit(lambda: read(choice, should_stop))
        self._patience.start()

    @Slot(object)
    def _on_loaded(self, data: Dataset | None) -> None:
        if data is None:
            return
        self._data = data
        self._patience.stop()
        self.summary.show_data(data)
        self.browser.show_data(data)
        self._show(self.browser)
        self._on_pictures_came()

    @Slot()
    def _on_pictures_came(self) -> None:
        self._tell_of_unreadable()
        self.choice.memory.show_data(self._data)

    @Slot(int)
    def _on_memory_chosen(self, megabytes: int) -> None:
        """What keeps the pictures is as large as the memory was when they were opened."""
        self.memory_chosen.emit(megabytes)
        self._read(self._document.project.data, partial(_reopened, self._load))

    def _tell_of_unreadable(self) -> None:
        """Pictures are decoded as they are looked at, so it shows bit by bit which cannot be read."""
        note = "" if self._data is None else self._data.note
        if self._data is not None and note != self._note:
            self.summary.show_data(self._data)
            self.message.emit("warning", note)
        self._note = note

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self._data = None
        self._patience.stop()
        self.failure.set_texts("The data set cannot be read", sentence)
        self._show(self.failure)
        self.message.emit("error", sentence)

    @Slot()
    def _on_try_again(self) -> None:
        self._show_loading()
        self.message.emit("info", "")
        self._read(self._document.project.data)

    @Slot()
    def _on_reading_takes_long(self) -> None:
        self._show_loading()

    @Slot(object)
    def _on_taken(self, source: Source) -> None:
        self.taken.emit()
        if not self._jobs.is_busy:
            # The same again: its files may be other ones.
            self._read(self._document.project.data, partial(_reopened, self._load))
        # Where they do not fit each other, the offer says so.
        self.message.emit("info", "" if self.offer.is_made else _FIT.format(source.name))

    @Slot(str)
    def _on_refused(self, sentence: str) -> None:
        # Where the page is shown, the sentence stands below the cards.
        if not self.isVisible():
            self.message.emit("warning", sentence)

    @Slot(object)
    def _on_sample_chosen(self, sample: Sample | None) -> None:
        # What a fresh list shows of itself is nobody's choice.
        if sample is not None and sample.part is not None and self.browser.grid.hasFocus():
            self.picture_chosen.emit(DataPicture(sample.part, sample.index))
        if self._data is not None:
            self.sample.show_sample(sample, self._data.facts)

    @Slot(object)
    def _on_written(self, sentence: str) -> None:
        self.message.emit("info", sentence)

    @Slot(str)
    def _on_write_failed(self, sentence: str) -> None:
        self.message.emit("error", sentence)

    def _show_loading(self) -> None:
        facts = datasets.facts_of(self._document.project.data)
        count = 0 if facts is None else facts.train_count + facts.test_count
        self.loading.set_texts("Reading the images…", f"{count:,} of {facts.title}" if facts else "")
        self._show(self.loading)

    def _show(self, widget: QWidget) -> None:
        self._middle.setCurrentWidget(widget)
        self.sample.setVisible(widget is self.browser)


def _nothing() -> None:
    """What is read where no data are chosen."""


def _reopened(load: Load, choice: DataChoice, should_stop: ShouldStop) -> Dataset:
    CACHE.forget()
    return load(choice, should_stop)


def _same_source(one: DataChoice, other: DataChoice) -> bool:
    """Whether both are the same data set, whatever its size and split."""
    first, second = one.source, other.source
    return first == second or (first is not None and second is not None and first.is_at(second))
