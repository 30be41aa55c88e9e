"""Editors of single values: numbers, switches and text."""

import secrets
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QWidget

from cnnstudio.core.forms.field_values import read, written
from cnnstudio.core.forms.fields import Anything, Integer, Listing, Number, Switch, Text
from cnnstudio.core.values.errors import StudioError
from cnnstudio.gui.fields.editor import MIXED, Editor, EditorContext, explain
from cnnstudio.gui.widgets.icon_button import IconButton
from cnnstudio.gui.widgets.number import NumberField
from cnnstudio.gui.widgets.undo_keys import UndoKeys
from cnnstudio.gui.widgets.validity import is_marked_invalid, mark_invalid
from cnnstudio.gui.widgets.whole_spin import WholeSpin

_GAP_PX = 6
_SHARE_STEP = 0.05
_MOST_BY_CHANCE = 10_000


def fill(editor: Editor, widget: QWidget, at_left: bool = False) -> QHBoxLayout:
    """Let the editor be that one widget, with room for more behind it."""
    row = QHBoxLayout(editor)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(_GAP_PX)
    row.addWidget(widget, 0 if at_left else 1)
    if at_left:
        row.addStretch(1)
    editor.setFocusProxy(widget)
    return row


class IntegerEditor(Editor):
    """A spin box."""

    def __init__(self, kind: Integer, context: EditorContext) -> None:
        del context
        super().__init__()
        self._unit = kind.unit
        self.spin = WholeSpin(kind, parent=self)
        self.row = fill(self, self.spin)
        self.spin.value_changed.connect(self.edited)
        self.spin.withdrawn.connect(self.withdrawn)
        self.spin.refused.connect(self.refused)
        self.spin.settled.connect(self.finished)

    def show_value(self, value: Any) -> None:
        self.spin.lineEdit().setPlaceholderText("")
        self.spin.show_value(value)

    def show_mixed(self, value: Any) -> None:
        self.spin.show_mixed(value, MIXED)

    def set_texts(self, name: str, explanation: str) -> None:
        super().set_texts(name, explanation)
        explain(self.spin, f"{name}: {self._unit}" if self._unit else name, explanation)
        self.spin.setToolTip("\n".join(filter(None, (explanation, self.spin.range_text()))))


class ByChanceEditor(IntegerEditor):
    """A spin box with a die that throws another number."""

    def __init__(self, kind: Integer, context: EditorContext) -> None:
        super().__init__(kind, context)
        self._lowest = kind.lowest or 0
        room = _MOST_BY_CHANCE if kind.highest is None else kind.highest - self._lowest + 1
        self._count = min(room, _MOST_BY_CHANCE)
        self.dice = IconButton(context.theme, "dices", "Another number by chance", size=16, parent=self)
        self.row.addWidget(self.dice)
        self.dice.clicked.connect(self._on_dice_clicked)

    def set_texts(self, name: str, explanation: str) -> None:
        super().set_texts(name, explanation)
        explain(self.dice, f"Another {name.lower()} by chance", f"Another {name.lower()} by chance")

    @Slot()
    def _on_dice_clicked(self) -> None:
        # Each throw is a step of its own.
        self.finished.emit()
        number = self._lowest + secrets.randbelow(self._count)
        self.show_value(number)
        self.edited.emit(number)
        self.finished.emit()


def integer_editor(kind: Integer, context: EditorContext) -> IntegerEditor:
    """With a die where any number will do; several values edited together are not thrown."""
    thrown = kind.by_chance and not context.several
    return ByChanceEditor(kind, context) if thrown else IntegerEditor(kind, context)


class NumberEditor(Editor):
    """A text field for a number with a fraction, which says itself why a text cannot be read.

    Shares step by 0.05, other numbers by a factor of two.
    """

    def __init__(self, kind: Number, context: EditorContext) -> None:
        del context
        super().__init__()
        self.field = NumberField(kind, step=_SHARE_STEP if _is_share(kind) else None, parent=self)
        fill(self, self.field)
        self.field.value_changed.connect(self.edited)
        self.field.withdrawn.connect(self.withdrawn)
        self.field.settled.connect(self.finished)

    def show_value(self, value: Any) -> None:
        self.field.set_value(float(value))

    def show_mixed(self, value: Any) -> None:
        del value
        self.field.show_mixed(MIXED)

    def set_texts(self, name: str, explanation: str) -> None:
        super().set_texts(name, explanation)
        explain(self.field, name, explanation)


def _is_share(kind: Number) -> bool:
    return kind.lowest in (0, -1) and kind.highest == 1 and not kind.open_lowest


class SwitchEditor(Editor):
    """A check box that says its own name."""

    def __init__(self, kind: Switch, context: EditorContext) -> None:
        del context
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
        # So that the text can be clicked.
        self.box.setText(name)
        explain(self.box, name, explanation)

    @Slot()
    def _on_clicked(self) -> None:
        # From "mixed" a click goes on to checked; there is no way back to "mixed".
        self.box.setTristate(False)
        self.edited.emit(self.box.isChecked() != self._inverted)
        self.finished.emit()


class TextEditor(Editor):
    """A line of text: free, or read as numbers or JSON."""

    def __init__(self, kind: Text | Listing | Anything, context: EditorContext) -> None:
        del context
        super().__init__()
        self.kind = kind
        self._value: object = None
        self._mixed = True
        self._before: tuple[object, bool] = (None, True)
        self._telling = False
        self.edit = QLineEdit(self)
        self.row = fill(self, self.edit)
        self.edit.textEdited.connect(self._on_text_edited)
        self.edit.editingFinished.connect(self._on_settled)
        UndoKeys(self.edit, self.edit).pressed.connect(self._on_settled)

    def show_value(self, value: Any) -> None:
        self.edit.setPlaceholderText("")
        if not self._telling:
            self._before = (value, False)
        if self._mixed or value != self._value or is_marked_invalid(self.edit):
            self._value, self._mixed = value, False
            self.edit.setText(self._text(value))
            self._judge("")

    def show_mixed(self, value: Any) -> None:
        self._value, self._mixed = self._before = (value, True)
        self.edit.setPlaceholderText(MIXED)
        self.edit.clear()
        self._judge("")

    def set_texts(self, name: str, explanation: str) -> None:
        super().set_texts(name, explanation)
        explain(self.edit, name, explanation)

    def _text(self, value: object) -> str:
        return str(value) if isinstance(self.kind, Text) else written(self.kind, value)

    def _read(self, text: str) -> object:
        return text if isinstance(self.kind, Text) else read(self.kind, text)

    @Slot(str)
    def _on_text_edited(self, text: str) -> None:
        try:
            value = self._read(text)
        except StudioError as error:
            self._give_back()
            self._judge(str(error))
            return
        self._judge("")
        self._value, self._mixed = value, False
        self._telling = True
        self.edited.emit(value)
        self._telling = False

    @Slot()
    def _on_settled(self) -> None:
        self._before = (self._value, self._mixed)
        self.finished.emit()

    def _give_back(self) -> None:
        """Take back what the beginning of a refused text made of the value."""
        taken = (self._value, self._mixed)
        self._value, self._mixed = self._before
        if taken != self._before:
            if self._mixed:
                self.withdrawn.emit()
            else:
                self.edited.emit(self._value)

    def _judge(self, reason: str) -> None:
        mark_invalid(self.edit, bool(reason))
        self.refused.emit(reason)
