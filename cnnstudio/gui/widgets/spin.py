"""A field for a position in a range that the studio knows, such as the index of a sample."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QSpinBox, QWidget


class IntSpin(QSpinBox):
    """Spin box, `lowest` to `highest` (both included, 32 bits); what lies outside becomes the nearest end.

    For a setting, whose range a person does not know beforehand, there is `WholeSpin`. The wheel scrolls
    the page unless the box has the keyboard focus: scrolling a form changes nothing in it.
    """

    def __init__(self, lowest: int, highest: int, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(lowest, highest)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCorrectionMode(QSpinBox.CorrectionMode.CorrectToNearestValue)
        self.setToolTip(f"{lowest} to {highest}")
        # The style sheet's padding does not reach the text of a spin box.
        self.lineEdit().setTextMargins(8, 0, 0, 0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
