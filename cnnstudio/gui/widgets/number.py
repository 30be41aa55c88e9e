"""A field for a number with a fraction."""

import math

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from cnnstudio.core.forms.field_values import number_text, out_of_range, read_number
from cnnstudio.core.forms.fields import Number
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.undo_keys import UndoKeys
from cnnstudio.gui.widgets.validity import mark_invalid

_ANY_NUMBER = Number()


class NumberField(QWidget):
    """Text field for one float; what cannot be read stays as written, in red, with the reason below it.

    Up and Down multiply and divide by `factor`, or add and subtract `step` when one is given. A text that
    stops being a number gives back what was taken of it: `0x10` is not 0 on its way.

    Signals:
        value_changed(float): another valid number was written, stepped to or given back.
        withdrawn(): given back was that the values edited together differ.
        validity_changed(bool): whether the text can be read.
        settled(): the gesture is over: the field was left, or Return, undo or redo pressed.
    """

    value_changed = Signal(object)
    withdrawn = Signal()
    validity_changed = Signal(object)
    settled = Signal()

    def __init__(
        self,
        kind: Number = _ANY_NUMBER,
        factor: float = 2.0,
        step: float | None = None,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.edit = QLineEdit(self)
        self.reason = label("", "error", self, wrap=True)
        self._kind, self._factor, self._step = kind, factor, step
        self._value = self._before = 0.0
        self._valid = True
        self._telling = False
        self._lay_out()
        self.setFocusProxy(self.edit)
        self.setAccessibleName(name)
        self.edit.textEdited.connect(self._on_text_edited)
        self.edit.editingFinished.connect(self._on_settled)
        UndoKeys(self.edit, self.edit).pressed.connect(self._on_settled)

    def value(self) -> float:
        """The last valid number; 0.0 only before the first `set_value`."""
        return self._value

    def is_valid(self) -> bool:
        """Whether the text that is shown can be read."""
        return self._valid

    def set_value(self, number: float) -> None:
        """Show a number without `value_changed`; a text that already means it stays as it is."""
        if not self._telling:
            self._before = number
        if self._value == number and self._valid and self.edit.text():
            return
        self._value = number
        self.edit.setText(number_text(number))
        self.edit.setPlaceholderText("")
        self._judge(out_of_range(self._kind, number))

    def show_mixed(self, text: str) -> None:
        """Show no number, and `text` in its place; whatever is written next is a change."""
        self._value = self._before = math.nan
        self.edit.setPlaceholderText(text)
        self.edit.clear()
        self._judge("")

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.edit.setAccessibleName(name)

    def setAccessibleDescription(self, description: str) -> None:  # noqa: N802
        super().setAccessibleDescription(description)
        self._describe_edit()

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
        if not out_of_range(self._kind, after) and after != self._value:
            self.edit.setText(number_text(after))
            self._accept(after)

    def _stepped(self, direction: int) -> float:
        if self._step is None:
            return self._value * self._factor**direction
        return self._value + direction * self._step

    @Slot(str)
    def _on_text_edited(self, text: str) -> None:
        try:
            number = read_number(text, self._kind)
        except ValueError as error:
            self._refuse(str(error))
            return
        self._judge("")
        if number != self._value:
            self._accept(number)

    @Slot()
    def _on_settled(self) -> None:
        self._before = self._value
        self.settled.emit()

    def _refuse(self, reason: str) -> None:
        taken, self._value = self._value, self._before
        if math.isnan(self._before):
            if not math.isnan(taken):
                self.withdrawn.emit()
        elif taken != self._before:
            self.value_changed.emit(self._before)
        # Said last: what is given back may be shown again, which must not wipe out the text.
        self._judge(reason)

    def _accept(self, number: float) -> None:
        self._value = number
        self._telling = True
        self.value_changed.emit(number)
        self._telling = False

    def _judge(self, reason: str) -> None:
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason))
        self._describe_edit()
        if self._valid == (not reason):
            return
        self._valid = not reason
        mark_invalid(self.edit, bool(reason))
        self.validity_changed.emit(self._valid)

    def _describe_edit(self) -> None:
        """Why the text is refused comes before what the number is for."""
        texts = (self.reason.text(), self.accessibleDescription())
        self.edit.setAccessibleDescription(" ".join(filter(None, texts)))
