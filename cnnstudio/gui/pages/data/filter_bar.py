"""Which samples are looked through: of a part, of a class, with a text in their names."""

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

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
_SUBSETS: tuple[tuple[Subset, str], ...] = (
    *((part, part.capitalize()) for part in PARTS),
    ("corrected", "Put right"),
)
_TYPING_MS = 200
"""A pause in typing after which the names are looked through."""
_TEXT_PX = 190


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
        count = len({*data.choice.corrections.relabelled, *data.choice.corrections.left_out})
        self.of.button("corrected").setText(f"Put right {count:,}" if count else "Put right")
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _lay_out(self) -> None:
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self._grid.setColumnStretch(3, 1)
        self._found = QWidget(self)
        row = QHBoxLayout(self._found)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        for widget in (self.hits, self.more):
            row.addWidget(widget)
        self._theme.changed.connect(self._arrange)
        self._arrange()

    @Slot()
    def _arrange(self) -> None:
        """All on one line where there is room, else in two or three."""
        text, left = self._theme.scaled(_TEXT_PX), Qt.AlignmentFlag.AlignLeft
        self.text.setMinimumWidth(text // 2)
        self.text.setMaximumWidth(text)
        of, classes, found = (
            one.sizeHint().width() + self._grid.spacing() for one in (self.of, self.class_filter, self._found)
        )
        is_one = of + classes + text // 2 + found <= self.width()
        is_two = classes + text // 2 + found <= self.width()
        self._grid.addWidget(self.of, 0, 0, 1, 1 if is_one else 4, left)
        self._grid.addWidget(self.class_filter, 0 if is_one else 1, 1 if is_one else 0, left)
        self._grid.addWidget(self.text, 0 if is_one else 1, 2 if is_one else 1)
        place = (0, 3, 1, 1) if is_one else (1, 2, 1, 2) if is_two else (2, 0, 1, 4)
        self._grid.addWidget(self._found, *place)

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
