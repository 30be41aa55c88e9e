"""The middle of the page: the classes, and the samples to look through and put right."""

from PySide6.QtCore import QPoint, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from cnnstudio.engine.data.dataset import Dataset
from cnnstudio.engine.data.images import Indices
from cnnstudio.engine.data.looking import Wanted, rows_of
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.jobs import BackgroundJobs
from cnnstudio.gui.pages.data.class_card import ClassCard
from cnnstudio.gui.pages.data.filter_bar import FilterBar
from cnnstudio.gui.pages.data.grid import SampleGrid
from cnnstudio.gui.pages.data.linter_panel import LinterPanel
from cnnstudio.gui.pages.data.put_right import PutRight
from cnnstudio.gui.pages.data.samples import Shown
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.scroll import scrolled

_LEAST_PX = 350
_LEAST_GRID_PX = 200
_LOW_PX = 620
"""The height of a browser from which on it has room for all."""
_AROUND_PX = 84
"""What margins, frames and the scroll bar take of the width."""


class DataBrowser(QWidget):
    """Shows one data set. What takes a disk or a decoder is done in threads.

    Signals:
        sample_chosen(Sample): another sample is to be looked at; None when there is none.
        sample_refused(str): the one that was chosen cannot be read; why, in one sentence.
    """

    sample_chosen = Signal(object)
    sample_refused = Signal(str)

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_low: bool | None = None
        self._data: Dataset | None = None
        self._named: tuple[str, ...] = ()
        self.classes = ClassCard(document, theme, self)
        self.filter = FilterBar(theme, self)
        self.linter = LinterPanel(document, theme, self)
        self.grid = SampleGrid(theme, self)
        self.put_right = PutRight(document, theme, self)
        self._search = BackgroundJobs(self)
        self._reading = BackgroundJobs(self)
        self._lay_out()
        # Less than its parts want: they are arranged anew where there is less room.
        self.setMinimumWidth(_LEAST_PX)
        self._connect()

    def show_data(self, data: Dataset) -> None:
        """Show another data set or another split of it; the part and class that were looked at stay."""
        self._data = data
        self.classes.show_data(data)
        self.filter.show_data(data)
        self._look()

    @property
    def is_busy(self) -> bool:
        """Whether anything that was asked for is still to come."""
        return self._search.is_busy or self._reading.is_busy or self.grid.thumbnails.is_busy

    def close_jobs(self) -> None:
        """End the threads, and wait for them."""
        self.filter.close_jobs()
        self.linter.close_jobs()
        self._search.close()
        self._reading.close()
        self.grid.thumbnails.close_jobs()
        self.put_right.close_jobs()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.filter.fit(self.width() - _AROUND_PX)
        self._arrange(self.height() < self._theme.scaled(_LOW_PX))

    def _lay_out(self) -> None:
        # In a low window the page scrolls rather than squeezing the samples.
        inner = QWidget()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(inner, self))
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(20, 6, 20, 16)
        self._column.setSpacing(12)
        self._samples = QFrame(self)
        self._samples.setProperty("surface", "well")
        inside = QVBoxLayout(self._samples)
        inside.setContentsMargins(14, 11, 14, 12)
        inside.setSpacing(8)
        inside.addWidget(self.filter)
        inside.addWidget(self.grid, 1)
        self.grid.setMinimumHeight(_LEAST_GRID_PX)
        self._arrange(is_low=False)

    def _arrange(self, is_low: bool) -> None:
        """In a low window the samples stand first, for there they would begin at its foot."""
        if is_low == self._is_low:
            return
        self._is_low = is_low
        self.classes.bars.set_low(is_low)
        above, below = (self._samples,), (self.classes, self.linter)
        for place, widget in enumerate((*above, *below) if is_low else (*below, *above)):
            self._column.insertWidget(place, widget, 1 if widget is self._samples else 0)

    def _connect(self) -> None:
        self.filter.changed.connect(self._on_filter_changed)
        self.linter.pictures_wanted.connect(self._on_pictures_wanted)
        self.filter.more.clicked.connect(self._on_more_clicked)
        self._search.finished.connect(self._on_found)
        self._reading.finished.connect(self.sample_chosen)
        self._reading.failed.connect(self.sample_refused)
        self.grid.current_changed.connect(self._on_current_changed)
        self.grid.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self.grid.key_pressed.connect(self._on_key_pressed)
        self.grid.menu_wanted.connect(self.put_right.pop_up)

    @Slot()
    def _on_filter_changed(self) -> None:
        self._named = ()
        self._look()

    @Slot(object)
    def _on_pictures_wanted(self, locators: tuple[str, ...]) -> None:
        self._named = locators
        self._look()

    @Slot()
    def _look(self) -> None:
        data, wanted = self._data, self.filter.wanted
        if data is None:
            return
        if self._named:
            wanted = Wanted(names=self._named)
        if wanted.takes_names:
            self._search.submit(lambda: (data, wanted, rows_of(data, wanted)))
            return
        self._search.submit(_nothing)
        self._show(data, wanted, rows_of(data, wanted))

    @Slot(object)
    def _on_found(self, found: tuple[Dataset, Wanted, Indices] | None) -> None:
        if found is not None:
            self._show(*found)

    def _show(self, data: Dataset, wanted: Wanted, rows: Indices) -> None:
        among = len(rows) if wanted.of == "corrected" or wanted.names else data.catalog.count(wanted.of)
        self.filter.show_hits(len(rows), among)
        self.grid.show_samples(Shown(data, rows))
        self._on_selection_changed()

    @Slot(int)
    def _on_current_changed(self, place: int) -> None:
        shown = self.grid.samples.shown
        if place < 0 or shown is None:
            self._reading.submit(_nothing)
        else:
            self._reading.submit(lambda: shown.sample(place))

    @Slot()
    def _on_selection_changed(self) -> None:
        shown = self.grid.samples.shown
        if shown is not None:
            self.put_right.choose(shown.data, shown.rows[self.grid.selected_places()])

    @Slot(str)
    def _on_key_pressed(self, meaning: str) -> None:
        match meaning:
            case "leave_out":
                self.put_right.leave_out()
            case "put_back":
                self.put_right.put_back()
            case _:
                corner = self.grid.visualRect(self.grid.currentIndex()).center()
                self.put_right.pop_up_classes(self.grid.viewport().mapToGlobal(corner))

    @Slot()
    def _on_more_clicked(self) -> None:
        button = self.filter.more
        self.put_right.pop_up(button.mapToGlobal(QPoint(0, button.height())))


def _nothing() -> None:
    """Takes the place of what is wanted no longer."""
