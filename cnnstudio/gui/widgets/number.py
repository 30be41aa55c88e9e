"""A field for a number with a fraction."""

import math
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from cnnstudio.gui.widgets.labels import label


@dataclass(frozen=True)
class Bounds:
    """The numbers a field accepts; the `open_` ends are not accepted themselves."""

    lowest: float = -math.inf
    highest: float = math.inf
    open_lowest: bool = False
    open_highest: bool = False

    def refusal(self, number: float) -> str:
        """Why `number` is not accepted, as a sentence; empty when it is."""
        if number < self.lowest or (self.open_lowest and number == self.lowest):
            return f"Must be {'above' if self.open_lowest else 'at least'} {number_text(self.lowest)}."
        if number > self.highest or (self.open_highest and number == self.highest):
            return f"Must be {'below' if self.open_highest else 'at most'} {number_text(self.highest)}."
        return ""


UNBOUNDED = Bounds()


def number_text(number: float) -> str:
    """The shortest usual way to write `number`: `0.001`, `1e-5`, `64`."""
    text = f"{number:.10g}"
    mantissa, exponent, power = text.partition("e")
    return f"{mantissa}e{int(power)}" if exponent else text


def read_number(text: str, bounds: Bounds) -> float:
    """The number a person wrote. Raises ValueError whose text is the reason, a sentence for that person."""
    if not text.strip():
        raise ValueError("Write a number.")
    try:
        number = float(text.replace("_", " "))
    except ValueError:
        hint = " Use a point, not a comma." if "," in text else " Write it like 0.001 or 1e-3."
        raise ValueError(f"“{text.strip()}” is not a number.{hint}") from None
    if not math.isfinite(number):
        raise ValueError("Must be a finite number.")
    if reason := bounds.refusal(number):
        raise ValueError(reason)
    return number


class NumberField(QWidget):
    """Text field for one float; what cannot be read stays as written, in red, with the reason below it.

    Up and Down multiply and divide by `factor`, or add and subtract `step` when one is given.
    `value_changed(object)` carries a float and fires only when a person wrote another valid number;
    `validity_changed(object)` carries whether the text can be read.
    """

    value_changed = Signal(object)
    validity_changed = Signal(object)

    def __init__(
        self,
        bounds: Bounds = UNBOUNDED,
        factor: float = 2.0,
        step: float | None = None,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.edit = QLineEdit(self)
        self.reason = label("", "error", self, wrap=True)
        self._bounds, self._factor, self._step = bounds, factor, step
        self._value = 0.0
        self._valid = True
        self._lay_out()
        self.setFocusProxy(self.edit)
        self.setAccessibleName(name)
        self.edit.textEdited.connect(self._on_text_edited)

    def value(self) -> float:
        """The last valid number; 0.0 only before the first `set_value`."""
        return self._value

    def is_valid(self) -> bool:
        """Whether the text that is shown can be read."""
        return self._valid

    def set_value(self, number: float) -> None:
        """Show a number without `value_changed`; a text that already means it stays as it is."""
        if self._value == number and self._valid and self.edit.text():
            return
        self._value = number
        self.edit.setText(number_text(number))
        self._judge(self._bounds.refusal(number))

    def setAccessibleName(self, name: str) -> None:  # noqa: N802
        super().setAccessibleName(name)
        self.edit.setAccessibleName(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # The line edit leaves Up and Down to its parent.
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._move(1 if event.key() == Qt.Key.Key_Up else -1)
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self.edit)
        column.addWidget(self.reason)
        self.reason.hide()

    def _move(self, direction: int) -> None:
        if not self._valid:
            return
        after = float(number_text(self._stepped(direction)))
        if not self._bounds.refusal(after) and after != self._value:
            self.edit.setText(number_text(after))
            self._accept(after)

    def _stepped(self, direction: int) -> float:
        if self._step is None:
            return self._value * self._factor**direction
        return self._value + direction * self._step

    @Slot(str)
    def _on_text_edited(self, text: str) -> None:
        try:
            number = read_number(text, self._bounds)
        except ValueError as error:
            self._judge(str(error))
            return
        self._judge("")
        if number != self._value:
            self._accept(number)

    def _accept(self, number: float) -> None:
        self._value = number
        self.value_changed.emit(number)

    def _judge(self, reason: str) -> None:
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason))
        self.edit.setAccessibleDescription(reason)
        if self._valid == (not reason):
            return
        self._valid = not reason
        self.edit.setProperty("invalid", "true" if reason else "false")
        # Qt looks at dynamic properties only when a widget is polished.
        self.edit.style().unpolish(self.edit)
        self.edit.style().polish(self.edit)
        self.validity_changed.emit(self._valid)
