"""In the form's fields the keys of undo and redo are the document's; a refused text goes first."""

from collections.abc import Callable

import pytest
from msgspec import Struct
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from cnnstudio.gui.fields.choices import ComboEditor
from cnnstudio.gui.fields.composite import MaybeEditor, PartsEditor
from cnnstudio.gui.fields.editor import Editor
from cnnstudio.gui.window.main_window import MainWindow
from tests.gui.typist import CTRL, Key, Typist, typist_at


@pytest.fixture
def typist(window: MainWindow, qtbot: QtBot) -> Typist:
    return typist_at(window, qtbot)


def test_undo_takes_two_steps_of_the_arrows_back_at_once_and_redo_brings_them_again(typist: Typist) -> None:
    typist.editor("c1", "filters")
    typist.press(Key.Key_Up)
    typist.press(Key.Key_Up)
    assert (typist.value("c1", "filters"), typist.steps) == (32, (1, 1))
    typist.undo()
    assert (typist.value("c1", "filters"), typist.text, typist.steps) == (8, "8", (0, 1))
    typist.redo()
    assert (typist.value("c1", "filters"), typist.text, typist.steps) == (32, "32", (1, 1))


class Case(Struct, frozen=True):
    """Where to type what, and what it gives."""

    layer: str
    setting: str
    typed: str
    shown: str
    part: Callable[[Editor], Editor] | None = None


def first_part(editor: Editor) -> Editor:
    assert isinstance(editor, PartsEditor)
    return editor.parts[0]


