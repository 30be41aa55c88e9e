"""A spin box for whole numbers of any size that never changes what a person wrote."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QWidget

from cnnstudio.core.forms.field_values import out_of_range
from cnnstudio.core.forms.fields import Integer
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.undo_keys import UndoKeys
from cnnstudio.gui.widgets.validity import mark_invalid

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

    With `open_end` an empty text means `None`. The wheel scrolls the page unless the box has the focus.
    A text that stops being a number gives back what was taken of it: `1e9` is not 1 on its way.

    Signals:
        value_changed(object): another valid number, or `None`, was written, stepped to or given back.
        withdrawn(): given back was that the values edited together differ.
        refused(object): why the text cannot be read; empty once it can be.
        settled(): the gesture is over: the box was left, or Return, undo or redo pressed.
    """

    value_changed = Signal(object)
    withdrawn = Signal()
    refused = Signal(object)
    settled = Signal()

    def __init__(self, kind: Integer, open_end: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind, self._open_end = kind, open_end
        self._value: int | None = None
        self._mixed = True
        self._before: tuple[int | None, bool] = (None, True)
        self._telling = False
        self._reason = ""
        # Otherwise the first turn of the wheel gives it the focus, and so changes it.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(self.range_text())
        # The style sheet's padding does not reach the text of a spin box.
        self.lineEdit().setTextMargins(_INSET_PX, 0, 0, 0)
        self.lineEdit().textEdited.connect(self._on_text_edited)
        self.editingFinished.connect(self._on_settled)
        UndoKeys(self, self.lineEdit()).pressed.connect(self._on_settled)
        self._unit = label(kind.unit, parent=self.lineEdit())
        self._unit.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.lineEdit().textChanged.connect(self._place_unit)

    def hide_arrows(self) -> None:
        """Leave all the width to the number; Up and Down still step."""
        # With NoButtons a style sheet gives the text no room at all.
        self.setStyleSheet(_NO_ARROWS)

    def value(self) -> int | None:
        """The last valid number."""
        return self._value

    def show_value(self, value: int | None) -> None:
        """Show a number without a signal; a text that already means it stays as it is."""
        if not self._telling:
            self._before = (value, False)
        if self._mixed or value != self._value or self._reason:
            self._hold(value, False)
            self.lineEdit().setText("" if value is None else str(value))
            self._judge("")

    def show_mixed(self, value: int | None, text: str) -> None:
        """Show no number, and `text` in its place; the arrows step from `value`."""
        self._before = (value, True)
        self._hold(value, True)
        self.lineEdit().setPlaceholderText(text)
        self.lineEdit().clear()
        self._judge("")

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
        value = self._value if self._value is not None else (self._kind.lowest or 1) - steps
        self._take(self._in_range(self._stepped(value, steps)))
        self.lineEdit().setText(str(self._value))
        self.selectAll()

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        up, down = self._can_step()
        flags = _StepEnabled.StepUpEnabled if up else _StepEnabled.StepNone
        return flags | _StepEnabled.StepDownEnabled if down else flags

    def _can_step(self) -> tuple[bool, bool]:
        """Whether there is a number above, and one below."""
        value, highest, lowest = self._value, self._kind.highest, self._kind.lowest
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

    @Slot(str)
    def _on_text_edited(self, text: str) -> None:
        if not text.strip() and self._open_end:
            self._take(None)
            return
        try:
            number = int(text.replace(",", "_").strip())
        except ValueError:
            self._refuse("Write a whole number." if not text.strip() else f"“{text}” is no whole number.")
            return
        if reason := out_of_range(self._kind, number):
            self._refuse(reason)
        else:
            self._take(number)

    @Slot()
    def _place_unit(self) -> None:
        """Keep the unit right behind the number."""
        edit = self.lineEdit()
        self._unit.setVisible(bool(self._kind.unit and edit.text()))
        number = edit.fontMetrics().horizontalAdvance(edit.text() + " ")
        self._unit.setGeometry(_INSET_PX + number + 2, 0, self._unit.sizeHint().width(), edit.height())

    def _hold(self, value: int | None, mixed: bool) -> None:
        could = self._can_step()
        self._value, self._mixed = value, mixed
        if self._can_step() != could:
            # Qt repaints the text alone.
            self.update()

    def _take(self, value: int | None) -> None:
        differs = self._mixed or value != self._value
        self._hold(value, False)
        self._judge("")
        if differs:
            self._telling = True
            self.value_changed.emit(value)
            self._telling = False

    @Slot()
    def _on_settled(self) -> None:
        self._before = (self._value, self._mixed)
        self.settled.emit()

    def _refuse(self, reason: str) -> None:
        taken = (self._value, self._mixed)
        self._hold(*self._before)
        if taken != self._before:
            if self._mixed:
                self.withdrawn.emit()
            else:
                self.value_changed.emit(self._value)
        # Said last: what is given back may be shown again, which must not wipe out the text.
        self._judge(reason)

    def _judge(self, reason: str) -> None:
        if reason != self._reason:
            self._reason = reason
            mark_invalid(self, bool(reason))
            self.refused.emit(reason)
