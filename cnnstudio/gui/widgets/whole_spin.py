"""A spin box for whole numbers of any size that never changes what a person wrote."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QWidget

from cnnstudio.core.forms.fields import Integer
from cnnstudio.gui.widgets.draft_line import DraftLine
from cnnstudio.gui.widgets.labels import label

_INSET_PX = 8
_StepEnabled = QAbstractSpinBox.StepEnabledFlag

_NO_ARROWS = """
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; margin: 0; }
QAbstractSpinBox::up-arrow, QAbstractSpinBox::down-arrow { image: none; width: 0; height: 0; }
"""


def power_of_two_above(value: int) -> int:
    """The smallest power of two that is larger than `value`; 1 for anything below 1."""
    return 1 << value.bit_length() if value > 0 else 1


def power_of_two_below(value: int) -> int:
    """The largest power of two that is smaller than `value`; 0 for anything up to 1."""
    return 1 << ((value - 1).bit_length() - 1) if value > 1 else 0


class WholeSpin(QAbstractSpinBox):
    """Text that cannot be read stays as written, in red; the arrows step by one or by powers of two.

    An optional number has `hint` in place of an empty text. The wheel scrolls the page unless the box has the
    focus. A text that stops being a number gives back what was taken of it: `1e9` is not 1 on its way.
    Its `line` has the signals.
    """

    def __init__(self, kind: Integer, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = kind
        self.line = DraftLine(self, kind, hint)
        # Otherwise the first turn of the wheel gives it the focus, and so changes it.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(self.range_text())
        # The style sheet's padding does not reach the text of a spin box.
        self.lineEdit().setTextMargins(_INSET_PX, 0, 0, 0)
        self._unit = label(kind.unit, parent=self.lineEdit())
        self._unit.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.lineEdit().textChanged.connect(self._on_text_changed)

    def hide_arrows(self) -> None:
        """Leave all the width to the number; Up and Down still step."""
        # With NoButtons a style sheet gives the text no room at all.
        self.setStyleSheet(_NO_ARROWS)

    def value(self) -> int | None:
        """The last valid number."""
        number: int | None = self.line.draft.value
        return number

    def show_value(self, value: int | None) -> None:
        """Show a number without a signal; a text that already means it stays as it is."""
        self.line.show_value(value)

    def range_text(self) -> str:
        """Which numbers are accepted and how the arrows step; empty where any number is."""
        lowest, highest = self._kind.lowest, self._kind.highest
        if lowest is None and highest is None:
            return ""
        numbers = f"up to {highest:,}" if lowest is None else f"{lowest:,} or more"
        if lowest is not None and highest is not None:
            numbers = f"{lowest:,} to {highest:,}"
        return f"{numbers}; the arrows step by powers of two" if self._kind.powers_of_two else numbers

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_unit()

    def stepBy(self, steps: int) -> None:
        value = self.value()
        start = (self._kind.lowest or 1) - steps if value is None else value
        self.line.step(self._in_range(self._stepped(start, steps)))
        self.selectAll()

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        up, down = self._can_step()
        flags = _StepEnabled.StepUpEnabled if up else _StepEnabled.StepNone
        return flags | _StepEnabled.StepDownEnabled if down else flags

    def _can_step(self) -> tuple[bool, bool]:
        """Whether there is a number above, and one below."""
        value, highest, lowest = self.value(), self._kind.highest, self._kind.lowest
        up = value is None or highest is None or value < highest
        return up, value is None or lowest is None or value > lowest

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        # Anything may be written: what cannot be read is said, not swallowed.
        return QValidator.State.Acceptable, text, position

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _stepped(self, value: int, steps: int) -> int:
        if not self._kind.powers_of_two:
            return value + steps
        step = power_of_two_above if steps > 0 else power_of_two_below
        for _ in range(abs(steps)):
            value = step(value)
        return value

    def _in_range(self, value: int) -> int:
        if self._kind.lowest is not None:
            value = max(value, self._kind.lowest)
        return value if self._kind.highest is None else min(value, self._kind.highest)

    @Slot()
    def _on_text_changed(self) -> None:
        self._place_unit()
        # Qt repaints the text alone, and an arrow may have become one that can step no more.
        self.update()

    def _place_unit(self) -> None:
        """Keep the unit right behind the number."""
        edit = self.lineEdit()
        self._unit.setVisible(bool(self._kind.unit and edit.text()))
        number = edit.fontMetrics().horizontalAdvance(edit.text() + " ")
        self._unit.setGeometry(_INSET_PX + number + 2, 0, self._unit.sizeHint().width(), edit.height())