CASES = {
    "a whole number": Case("c1", "filters", "48", "8"),
    "a number": Case("drop", "rate", "0.5", "0.25"),
    "a pair": Case("c1", "kernel_size", "7", "3", first_part),
    "a list of numbers": Case("r", "scale", "12", "1/255"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_undo_takes_what_was_typed_back_in_one_step(typist: Typist, case: Case) -> None:
    editor = typist.editor(case.layer, case.setting)
    if case.part is not None:
        typist.focused(case.part(editor))
    before = typist.value(case.layer, case.setting)
    typist.type(case.typed)
    after = typist.value(case.layer, case.setting)
    assert after != before
    typist.undo()
    assert (typist.value(case.layer, case.setting), typist.text, typist.steps) == (before, case.shown, (0, 1))
    typist.undo()
    assert (typist.text, typist.steps) == (case.shown, (0, 1)), "nothing is left to undo, in the text either"
    typist.redo()
    assert (typist.value(case.layer, case.setting), typist.text, typist.steps) == (after, case.typed, (1, 1))


def test_what_is_typed_after_undo_and_redo_is_a_step_of_its_own(typist: Typist) -> None:
    typist.editor("c1", "filters")
    typist.type("4")
    typist.undo()
    typist.redo()
    typist.type("8")
    assert (typist.text, typist.steps) == ("48", (2, 2))
    typist.undo()
    assert (typist.value("c1", "filters"), typist.text) == (4, "4")


def test_an_undone_choice_of_a_list_is_shown_undone(typist: Typist) -> None:
    editor = typist.editor("c1", "activation")
    assert isinstance(editor, ComboEditor)
    before = editor.combo.currentText()
    typist.press(Key.Key_Down)
    assert editor.combo.currentText() != before
    typist.undo()
    assert (editor.combo.currentText(), typist.steps) == (before, (0, 1))
    typist.redo()
    assert typist.steps == (1, 1)
    assert editor.combo.currentText() != before


def test_undo_takes_a_refused_text_back_before_it_takes_back_a_step(typist: Typist) -> None:
    typist.editor("c1", "filters")
    typist.type("16")
    typist.press(Key.Key_Return)
    typist.type("x")
    assert typist.row("filters").reason.isVisible()
    typist.undo()
    assert (typist.text, typist.steps) == ("16", (1, 1))
    assert not typist.row("filters").reason.isVisible()
    typist.undo()
    assert (typist.text, typist.steps) == ("8", (0, 1))


def test_redo_gives_a_refused_text_up_too(typist: Typist) -> None:
    typist.editor("c1", "filters")
    typist.type("16")
    typist.undo()
    typist.editor("drop", "rate")
    typist.type("x")
    typist.redo()
    assert (typist.text, typist.value("c1", "filters")) == ("0.25", 16)


def test_what_only_fits_with_another_setting_is_taken_back_by_undo(typist: Typist) -> None:
    editor = typist.editor("n", "mean")
    assert isinstance(editor, MaybeEditor)
    typist.press(Key.Key_Space)
    assert typist.row("mean").reason.text() == "Mean and variance are given together, or neither."
    typist.undo()
    assert not editor.box.isChecked()
    assert not typist.row("mean").reason.isVisible()
    typist.editor("n", "variance")
    typist.press(Key.Key_Space)
    assert typist.row("variance").reason.isVisible(), "the mean no longer waits for it"


def test_another_layer_of_the_same_value_begins_a_gesture_of_its_own(typist: Typist) -> None:
    typist.editor("c1", "filters")
    typist.type("16")
    network = typist.window.document.network
    typist.window.document.apply_network(
        "Set", network.replaced("c2", network.layer("c2").updated(filters=16))
    )
    typist.window.document.select(("c2",))
    typist.type("x")
    assert [typist.value(name, "filters") for name in ("c1", "c2")] == [16, 16]


def test_a_name_half_written_is_taken_back_and_then_the_step_before_it(typist: Typist) -> None:
    typist.editor("c1", "filters")
    typist.press(Key.Key_Up)
    name = typist.form.header.name
    name.setFocus()
    name.selectAll()
    typist.type("c2")
    assert typist.form.header.reason.isVisible()
    typist.undo()
    assert (name.text(), typist.value("c1", "filters")) == ("c1", 16)
    assert not typist.form.header.reason.isVisible()
    typist.undo()
    assert (name.text(), typist.value("c1", "filters")) == ("c1", 8)


def test_a_given_name_is_undone_and_redone_in_its_field(typist: Typist) -> None:
    typist.window.document.select(("c1",))
    name = typist.form.header.name
    name.setFocus()
    name.selectAll()
    typist.type("first")
    typist.press(Key.Key_Return)
    assert "first" in typist.window.document.network.positions
    typist.undo()
    assert (name.text(), typist.steps) == ("c1", (0, 1))
    typist.redo()
    assert (name.text(), typist.steps) == ("first", (1, 1))


def test_copy_cut_and_paste_stay_those_of_the_text(typist: Typist) -> None:
    typist.editor("c1", "filters")
    before = typist.window.document.network
    typist.type("48")
    typist.press(Key.Key_A, CTRL)
    typist.press(Key.Key_X, CTRL)
    assert (typist.text, QApplication.clipboard().text()) == ("", "48")
    assert typist.window.document.network == before
    typist.press(Key.Key_V, CTRL)
    typist.press(Key.Key_V, CTRL)
    assert (typist.text, typist.value("c1", "filters")) == ("4848", 4848)
    assert len(typist.window.document.network.layers) == len(before.layers)


@pytest.mark.parametrize(("layer", "setting"), [("c1", "filters"), ("drop", "rate"), ("r", "scale")])
def test_the_menu_of_a_field_has_what_a_text_can_do_but_no_undo_of_its_own(
    typist: Typist, qtbot: QtBot, layer: str, setting: str
) -> None:
    typist.editor(layer, setting)
    place = typist.taker.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, typist.taker.mapToGlobal(place))
    QApplication.sendEvent(typist.taker, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [action.objectName() for action in menu.actions() if not action.isSeparator()] == [
        "edit-cut", "edit-copy", "edit-paste", "edit-delete", "select-all",
    ]  # fmt: skip
    with qtbot.waitSignal(menu.destroyed):
        menu.close()
