"""A field for a number with a fraction."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from cnnstudio.core.forms.field_values import number_text, out_of_range
from cnnstudio.core.forms.fields import Number
from cnnstudio.gui.widgets.draft_line import DraftLine
from cnnstudio.gui.widgets.labels import label

_ANY_NUMBER = Number()


class NumberField(QWidget):
    """Text field for one float; what cannot be read stays as written, in red, with the reason below it.

    Up and Down multiply and divide by `factor`, or add and subtract `step` when one is given. A text that
    stops being a number gives back what was taken of it: `0x10` is not 0 on its way.

    Signals:
        value_changed(float): another valid number was written, stepped to or given back.
        validity_changed(bool): whether the text can be read.

    Its `line` has more of them.
    """

    value_changed = Signal(object)
    validity_changed = Signal(object)

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
        self.line = DraftLine(self.edit, kind)
        self._lay_out()
        self.setFocusProxy(self.edit)
        self.setAccessibleName(name)
        self.line.edited.connect(self.value_changed)
        self.line.refused.connect(self._on_refused)

    def value(self) -> float:
        """The last valid number."""
        number: float = self.line.draft.value
        return number

    def is_valid(self) -> bool:
        """Whether the text that is shown can be read."""
        return not self.line.draft.refused

    def set_value(self, number: float) -> None:
        """Show a number without `value_changed`; a text that already means it stays as it is."""
        self.line.show_value(number)

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
        if not self.is_valid() or self.line.draft.is_mixed:
            return
        after = float(number_text(self._stepped(direction)))
        if not out_of_range(self._kind, after) and after != self.value():
            self.line.step(after)

    def _stepped(self, direction: int) -> float:
        if self._step is None:
            return self.value() * self._factor**direction
        return self.value() + direction * self._step

    @Slot(object)
    def _on_refused(self, reason: str) -> None:
        was_valid = not self.reason.text()
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason))
        self._describe_edit()
        if was_valid != self.is_valid():
            self.validity_changed.emit(self.is_valid())

    def _describe_edit(self) -> None:
        """Why the text is refused comes before what the number is for."""
        texts = (self.reason.text(), self.accessibleDescription())
        self.edit.setAccessibleDescription(" ".join(filter(None, texts)))
