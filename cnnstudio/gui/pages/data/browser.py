"""The middle of the page: the split, the classes, and the samples to look through."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cnnstudio.engine.data.catalog import PARTS
from cnnstudio.engine.data.dataset import Dataset
from cnnstudio.gui.pages.data.bars import ClassBars, Split, SplitBar
from cnnstudio.gui.pages.data.grid import SampleGrid
from cnnstudio.gui.pages.data.samples import PAGE
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.elided import ElidedLabel
from cnnstudio.gui.widgets.icon_button import IconButton
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.round_combo import RoundCombo
from cnnstudio.gui.widgets.scroll import scrolled
from cnnstudio.gui.widgets.segmented import Segmented

_ALL = "All classes"
_Place = tuple[int, int, int, int]
# Where the part, the class and the page stand in the grid (row, column, rows, columns).
_ONE_LINE: tuple[_Place, _Place, _Place] = (0, 0, 1, 1), (0, 1, 1, 1), (0, 2, 1, 1)
_TWO_LINES: tuple[_Place, _Place, _Place] = (0, 0, 1, 3), (1, 0, 1, 1), (1, 1, 1, 2)
_THREE_LINES: tuple[_Place, _Place, _Place] = (0, 0, 1, 3), (1, 0, 1, 3), (2, 0, 1, 3)
_LEAST_PX = 350
_LEAST_GRID_PX = 180
_ROOM_PX = 90
"""What margins, frames and gaps take of the width."""


class DataBrowser(QWidget):
    """Shows one data set.

    Signals:
        sample_chosen(Sample): another sample is to be looked at; None when there is none.
    """

    sample_chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: Dataset | None = None
        self.split_bar = SplitBar(theme, self)
        self.class_bars = ClassBars(theme, self)
        self.remarks = label("", "secondary", self, wrap=True)
        self.balance = ElidedLabel("secondary", parent=self)
        self.part = Segmented([(part, part.capitalize()) for part in PARTS], "Part of the data", self)
        self._pager = QWidget(self)
        self.class_filter = RoundCombo(self)
        self.class_filter.setSizeAdjustPolicy(RoundCombo.SizeAdjustPolicy.AdjustToContents)
        self.class_filter.setAccessibleName("Class of the samples")
        self.range = label("", "secondary", self)
        self.previous = IconButton(theme, "chevron-left", "Previous samples", size=16, parent=self)
        self.next = IconButton(theme, "chevron-right", "Next samples", size=16, parent=self)
        self.grid = SampleGrid(theme, self)
        self._lay_out()
        # Less than its parts want: they are arranged anew where there is less room.
        self.setMinimumWidth(_LEAST_PX)
        self._connect()

    def show_data(self, data: Dataset) -> None:
        """Show another data set or another split of it; the part and class that were looked at stay."""
        self._data = data
        split = Split(*(data.catalog.count(part) for part in PARTS))
        self.split_bar.show_split(split)
        self.class_bars.show_counts(data.catalog.class_names, data.catalog.counts)
        self.balance.set_text(_balance(data))
        told = [remark for remark in (*data.catalog.remarks, data.note) if remark]
        self.remarks.setText("\n".join(f"• {remark}" for remark in told))
        self.remarks.setVisible(bool(told))
        self._fill_filter(data)
        self._show_page(0)

    def _fill_filter(self, data: Dataset) -> None:
        names = [_ALL, *data.catalog.class_names]
        if names == [self.class_filter.itemText(row) for row in range(self.class_filter.count())]:
            return
        with QSignalBlocker(self.class_filter):
            self.class_filter.clear()
            self.class_filter.addItems(names)

    def _lay_out(self) -> None:
        # In a low window the page scrolls rather than squeezing the samples.
        inner = QWidget()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(inner, self))
        column = QVBoxLayout(inner)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        self.remarks.hide()
        column.addWidget(_card(label("Split", "heading", self), self.split_bar, self.remarks))
        head = QWidget(self)
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label("Images per class", "heading", head))
        row.addWidget(self.balance, 1)
        self.balance.setAlignment(Qt.AlignmentFlag.AlignRight)
        column.addWidget(_card(head, self.class_bars))
        samples = _card(self._samples_head(), self.grid)
        self.grid.setMinimumHeight(_LEAST_GRID_PX)
        column.addWidget(samples, 1)

    def _samples_head(self) -> QWidget:
        head = QWidget(self)
        self._head = QGridLayout(head)
        self._head.setContentsMargins(0, 0, 0, 0)
        self._head.setSpacing(8)
        self._head.setColumnStretch(2, 1)
        row = QHBoxLayout(self._pager)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addStretch(1)
        for widget in (self.range, self.previous, self.next):
            row.addWidget(widget)
        self._arrange(_ONE_LINE)
        return head

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() - _ROOM_PX
        part, choice, pager = (one.sizeHint().width() for one in (self.part, self.class_filter, self._pager))
        fits = part + choice + pager <= room, choice + pager <= room
        self._arrange(_ONE_LINE if fits[0] else _TWO_LINES if fits[1] else _THREE_LINES)

    def _arrange(self, places: tuple[_Place, _Place, _Place]) -> None:
        """Put class and page beside the part of the data, or below it where there is no room."""
        choices, pager = places[:2], places[2]
        for widget, place in zip((self.part, self.class_filter), choices, strict=True):
            self._head.addWidget(widget, *place, Qt.AlignmentFlag.AlignLeft)
        self._head.addWidget(self._pager, *pager)

    def _connect(self) -> None:
        self.part.chosen.connect(self._on_filter_changed)
        self.class_filter.currentIndexChanged.connect(self._on_filter_changed)
        self.previous.clicked.connect(self._on_previous)
        self.next.clicked.connect(self._on_next)
        self.grid.sample_chosen.connect(self.sample_chosen)

    def _show_page(self, page: int) -> None:
        if self._data is None:
            return
        samples = self.grid.samples
        part = next(part for part in PARTS if part == self.part.value())
        chosen = self.class_filter.currentIndex() - 1
        samples.show_samples(self._data, part, chosen if chosen >= 0 else None, page)
        first = samples.page * PAGE
        last = first + samples.rowCount()
        self.range.setText(f"{min(first + 1, last):,}–{last:,} of {samples.total:,}")
        self.previous.setEnabled(samples.page > 0)
        self.next.setEnabled(samples.page + 1 < samples.pages)

    @Slot()
    def _on_filter_changed(self) -> None:
        self._show_page(0)

    @Slot()
    def _on_previous(self) -> None:
        self._show_page(self.grid.samples.page - 1)

    @Slot()
    def _on_next(self) -> None:
        self._show_page(self.grid.samples.page + 1)


def _balance(data: Dataset) -> str:
    totals = data.catalog.counts[:, :2].sum(axis=1)
    fewest, most = int(totals.min()), int(totals.max())
    if most == fewest:
        return f"Balanced: {most:,} of every class."
    if most <= 1.1 * fewest:
        return f"Balanced: {fewest:,} to {most:,} of every class."
    return f"Not balanced: {fewest:,} to {most:,} of a class."


def _card(head: QLabel | QWidget, content: QWidget, foot: QWidget | None = None) -> QFrame:
    card = QFrame()
    card.setProperty("surface", "well")
    column = QVBoxLayout(card)
    column.setContentsMargins(14, 11, 14, 12)
    column.setSpacing(8)
    column.addWidget(head)
    column.addWidget(content, 1)
    if foot is not None:
        column.addWidget(foot)
    return card
