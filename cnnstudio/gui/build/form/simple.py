"""Editors of single values: numbers, switches and text."""

import math
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QWidget

from cnnstudio.core.errors import StudioError
from cnnstudio.core.field_values import read, written
from cnnstudio.core.fields import Anything, Integer, Listing, Number, Switch, Text
from cnnstudio.gui.build.form.editor import MIXED, Editor, Workshop, explain, mark_invalid
from cnnstudio.gui.build.form.whole_spin import WholeSpin
from cnnstudio.gui.widgets.number import Bounds, NumberField


def fill(editor: Editor, widget: QWidget, at_left: bool = False) -> None:
    """Let the editor be that one widget."""
    row = QHBoxLayout(editor)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(widget)
    if at_left:
        row.addStretch(1)
    editor.setFocusProxy(widget)


class IntegerEditor(Editor):
    """A spin box."""

    def __init__(self, kind: Integer, workshop: Workshop) -> None:
        del workshop
        super().__init__()
        self.spin = WholeSpin(kind, parent=self)
        fill(self, self.spin)
        self.spin.value_changed.connect(self.edited)
        self.spin.refused.connect(self.refused)
        self.spin.editingFinished.connect(self.finished)

    def show_value(self, value: Any) -> None:
        self.spin.lineEdit().setPlaceholderText("")
        self.spin.show_value(value)

    def show_mixed(self, value: Any) -> None:
        self.spin.show_mixed(value, MIXED)

    def set_texts(self, name: str, explanation: str) -> None:
        super().set_texts(name, explanation)
        explain(self.spin, name, explanation)


class NumberEditor(Editor):
    """A text field for a number with a fraction, which says itself why a text cannot be read.

    Shares step by 0.05, other numbers by a factor of two.
    """

    def __init__(self, kind: Number, workshop: Workshop) -> None:
        del workshop
        super().__init__()
        self.field = NumberField(_bounds(kind), step=0.05 if _is_share(kind) else None, parent=self)
        fill(self, self.field)
        self.field.value_changed.connect(self._on_value_changed)
        self.field.edit.editingFinished.connect(self.finished)

    def show_value(self, value: Any) -> None:
        self.field.edit.setPlaceholderText("")
        self.field.set_value(float(value))

    def show_mixed(self, value: Any) -> None:
        del value
        # No number equals this one, so whatever is written next is a change.
        self.field.set_value(math.nan)
        self.field.edit.setPlaceholderText(MIXED)
        self.field.edit.clear()

    def set_texts(self, name: str, explanation: str) -> None:
        super().set_texts(name, explanation)
        self.field.setAccessibleName(name)
        explain(self.field.edit, name, explanation)

    @Slot(object)
    def _on_value_changed(self, value: float) -> None:
        if math.isfinite(value):
            self.edited.emit(value)


def _bounds(kind: Number) -> Bounds:
    lowest = -math.inf if kind.lowest is None else kind.lowest
    highest = math.inf if kind.highest is None else kind.highest
    return Bounds(lowest, highest, kind.open_lowest, kind.open_highest)


def _is_share(kind: Number) -> bool:
    return kind.lowest in (0, -1) and kind.highest == 1 and not kind.open_lowest


class SwitchEditor(Editor):
    """A check box; its row writes the text beside it."""

    def __init__(self, kind: Switch, workshop: Workshop) -> None:
        del workshop
        super().__init__()
        self._inverted = kind.inverted
        self.box = QCheckBox(self)
        fill(self, self.box, at_left=True)
        self.box.clicked.connect(self._on_clicked)

    def show_value(self, value: Any) -> None:
        self.box.setTristate(False)
        self.box.setChecked(bool(value) != self._inverted)

    def show_mixed(self, value: Any) -> None:
        del value
        self.box.setTristate(True)
        self.box.setCheckState(Qt.CheckState.PartiallyChecked)

    def set_texts(self, name: str, explanation: str) -> None:
        super().set_texts(name, explanation)
        explain(self.box, name, explanation)

    @Slot()
    def _on_clicked(self) -> None:
        # From "mixed" a click goes on to checked; there is no way back to "mixed".
        self.box.setTristate(False)
        self.edited.emit(self.box.isChecked() != self._inverted)
        self.finished.emit()


class TextEditor(Editor):
    """A line of text: free, or read as numbers or JSON."""

    def __init__(self, kind: Text | Listing | Anything, workshop: Workshop) -> None:
        del workshop
        super().__init__()
        self.kind = kind
        self._value: object = None
        self._mixed = True
        self.edit = QLineEdit(self)
        fill(self, self.edit)
        self.edit.textEdited.connect(self._on_text_edited)
        self.edit.editingFinished.connect(self.finished)

    def show_value(self, value: Any) -> None:
        self.edit.setPlaceholderText("")
        if self._mixed or value != self._value or self.edit.property("invalid") == "true":
            self._value, self._mixed = value, False
            self.edit.setText(self._text(value))
            self._judge("")

    def show_mixed(self, value: Any) -> None:
        self._value, self._mixed = value, True
        self.edit.setPlaceholderText(MIXED)
        self.edit.clear()
        self._judge("")

    def set_texts(self, name: str, explanation: str) -> None:
        super().set_texts(name, explanation)
        explain(self.edit, name, explanation)

    def _text(self, value: object) -> str:
        return str(value) if isinstance(self.kind, Text) else written(self.kind, value)

    @Slot(str)
    def _on_text_edited(self, text: str) -> None:
        try:
            value = text if isinstance(self.kind, Text) else read(self.kind, text)
        except StudioError as error:
            self._judge(str(error))
            return
        self._judge("")
        self._value, self._mixed = value, False
        self.edited.emit(value)

    def _judge(self, reason: str) -> None:
        mark_invalid(self.edit, bool(reason))
        self.refused.emit(reason)
