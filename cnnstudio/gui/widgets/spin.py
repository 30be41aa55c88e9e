"""A field for a whole number."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QSpinBox, QWidget

LARGEST = 2**31 - 1


def power_of_two_above(value: int) -> int:
    """The smallest power of two that is larger than `value`; 1 for anything below 1."""
    return 1 << value.bit_length() if value > 0 else 1


def power_of_two_below(value: int) -> int:
    """The largest power of two that is smaller than `value`; 0 for anything up to 1."""
    return 1 << ((value - 1).bit_length() - 1) if value > 1 else 0


class IntSpin(QSpinBox):
    """Spin box, `lowest` to `highest` (both included, 32 bits), stepping by one or by powers of two.

    The wheel scrolls the page unless the box has the keyboard focus: scrolling a form changes nothing in it.
    """

    def __init__(
        self,
        lowest: int = 0,
        highest: int = LARGEST,
        powers_of_two: bool = False,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._powers_of_two = powers_of_two
        self.setRange(lowest, highest)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCorrectionMode(QSpinBox.CorrectionMode.CorrectToNearestValue)
        self.setToolTip(self._range_text())
        # The style sheet's padding does not reach the text of a spin box.
        self.lineEdit().setTextMargins(8, 0, 0, 0)

    def stepBy(self, steps: int) -> None:
        if not self._powers_of_two:
            super().stepBy(steps)
            return
        step = power_of_two_above if steps > 0 else power_of_two_below
        value = self.value()
        for _ in range(abs(steps)):
            value = step(value)
        self.setValue(min(value, self.maximum()))
        self.selectAll()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _range_text(self) -> str:
        steps = "; the arrows step by powers of two" if self._powers_of_two else ""
        if self.maximum() == LARGEST:
            return f"{self.minimum()} or more{steps}"
        return f"{self.minimum()} to {self.maximum()}{steps}"
