"""A text that is refused stays as written, and nothing of it in the network."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cnnstudio.core.layers import Normalization
from cnnstudio.core.layers.initializers import RandomUniform
from cnnstudio.core.project import Project
from cnnstudio.gui.fields.composite import MaybeEditor, PartsEditor
from cnnstudio.gui.fields.editor import Editor
from cnnstudio.gui.fields.sizes import SizesEditor
from cnnstudio.gui.fields.variants import VariantsEditor
from cnnstudio.gui.window.main_window import MainWindow
from tests.gui import edits
from tests.gui.typist import Key, Typist, line_in, reasons, typist_at


@pytest.fixture
def typist(window: MainWindow, qtbot: QtBot) -> Typist:
    return typist_at(window, qtbot)


@pytest.mark.parametrize(
    ("layer", "setting", "typed", "reason"),
    [
        ("c1", "filters", "1e9", "“1e9” is no whole number."),
        ("drop", "rate", "0x10", "“0x10” is not a number. Write it like 0.001 or 1e-3."),
        ("bn", "axis", "3.5", "“3.5” is no whole number."),
        ("r", "scale", "2,z", "“z” is no number. Write numbers with commas between them."),
    ],
)
def test_a_text_that_becomes_unreadable_gives_back_what_was_taken_of_it(
    typist: Typist, layer: str, setting: str, typed: str, reason: str
) -> None:
    editor = typist.editor(layer, setting)
    before, shown = typist.value(layer, setting), typist.text
    typist.type(typed)
    line, taker = typist.line, typist.taker
    typist.press(Key.Key_Tab)
    assert typist.taker is not taker
    assert (typist.value(layer, setting), line.text(), typist.steps) == (before, typed, (0, 0))
    assert reasons(typist.row(setting)) == [reason]
    typist.focused(editor)
    typist.undo()
    assert (typist.text, typist.steps) == (shown, (0, 0))
    assert reasons(typist.row(setting)) == []


def test_a_text_that_can_be_read_again_is_one_step_from_before_the_gesture(typist: Typist) -> None:
    typist.editor("c1", "filters")
    typist.type("1e")
    assert typist.steps == (0, 0)
    typist.press(Key.Key_Backspace)
    assert (typist.value("c1", "filters"), typist.steps) == (1, (1, 1))
    typist.type("2")
    typist.undo()
    assert (typist.value("c1", "filters"), typist.text, typist.steps) == (8, "8", (0, 1))


def test_the_panel_tells_of_no_change_once_the_text_is_refused(typist: Typist) -> None:
    change = typist.window.pages.build.panel.shapes.change.change
    typist.editor("c1", "filters")
    typist.type("9")
    assert change.text().startswith("+")
    typist.type("z")
    assert change.text() == ""
    assert not change.isVisible()


def test_the_step_before_the_refused_text_stays(typist: Typist) -> None:
    typist.editor("c1", "filters")
    typist.type("16")
    typist.press(Key.Key_Return)
    typist.line.selectAll()
    typist.type("3x")
    assert (typist.value("c1", "filters"), typist.steps) == (16, (1, 1))


@pytest.mark.parametrize(
    ("layer", "setting", "key", "text"),
    [("c1", "filters", Key.Key_Up, "16"), ("drop", "rate", Key.Key_Down, "0.2")],
)
@pytest.mark.parametrize("rubbish", ["abc", "0x10", "1,5"])
def test_a_text_refused_after_a_step_of_the_arrows_leaves_the_step(
    typist: Typist, layer: str, setting: str, key: Key, text: str, rubbish: str
) -> None:
    typist.editor(layer, setting)
    before = typist.value(layer, setting)
    typist.press(key)
    stepped = typist.value(layer, setting)
    assert stepped != before
    typist.line.selectAll()
    typist.type(rubbish)
    assert (typist.value(layer, setting), typist.text, typist.steps) == (stepped, rubbish, (1, 1))
    typist.undo()
    assert (typist.text, typist.steps) == (text, (1, 1))
    typist.undo()
    assert (typist.value(layer, setting), typist.steps) == (before, (0, 1))
    typist.redo()
    assert (typist.value(layer, setting), typist.steps) == (stepped, (1, 1))


def test_what_is_typed_after_a_step_of_the_arrows_is_a_step_of_its_own(typist: Typist) -> None:
    typist.editor("c1", "filters")
    typist.press(Key.Key_Up)
    typist.type("5")
    typist.press(Key.Key_Up)
    assert (typist.value("c1", "filters"), typist.steps) == (8, (2, 2))
    typist.undo()
    assert (typist.value("c1", "filters"), typist.steps) == (16, (1, 2))


def test_what_the_layer_refuses_after_a_step_leaves_the_step(typist: Typist) -> None:
    typist.editor("shape", "target_shape")
    typist.type("8, -1")
    typist.press(Key.Key_Return)
    step = typist.value("shape", "target_shape")
    typist.line.selectAll()
    typist.type("-1, -1")
    assert typist.row("target_shape").reason.isVisible()
    assert (typist.value("shape", "target_shape"), typist.steps) == (step, (1, 1))


def test_an_optional_value_that_differs_is_set_for_all_once_it_is_typed(typist: Typist) -> None:
    document = typist.window.document
    network = document.network.inserted(2, Normalization(name="n2", mean=2.0, variance=1.0))
    normal = network.layer("n").updated(mean=1.0, variance=1.0)
    document.open(Project(network=network.replaced("n", normal)), None)
    document.select(("n", "n2"))
    editor = typist.row("mean").editor
    assert isinstance(editor, MaybeEditor)
    assert editor.box.checkState() == Qt.CheckState.PartiallyChecked
    typist.focused(editor.inner)
    typist.type("3")
    assert (typist.value("n", "mean"), typist.value("n2", "mean")) == (3.0, 3.0)
    assert (editor.box.checkState(), editor.box.isTristate()) == (Qt.CheckState.Checked, False)
    typist.type("z")
    assert (typist.value("n", "mean"), typist.value("n2", "mean")) == (1.0, 2.0)
    typist.undo()
    assert editor.box.checkState() == Qt.CheckState.PartiallyChecked


def test_linked_sizes_are_given_back_together(typist: Typist) -> None:
    editor = typist.editor("c1", "kernel_size")
    assert isinstance(editor, PartsEditor)
    typist.focused(editor.parts[0])
    typist.type("7x")
    assert typist.value("c1", "kernel_size") == (3, 3)
    assert [line_in(part).text() for part in editor.parts] == ["7x", "3"]


def test_a_size_of_the_input_is_given_back(typist: Typist) -> None:
    editor = typist.editor("input", "shape")
    assert isinstance(editor, SizesEditor)
    editor.cells[0][1].setFocus()
    typist.line.selectAll()
    typist.type("3.5")
    assert (typist.value("input", "shape"), typist.text) == ((28, 28, 1), "3.5")


def test_a_field_of_an_initializer_is_given_back(typist: Typist) -> None:
    editor = typist.editor("c1", "kernel_initializer")
    assert isinstance(editor, VariantsEditor)
    seed = next(row for row in editor.rows if row.setting.name == "seed").editor
    assert isinstance(seed, MaybeEditor)
    typist.focused(seed)
    typist.press(Key.Key_Space)
    index = typist.steps
    before = typist.value("c1", "kernel_initializer")
    typist.focused(seed.inner)
    typist.type("1e9")
    assert (typist.value("c1", "kernel_initializer"), typist.text, typist.steps) == (before, "1e9", index)
    typist.undo()
    assert typist.text == "1"


def test_values_that_differ_differ_again_once_their_text_is_refused(typist: Typist) -> None:
    document = typist.window.document
    document.select(("c1", "c2"))
    editor = typist.row("kernel_size").editor
    assert isinstance(editor, PartsEditor)
    typist.focused(editor.parts[0])
    typist.type("7")
    assert typist.value("c1", "kernel_size") == typist.value("c2", "kernel_size") == (7, 7)
    typist.type("x")
    assert (typist.value("c1", "kernel_size"), typist.value("c2", "kernel_size")) == ((3, 3), (5, 5))
    assert [line_in(part).text() for part in editor.parts] == ["7x", ""]
    assert typist.steps == (0, 0)
    typist.undo()
    assert (typist.text, typist.line.placeholderText()) == ("", "mixed")


def test_what_the_layer_refuses_gives_back_what_was_taken_on_the_way_to_it(typist: Typist) -> None:
    typist.editor("shape", "target_shape")
    before = typist.value("shape", "target_shape")
    shown = typist.text
    typist.type("-1, -1")
    assert typist.row("target_shape").reason.text() == (
        "Only one size can be -1; it follows from the others."
    )
    assert (typist.value("shape", "target_shape"), typist.text) == (before, "-1, -1")
    assert typist.steps == (0, 0)
    typist.undo()
    assert (typist.text, typist.row("target_shape").reason.text()) == (shown, "")


def test_a_text_that_waits_for_another_setting_is_taken_with_it(typist: Typist) -> None:
    network = typist.window.document.network
    normal = network.layer("n").updated(mean=1.0, variance=2.0)
    typist.window.document.open(Project(network=network.replaced("n", normal)), None)
    mean, variance = (typist.editor("n", name) for name in ("mean", "variance"))
    assert isinstance(mean, MaybeEditor)
    assert isinstance(variance, MaybeEditor)
    typist.focused(mean.inner)
    typist.type("3, 4")
    assert typist.row("mean").reason.text() == "Mean and variance need the same number of values."
    assert (typist.value("n", "mean"), typist.steps) == (1.0, (0, 0))
    typist.focused(variance.inner)
    typist.type("5, 6")
    assert (typist.value("n", "mean"), typist.value("n", "variance")) == ((3.0, 4.0), (5.0, 6.0))
    typist.undo()
    assert (typist.value("n", "mean"), typist.steps) == (1.0, (0, 1))


@pytest.mark.parametrize("setting", ["kernel_size", "kernel_initializer"])
def test_a_refused_text_stays_when_its_neighbour_in_the_row_changes(typist: Typist, setting: str) -> None:
    if setting == "kernel_initializer":
        network = typist.window.document.network
        uniform = network.layer("c1").updated(kernel_initializer=RandomUniform())
        typist.window.document.open(Project(network=network.replaced("c1", uniform)), None)
    editor = typist.editor("c1", setting)
    first, second = neighbours(editor)
    typist.focused(first)
    typist.type("x")
    typist.focused(second)
    typist.type("9")
    assert (line_in(first).text(), line_in(second).text()) == ("x", "9")
    assert len(reasons(typist.row(setting))) == 1


def neighbours(editor: Editor) -> tuple[Editor, Editor]:
    """Two editors of one row that do not follow each other."""
    if isinstance(editor, PartsEditor):
        assert editor.link is not None
        editor.link.click()
        return editor.parts[0], editor.parts[1]
    assert isinstance(editor, VariantsEditor)
    by_name = {row.setting.name: row.editor for row in editor.rows}
    return by_name["minval"], by_name["maxval"]


def test_a_refused_size_of_the_input_stays_when_another_changes(typist: Typist) -> None:
    editor = typist.editor("input", "shape")
    assert isinstance(editor, SizesEditor)
    (_, height, _), (_, width, _) = editor.cells[:2]
    for spin, text in ((height, "x"), (width, "30")):
        spin.setFocus()
        spin.selectAll()
        typist.type(text)
    assert (height.text(), typist.value("input", "shape")) == ("x", (28, 30, 1))
    assert reasons(typist.row("shape")) == ["“x” is no whole number."]


def test_a_refused_text_is_not_left_in_the_form_of_the_layer_that_undo_selects(typist: Typist) -> None:
    document = typist.window.document
    document.select(("c1",))
    edits.duplicate_selected(document)
    (copy,) = document.selection
    typist.editor(copy, "filters")
    typist.type("1z")
    document.undo_stack.undo()
    assert document.selection == ("c1",)
    assert line_in(typist.row("filters")).text() == "8"
    assert reasons(typist.row("filters")) == []
