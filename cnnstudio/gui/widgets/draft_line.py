"""A line of text in which a person writes a value."""

from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit

from cnnstudio.core.forms.draft import Draft
from cnnstudio.core.forms.field_values import Written, read, written
from cnnstudio.core.values.errors import StudioError
from cnnstudio.gui.widgets.undo_keys import UndoKeys
from cnnstudio.gui.widgets.validity import mark_invalid


class DraftLine(QObject):
    """Takes what is typed into a field, or refuses it and leaves it as written, in red.

    It must not be shown a value while it tells of one: whoever shows it has to leave out what comes back.
    An empty text has `hint` in its place.

    Signals:
        edited(object): another value was written, stepped to or given back.
        reverted(): given back was that the values edited together differ.
        refused(object): why the text is not taken, as a sentence; empty once it is.
        settled(): the gesture is over: the field was left, or Return, undo or redo pressed.
    """

    edited = Signal(object)
    reverted = Signal()
    refused = Signal(object)
    settled = Signal()

    def __init__(self, field: QLineEdit | QAbstractSpinBox, kind: Written, hint: str = "") -> None:
        super().__init__(field)
        self._field, self._kind, self._hint = field, kind, hint
        self._line = field if isinstance(field, QLineEdit) else field.lineEdit()
        self.draft: Draft[Any] = Draft(None, is_mixed=True)
        self._said = ""
        self._has_stepped = False
        self._line.textEdited.connect(self._on_text_edited)
        field.editingFinished.connect(self._on_settled)
        UndoKeys(field, self._line).pressed.connect(self._on_settled)

    def show_value(self, value: Any) -> None:
        """Show a value without a signal; a text that already means it stays as it is."""
        self._line.setPlaceholderText(self._hint)
        if self.draft.show(value):
            self._line.setText(written(self._kind, value))
        self._say_reason()

    def show_mixed(self, value: Any, text: str) -> None:
        """Show no value, and `text` in its place; of the values that differ, `value` is the last."""
        self.draft.show(value, is_mixed=True)
        self._line.setPlaceholderText(text)
        self._line.clear()
        self._field.update()
        self._say_reason()

    def step(self, value: Any) -> None:
        """Write another value in a person's place, as the arrow keys do."""
        self._has_stepped = True
        self._take(value)
        self._line.setText(written(self._kind, value))

    @Slot(str)
    def _on_text_edited(self, text: str) -> None:
        if self._has_stepped:
            # What is typed after a step must not give the step back.
            self._on_settled()
        try:
            value = read(self._kind, text)
        except StudioError as error:
            self._refuse(str(error))
        else:
            self._take(value)

    def _take(self, value: Any) -> None:
        self._line.setPlaceholderText(self._hint)
        is_other = self.draft.take(value)
        # Said first: whoever takes the value may have a reason of its own to refuse it.
        self._say_reason()
        if is_other:
            self.edited.emit(value)

    def _refuse(self, reason: str) -> None:
        if self.draft.refuse(reason):
            if self.draft.is_mixed:
                self.reverted.emit()
            else:
                self.edited.emit(self.draft.value)
        # Said last: an edit takes away the reason that stands below the field.
        self._say_reason()

    def _say_reason(self) -> None:
        if self.draft.refused != self._said:
            self._said = self.draft.refused
            mark_invalid(self._field, bool(self._said))
            self.refused.emit(self._said)

    @Slot()
    def _on_settled(self) -> None:
        self._has_stepped = False
        self.draft.end()
        self.settled.emit()
