"""Real key and mouse events for the editors of a form."""

from functools import singledispatch
from typing import Any

from pydantic import TypeAdapter, ValidationError
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLineEdit,
    QListWidget,
    QStyle,
    QStyleOptionButton,
    QWidget,
)

from cnnstudio.core.forms.fields import Anything, FileName, Listing, Text
from cnnstudio.gui.fields.choices import ComboEditor, SegmentedEditor
from cnnstudio.gui.fields.composite import MaybeEditor, PartsEditor
from cnnstudio.gui.fields.simple import IntegerEditor, NumberEditor, SwitchEditor, TextEditor
from cnnstudio.gui.fields.sizes import SizesEditor
from cnnstudio.gui.fields.variants import VariantsEditor
from cnnstudio.gui.pages.builder.form.sources import ManySourcesEditor, OneSourceEditor
from cnnstudio.gui.widgets.whole_spin import WholeSpin


def write(edit: QLineEdit, text: str) -> None:
    """Select what is there and type over it."""
    edit.setFocus()
    edit.selectAll()
    if text:
        QTest.keyClicks(edit, text)
    else:
        QTest.keyClick(edit, Qt.Key.Key_Delete)


def write_number(spin: WholeSpin, text: str) -> None:
    """Type a number over the one that is shown."""
    write(spin.lineEdit(), text)


def click(button: QAbstractButton) -> None:
    """Press the left mouse button on it; on a check box, on its mark."""
    option = QStyleOptionButton()
    option.initFrom(button)
    mark = button.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, button)
    place = mark.center() if mark.isValid() and button.isCheckable() else button.rect().center()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=place)


def step_combo(combo: QComboBox) -> None:
    """Choose the next entry by keyboard, or the one before at the end."""
    combo.setFocus()
    last = combo.currentIndex() == combo.count() - 1
    QTest.keyClick(combo, Qt.Key.Key_Up if last else Qt.Key.Key_Down)


def click_at(widget: QWidget, place: QPoint) -> None:
    """Press the left mouse button at a place."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=place)


@singledispatch
def change(editor: Any) -> None:
    """Give an editor another value than the one it shows."""
    raise AssertionError(f"no way to drive {editor!r}")


@change.register
def _(editor: IntegerEditor) -> None:
    editor.spin.setFocus()
    down = editor.spin.stepEnabled() == WholeSpin.StepEnabledFlag.StepDownEnabled
    QTest.keyClick(editor.spin, Qt.Key.Key_Down if down else Qt.Key.Key_Up)


@change.register
def _(editor: NumberEditor) -> None:
    shown = editor.field.value()
    for text in ("0.5", "0.25", "1.5"):
        write(editor.field.edit, text)
        if editor.field.is_valid() and editor.field.value() != shown:
            return
    raise AssertionError("no other number fits")


@change.register
def _(editor: SwitchEditor) -> None:
    click(editor.box)


@change.register
def _(editor: ComboEditor) -> None:
    step_combo(editor.combo)


@change.register
def _(editor: SegmentedEditor) -> None:
    buttons = editor.control.findChildren(QAbstractButton)
    click(next(button for button in buttons if not button.isChecked()))


@change.register
def _(editor: TextEditor) -> None:
    write(editor.edit, _other_text(editor.kind, editor.edit.text()))


def _other_text(kind: Text | FileName | Listing | Anything, shown: str) -> str:
    match kind:
        case Text() | FileName():
            return "Another" if shown != "Another" else "Third"
        case Listing(single=True):
            return "1" if shown != "1" else "2"
        case Listing() if "," in shown:
            return ", ".join(reversed(shown.split(",")))
        case Listing():
            return "2"
        case Anything(annotation):
            return _other_json(annotation)


def _other_json(annotation: Any) -> str:
    """The first of a few texts that the type takes."""
    for text in ('{"units": 3}', "[[3]]", '"identity"'):
        try:
            TypeAdapter(annotation).validate_json(text, strict=True)
        except ValidationError:
            continue
        return text
    raise AssertionError(f"no text fits {annotation}")


@change.register
def _(editor: PartsEditor) -> None:
    change(editor.parts[0])


@change.register
def _(editor: MaybeEditor) -> None:
    click(editor.box)


@change.register
def _(editor: SizesEditor) -> None:
    write_number(editor.cells[0][1], "7")


@change.register
def _(editor: VariantsEditor) -> None:
    change(editor.choice)


@change.register
def _(editor: OneSourceEditor) -> None:
    step_combo(editor.combo)


@change.register
def _(editor: ManySourcesEditor) -> None:
    toggle_item(editor.list, 0)


def toggle_item(view: QListWidget, row: int) -> None:
    """Check or uncheck an entry by keyboard."""
    view.setFocus()
    view.setCurrentRow(row)
    QTest.keyClick(view, Qt.Key.Key_Space)
