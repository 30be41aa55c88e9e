"""Which samples are looked through: of a part, of a class, with a text in their names."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from cnnstudio.core.project.corrections import corrected
from cnnstudio.engine.data.catalog import PARTS
from cnnstudio.engine.data.dataset import Dataset
from cnnstudio.engine.data.looking import Subset, Wanted
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.clear_action import ClearAction
from cnnstudio.gui.widgets.icon_button import IconButton
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.round_combo import RoundCombo
from cnnstudio.gui.widgets.segmented import Segmented
from cnnstudio.gui.widgets.undo_keys import UndoKeys

_ALL = "All classes"
_FULL: Mapping[Subset, str] = {**{part: part.capitalize() for part in PARTS}, "corrected": "Put right"}
_SHORT: Mapping[Subset, str] = {
    "training": "Train",
    "validation": "Val",
    "test": "Test",
    "corrected": "Edited",
}
_SUBSETS: tuple[tuple[Subset, str], ...] = tuple(_FULL.items())
_TYPING_MS = 200
"""A pause in typing after which the names are looked through."""
_TEXT_PX, _GAP_PX = 190, 8


class FilterBar(QWidget):
    """Says what is looked for; `hits` tells how many there are.

    Signals:
        changed(): something else is looked for.
    """

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.of = Segmented(_SUBSETS, "Part of the data", self)
        self.of.button("corrected").setToolTip("Pictures that were given another class or left out")
        self.class_filter = RoundCombo(self)
        self.class_filter.setSizeAdjustPolicy(RoundCombo.SizeAdjustPolicy.AdjustToContents)
        self.class_filter.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.class_filter.setAccessibleName("Class of the samples")
        self.text = QLineEdit(self)
        self.text.setPlaceholderText("Name of a file…")
        self.text.setAccessibleName("Text in the names of the samples")
        ClearAction(self.text, theme)
        UndoKeys(self.text, self.text)
        self.hits = label("", "secondary", self)
        self.more = IconButton(theme, "pencil", "Put the chosen pictures right", size=16, parent=self)
        self._room = self._corrected = 0
        self._placed: tuple[tuple[QWidget, ...], ...] = ()
        self._pause = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._lay_out()
        self._connect()

    @property
    def wanted(self) -> Wanted:
        """What is looked for."""
        number = self.class_filter.currentIndex() - 1
        subset = next(subset for subset, _ in _SUBSETS if subset == self.of.value())
        return Wanted(subset, number if number >= 0 else None, self.text.text().strip())

    def show_data(self, data: Dataset) -> None:
        """Offer the classes of another data set; the part and class that were looked at stay."""
        self._corrected = len(corrected(data.choice))
        self._arrange()
        names = [_ALL, *data.catalog.class_names]
        if names == [self.class_filter.itemText(row) for row in range(self.class_filter.count())]:
            return
        with QSignalBlocker(self.class_filter):
            self.class_filter.clear()
            self.class_filter.addItems(names)

    def show_hits(self, count: int, of: int) -> None:
        """Say how many samples there are, and among how many."""
        self.hits.setText(f"{count:,} of {of:,}" if count != of else f"{count:,}")
        self.hits.setAccessibleName(f"{count:,} of {of:,} samples")

    def close_jobs(self) -> None:
        """Look for nothing any more."""
        self._pause.stop()

    def fit(self, room: int) -> None:
        """Arrange all in so many pixels."""
        self._room = room
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        """The least of all arrangements: with that of the present one it could not be made narrower."""
        chosen = self.class_filter.sizeHint().width() + _GAP_PX + self.text.minimumWidth()
        least = max(self._width_of(_SHORT), chosen, self._found.sizeHint().width())
        return QSize(least, super().minimumSizeHint().height())

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP_PX)
        self._lines = [QHBoxLayout() for _ in range(3)]
        for line in self._lines:
            line.setSpacing(_GAP_PX)
            column.addLayout(line)
        self._found = QWidget(self)
        row = QHBoxLayout(self._found)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        for widget in (self.hits, self.more):
            row.addWidget(widget)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            # One of the parts wants another width: there are other classes, or text is larger.
            self._arrange()
        return done

    @Slot()
    def _arrange(self) -> None:
        """All on one line where there is room, else in two or three."""
        self._name_parts(_FULL if self._width_of(_FULL) <= self._room else _SHORT)
        text = self._theme.scaled(_TEXT_PX)
        self.text.setMinimumWidth(text // 2)
        self.text.setMaximumWidth(text)
        of, classes, found = (
            one.sizeHint().width() + _GAP_PX for one in (self.of, self.class_filter, self._found)
        )
        chosen = classes + text // 2 + _GAP_PX
        if of + chosen + found <= self._room:
            self._place((self.of, self.class_filter, self.text, self._found))
        elif chosen + found <= self._room:
            self._place((self.of,), (self.class_filter, self.text, self._found))
        else:
            self._place((self.of,), (self.class_filter, self.text), (self._found,))

    def _place(self, *lines: tuple[QWidget, ...]) -> None:
        if lines == self._placed:
            return
        self._placed = lines
        for line, widgets in zip(self._lines, lines, strict=False):
            for widget in widgets:
                line.addWidget(widget, 0 if widget in (self.of, self.class_filter) else 1)
            line.setAlignment(self.of, Qt.AlignmentFlag.AlignLeft)

    def _width_of(self, titles: Mapping[Subset, str]) -> int:
        """How wide the choice of the part is with these titles."""
        measure = self.of.button("training").fontMetrics().horizontalAdvance
        now = sum(measure(self.of.button(subset).text()) for subset in titles)
        wanted = sum(measure(self._titled(subset, title)) for subset, title in titles.items())
        return self.of.sizeHint().width() - now + wanted

    def _titled(self, subset: Subset, title: str) -> str:
        return f"{title} {self._corrected:,}" if subset == "corrected" and self._corrected else title

    def _name_parts(self, titles: Mapping[Subset, str]) -> None:
        for subset, title in titles.items():
            self.of.button(subset).setText(self._titled(subset, title))

    def _connect(self) -> None:
        self.of.chosen.connect(self.changed)
        self.class_filter.currentIndexChanged.connect(self.changed)
        self.text.textChanged.connect(self._on_text_changed)
        self.text.returnPressed.connect(self._pause.stop)
        self.text.returnPressed.connect(self.changed)
        self._pause.timeout.connect(self.changed)

    @Slot()
    def _on_text_changed(self) -> None:
        self._pause.start()
