"""Cards in as many columns as fit."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

_GAP = 14


class CardGrid(QWidget):
    """Widgets of one size that share the width, line by line; tab follows the same order."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: list[QWidget] = []
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_GAP)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignTop)

    @property
    def columns(self) -> int:
        """How many cards stand beside each other."""
        return self._columns

    def show_cards(self, cards: Sequence[QWidget]) -> None:
        """Put these cards in the place of the present ones."""
        for old in self._cards:
            self._grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._cards = list(cards)
        self._columns = 0
        self._arrange()
        # A layout shows what is put into it a turn of the event loop later, too late to take the keyboard.
        for card in self._cards:
            card.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        if not self._cards:
            return
        step = self._cards[0].sizeHint().width() + _GAP
        columns = max(1, (self.width() + _GAP) // step)
        if columns == self._columns:
            return
        for at in range(max(columns, self._columns)):
            self._grid.setColumnStretch(at, int(at < columns))
        self._columns = columns
        for at, card in enumerate(self._cards):
            self._grid.addWidget(card, at // columns, at % columns)
        self.setMinimumWidth(self._cards[0].sizeHint().width())
