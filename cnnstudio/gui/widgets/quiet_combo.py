"""A list that opens, for the long columns of a form."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QWidget

from cnnstudio.gui.widgets.round_combo import RoundCombo

_LEAST_LETTERS = 6


class QuietCombo(RoundCombo):
    """Leaves the wheel to the page unless it has the keyboard focus; long words do not widen its column."""

    def __init__(self, texts: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Otherwise the first turn of the wheel gives it the focus, and so changes it.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumContentsLength(_LEAST_LETTERS)
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.addItems(list(texts))

    def show_index(self, index: int) -> None:
        """Show an entry, or none for -1, without a signal."""
        with QSignalBlocker(self):
            self.setCurrentIndex(index)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
