"""Editors of single values: numbers, switches and text."""

import secrets
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QWidget

from cnnstudio.core.forms.fields import Anything, FileName, Integer, Listing, Number, Switch, Text
from cnnstudio.gui.fields.editor import MIXED, Editor, EditorContext, explain
from cnnstudio.gui.widgets.draft_line import DraftLine
from cnnstudio.gui.widgets.icon_button import IconButton
from cnnstudio.gui.widgets.number import NumberField
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


class LineEditor(Editor):
    """Shows its value in a line of text, set by `follow` before any value is shown."""

    def follow(self, line: DraftLine) -> None:
        """Show the value there, and tell of what is written there."""
        self._line = line
        line.edited.connect(self.edited)
        line.reverted.connect(self.reverted)
        line.settled.connect(self.finished)

    def show_value(self, value: Any) -> None:
        self._line.show_value(value)

    def show_mixed(self, value: Any) -> None:
        self._line.show_mixed(value, MIXED)


class IntegerEditor(LineEditor):
    """A spin box."""

    def __init__(self, kind: Integer, context: EditorContext) -> None:
        del context
        super().__init__()
        self._unit = kind.unit
        self.spin = WholeSpin(kind, parent=self)
        self.row = fill(self, self.spin)
        self.follow(self.spin.line)
        self.spin.line.refused.connect(self.refused)

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


class NumberEditor(LineEditor):
    """A text field for a number with a fraction, which says itself why a text cannot be read.

    Shares step by 0.05, other numbers by a factor of two.
    """

    def __init__(self, kind: Number, context: EditorContext) -> None:
        del context
        super().__init__()
        self.field = NumberField(kind, step=_SHARE_STEP if _is_share(kind) else None, parent=self)
        fill(self, self.field)
        self.follow(self.field.line)

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


class TextEditor(LineEditor):
    """A line of text: free, or read as numbers or JSON."""

    def __init__(
        self, kind: Text | FileName | Listing | Anything, context: EditorContext, hint: str = ""
    ) -> None:
        del context
        super().__init__()
        self.kind = kind
        self.edit = QLineEdit(self)
        self.row = fill(self, self.edit)
        self.follow(DraftLine(self.edit, kind, hint))
        self._line.refused.connect(self.refused)

    def set_texts(self, name: str, explanation: str) -> None:
        super().set_texts(name, explanation)
        explain(self.edit, name, explanation)
