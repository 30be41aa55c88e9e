"""Typing, clicking and stepping in the form; undo steps, refusals, several layers, highlight."""

from collections.abc import Callable
from typing import TypeAlias

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from cnnstudio.core.layers import Conv2D
from cnnstudio.core.layers.initializers import HeNormal, RandomUniform
from cnnstudio.core.project import Project
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.fields.choices import ComboEditor
from cnnstudio.gui.fields.composite import MaybeEditor, PartsEditor
from cnnstudio.gui.fields.row import FieldRow
from cnnstudio.gui.fields.simple import IntegerEditor, NumberEditor, SwitchEditor
from cnnstudio.gui.fields.sizes import SizesEditor
from cnnstudio.gui.fields.variants import VariantsEditor
from cnnstudio.gui.pages.builder.form.body import FormBody
from cnnstudio.gui.pages.builder.form.header import about
from cnnstudio.gui.pages.builder.form.layer_form import LayerForm
from cnnstudio.gui.pages.builder.form.sources import ManySourcesEditor, OneSourceEditor
from cnnstudio.gui.theme.theme import Theme
from tests.core.pictures import stack
from tests.gui.drive import change, click, toggle_item, write, write_number

Open: TypeAlias = Callable[..., tuple[Document, LayerForm]]
PICTURE = "c1=conv(8,3) c2=conv(8,5) bn=bn p=maxpool add=add<-c1,c2 drop=dropout flat=flatten out=dense(10)"


@pytest.fixture
def opened(qtbot: QtBot, theme: Theme) -> Open:
    def make(*names: str, picture: str = PICTURE) -> tuple[Document, LayerForm]:
        document = Document(Project(network=stack(picture)))
        form = LayerForm(document, theme)
        qtbot.addWidget(form)
        document.setParent(form)
        form.resize(324, 900)
        form.show()
        document.select(names)
        QApplication.processEvents()
        return document, form

    return make


def body(form: LayerForm) -> FormBody:
    assert form.body is not None
    return form.body


def row(form: LayerForm, name: str) -> FieldRow:
    """The row of a setting, unfolded where it is one that is seldom set."""
    made = body(form)
    if name not in made.rows:
        assert made.more is not None
        made.more.set_folded(False)
    return made.rows[name]


def integer(form: LayerForm, name: str) -> IntegerEditor:
    editor = row(form, name).editor
    assert isinstance(editor, IntegerEditor)
    return editor


def conv(document: Document, name: str = "c1") -> Conv2D:
    layer = document.network.layer(name)
    assert isinstance(layer, Conv2D)
    return layer


def input_sizes(document: Document) -> list[int | None]:
    return list(document.network.input_shape)


def leave(widget: QWidget) -> None:
    """Take the keyboard focus away by Tab."""
    QTest.keyClick(widget, Qt.Key.Key_Tab)


def test_nothing_selected_says_what_to_do(opened: Open) -> None:
    _, form = opened()
    assert form.body is None
    assert form.empty.isVisible()
    assert form.empty.sentence.text().startswith("Select a layer")


def test_layers_of_different_types_are_not_edited_together(opened: Open) -> None:
    document, form = opened("c1", "flat")
    assert form.body is None
    assert form.empty.title.text() == "Layers of different types"
    document.select(("c1",))
    assert not form.empty.isVisible()
    assert form.header.badge.text() == "Conv2D"
    assert form.header.about.text() == "Slides kernels over a map; each gives one feature map."


def test_typing_a_number_is_one_undo_step_named_after_setting_and_layer(opened: Open) -> None:
    document, form = opened("c1")
    spin = integer(form, "filters").spin
    write_number(spin, "128")
    assert conv(document).filters == 128
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Set filters of c1"
    document.undo_stack.undo()
    assert conv(document).filters == 8
    assert spin.text() == "8"


def test_leaving_a_field_ends_the_undo_step(opened: Open) -> None:
    document, form = opened("c1")
    spin = integer(form, "filters").spin
    write_number(spin, "12")
    leave(spin)
    write_number(spin, "16")
    assert document.undo_stack.count() == 2
    document.undo_stack.undo()
    assert conv(document).filters == 12


def test_a_field_that_was_only_visited_adds_no_step(opened: Open) -> None:
    document, form = opened("c1")
    spin = integer(form, "filters").spin
    spin.setFocus()
    leave(spin)
    QTest.keyClick(spin, Qt.Key.Key_Return)
    assert document.undo_stack.count() == 0


def test_filters_step_by_powers_of_two_and_groups_stay_in_range(opened: Open) -> None:
    document, form = opened("c1")
    spin = integer(form, "filters").spin
    spin.setFocus()
    for expected in (16, 32):
        QTest.keyClick(spin, Qt.Key.Key_Up)
        assert conv(document).filters == expected
    write_number(spin, "1")
    assert not spin.stepEnabled() & spin.StepEnabledFlag.StepDownEnabled
    QTest.keyClick(spin, Qt.Key.Key_Down)
    assert conv(document).filters == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0", "0 is too small: at least 1."),
        ("-3", "-3 is too small: at least 1."),
        ("99999999999", "99,999,999,999 is too large: at most 1,000,000."),
        ("12x", "“12x” is no whole number."),
        ("", "Write a whole number."),
    ],
)
def test_text_that_is_no_number_stays_as_written_with_the_reason(
    text: str, reason: str, opened: Open
) -> None:
    document, form = opened("c2")
    spin = integer(form, "filters").spin
    write_number(spin, text)
    leave(spin)
    assert spin.text() == text
    assert row(form, "filters").reason.text() == reason
    assert row(form, "filters").reason.isVisible()
    assert spin.property("invalid") == "true"
    # What was a number on its way was taken and given back.
    assert conv(document, "c2").filters == 8
    assert document.undo_stack.count() == 0
    write_number(spin, "24")
    assert conv(document, "c2").filters == 24
    assert not row(form, "filters").reason.isVisible()


def test_an_edit_elsewhere_leaves_unfinished_text_alone(opened: Open) -> None:
    document, form = opened("c1")
    write_number(integer(form, "filters").spin, "")
    network = document.network
    document.apply_network("Other", network.replaced("c1", conv(document).updated(padding="valid")))
    assert integer(form, "filters").spin.text() == ""
    assert row(form, "filters").reason.text() == "Write a whole number."


def test_another_selection_starts_afresh(opened: Open) -> None:
    document, form = opened("c1")
    write_number(integer(form, "filters").spin, "")
    document.select(("c2",))
    assert integer(form, "filters").spin.text() == "8"
    assert row(form, "filters").reason.text() == ""


def test_the_form_of_a_type_is_made_once(opened: Open) -> None:
    document, form = opened("c1")
    first = form.body
    document.select(("flat",))
    document.select(("c2",))
    assert form.body is first
    document.apply_network("Set", document.network.replaced("c2", conv(document, "c2").updated(filters=3)))
    assert form.body is first
    assert integer(form, "filters").spin.text() == "3"


def test_linked_kernel_sizes_change_together_until_they_are_unlinked(opened: Open) -> None:
    document, form = opened("c1")
    editor = row(form, "kernel_size").editor
    assert isinstance(editor, PartsEditor)
    assert editor.link is not None
    height, width = (part.spin for part in editor.parts if isinstance(part, IntegerEditor))
    write_number(height, "5")
    assert conv(document).kernel_size == (5, 5)
    click(editor.link)
    write_number(width, "7")
    assert conv(document).kernel_size == (5, 7)
    click(editor.link)
    assert conv(document).kernel_size == (5, 5)
    assert width.text() == "5"


def test_a_kernel_with_two_sizes_is_shown_unlinked(opened: Open) -> None:
    document, form = opened("flat")
    document.apply_network("x", document.network.replaced("c1", conv(document).updated(kernel_size=(1, 7))))
    document.select(("c1",))
    editor = row(form, "kernel_size").editor
    assert isinstance(editor, PartsEditor)
    assert editor.link is not None
    assert not editor.link.isChecked()


def test_freeze_is_the_opposite_of_trainable(opened: Open) -> None:
    document, form = opened("c1")
    editor = row(form, "trainable").editor
    assert isinstance(editor, SwitchEditor)
    assert (editor.box.text(), editor.box.isChecked()) == ("Freeze", False)
    click(editor.box)
    assert not conv(document).trainable
    assert editor.box.isChecked()


def test_each_choice_is_a_step_of_its_own(opened: Open) -> None:
    document, form = opened("c1")
    editor = row(form, "activation").editor
    assert isinstance(editor, ComboEditor)
    change(editor)
    change(editor)
    assert document.undo_stack.count() == 2


def test_a_share_is_typed_and_one_is_refused(opened: Open) -> None:
    document, form = opened("drop")
    editor = row(form, "rate").editor
    assert isinstance(editor, NumberEditor)
    write(editor.field.edit, "0.5")
    write(editor.field.edit, "1")
    assert editor.field.reason.text() == "Must be below 1."
    # The whole gesture is taken back, not only its last stroke.
    assert document.network.layer("drop").model_dump()["rate"] == 0.25


def test_the_stride_of_a_pool_is_off_until_it_is_set(opened: Open) -> None:
    document, form = opened("p")
    editor = row(form, "strides").editor
    assert isinstance(editor, MaybeEditor)
    assert not editor.inner.isVisible()
    click(editor.box)
    assert editor.inner.isVisible()
    assert document.network.layer("p").model_dump()["strides"] == (1, 1)
    click(editor.box)
    assert document.network.layer("p").model_dump()["strides"] is None
    assert document.undo_stack.count() == 2


def test_a_size_of_the_input_is_open_when_it_is_empty(opened: Open) -> None:
    document, form = opened("input")
    editor = row(form, "shape").editor
    assert isinstance(editor, SizesEditor)
    write_number(editor.cells[0][1], "")
    assert document.network.input_shape == (None, 28, 1)
    write_number(editor.cells[2][1], "0")
    assert row(form, "shape").reason.text() == "0 is too small: at least 1."
    assert document.network.input_shape == (None, 28, 1)


def test_the_input_becomes_a_sequence_and_back_an_image(opened: Open) -> None:
    document, form = opened("input", picture="flatten")
    editor = row(form, "shape").editor
    assert isinstance(editor, SizesEditor)
    assert isinstance(editor.rank, ComboEditor)
    editor.rank.combo.setCurrentText("sequence")
    assert input_sizes(document) == [28, 1]
    assert [cell.isVisibleTo(form) for cell, _, _ in editor.cells] == [True, True, False, False]
    editor.rank.combo.setCurrentText("image")
    assert input_sizes(document) == [28, 28, 1]


def test_an_initializer_brings_fields_of_its_own(opened: Open) -> None:
    document, form = opened("c1")
    assert body(form).more is not None
    editor = row(form, "kernel_initializer").editor
    assert isinstance(editor, VariantsEditor)
    editor.choice.combo.setCurrentText("RandomUniform")
    assert conv(document).kernel_initializer == RandomUniform()
    lowest = next(one for one in editor.rows if one.setting.name == "minval")
    assert isinstance(lowest.editor, NumberEditor)
    write(lowest.editor.field.edit, "-0.5")
    assert conv(document).kernel_initializer == RandomUniform(minval=-0.5)
    editor.choice.combo.setCurrentText("HeNormal")
    assert conv(document).kernel_initializer == HeNormal()
    assert [one.setting.name for one in editor.rows] == ["seed"]


def test_the_fields_of_another_initializer_are_there_with_the_key_that_chose_it(opened: Open) -> None:
    _, form = opened("c1")
    editor = row(form, "kernel_initializer").editor
    assert isinstance(editor, VariantsEditor)
    form.activateWindow()
    QApplication.processEvents()
    for _ in range(3):
        before = editor.rows
        QTest.keyClick(editor.choice.combo, Qt.Key.Key_Down)
        assert editor.rows != before
        assert all(one.isVisible() for one in editor.rows), "not a turn of the event loop later"


def test_seldom_settings_are_folded_until_one_is_changed(opened: Open) -> None:
    document, form = opened("c1")
    more = body(form).more
    assert more is not None
    assert more.is_folded()
    changed = conv(document, "c2").updated(groups=2)
    document.apply_network("Set", document.network.replaced("c2", changed))
    document.select(("c2",))
    assert not more.is_folded()
    assert more.heading.text() == "More settings · 1 changed"


def test_a_layer_takes_an_earlier_one_by_the_list_of_names(opened: Open) -> None:
    document, form = opened("p")
    editor = row(form, "inputs").editor
    assert isinstance(editor, OneSourceEditor)
    assert [editor.combo.itemText(at) for at in range(editor.combo.count())] == [
        "the layer above", "bn", "c2", "c1", "input",
    ]  # fmt: skip
    editor.combo.setCurrentText("c1")
    assert document.network.layer("p").inputs == ("c1",)
    editor.combo.setCurrentIndex(0)
    assert document.network.layer("p").inputs == ()


def test_the_named_input_stays_shown_when_other_layers_come_to_stand_above(opened: Open) -> None:
    document, form = opened("p")
    editor = row(form, "inputs").editor
    assert isinstance(editor, OneSourceEditor)
    editor.combo.setCurrentText("c1")
    document.apply_network("Move c1 down", document.network.moved("c2", 1))
    assert editor.combo.currentText() == "c1"


def test_a_merging_layer_takes_what_is_checked_in_the_order_of_checking(opened: Open) -> None:
    document, form = opened("add")
    editor = row(form, "inputs").editor
    assert isinstance(editor, ManySourcesEditor)
    rows = {editor.list.item(at).text(): at for at in range(editor.list.count())}
    assert list(rows) == ["c2", "c1", "p", "bn", "input"]
    toggle_item(editor.list, rows["c1"])
    assert document.network.layer("add").inputs == ("c2",)
    toggle_item(editor.list, rows["bn"])
    assert document.network.layer("add").inputs == ("c2", "bn")
    assert document.undo_stack.count() == 2


def test_a_new_joint_shows_the_layer_above_and_keeps_it_when_another_is_checked(opened: Open) -> None:
    document, form = opened("add", picture="c1=conv(8,3) c2=conv(8,5) add=add flat=flatten out=dense(10)")
    editor = row(form, "inputs").editor
    assert isinstance(editor, ManySourcesEditor)
    boxes = [editor.list.item(at) for at in range(editor.list.count())]
    assert [box.checkState() == Qt.CheckState.Checked for box in boxes] == [True, False, False]
    toggle_item(editor.list, 1)
    assert document.network.layer("add").inputs == ("c2", "c1")
    toggle_item(editor.list, 1)
    toggle_item(editor.list, 0)
    assert document.network.inputs_of(3) == ("c2",)
    assert boxes[0].checkState() == Qt.CheckState.Checked, "it takes the layer above all the same"


def test_several_layers_show_mixed_values_and_change_in_one_step(opened: Open) -> None:
    document, form = opened("c1", "c2")
    assert form.header.name.text() == "2 layers"
    assert form.header.name.isReadOnly()
    assert "inputs" not in body(form).rows
    editor = row(form, "kernel_size").editor
    assert isinstance(editor, PartsEditor)
    assert isinstance(editor.parts[0], IntegerEditor)
    spin = editor.parts[0].spin
    assert (spin.text(), spin.lineEdit().placeholderText()) == ("", "mixed")
    assert integer(form, "filters").spin.text() == "8"
    # 5 is what the second layer has already: it still is a change of the first.
    write_number(spin, "5")
    assert [conv(document, name).kernel_size for name in ("c1", "c2")] == [(5, 5), (5, 5)]
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Set kernel of 2 layers"
    document.undo_stack.undo()
    assert spin.text() == ""


def test_mixed_choices_and_switches_are_shown_as_such(opened: Open) -> None:
    document, form = opened("out")
    changed = conv(document).updated(padding="valid", use_bias=False)
    document.apply_network("Set", document.network.replaced("c1", changed))
    document.select(("c1", "c2"))
    padding, bias = row(form, "padding").editor, row(form, "use_bias").editor
    assert isinstance(padding, ComboEditor)
    assert isinstance(bias, SwitchEditor)
    assert padding.combo.currentIndex() == -1
    assert bias.box.checkState() == Qt.CheckState.PartiallyChecked
    click(bias.box)
    assert [conv(document, name).use_bias for name in ("c1", "c2")] == [True, True]
    assert bias.box.checkState() == Qt.CheckState.Checked


def test_the_name_is_changed_in_place_and_followed_by_those_that_take_it(opened: Open) -> None:
    document, form = opened("c1")
    write(form.header.name, "first")
    assert "first" not in document.network.positions
    QTest.keyClick(form.header.name, Qt.Key.Key_Return)
    assert document.network.layer("add").inputs == ("first", "c2")
    assert document.selection == ("first",)
    assert document.undo_stack.undoText() == "Rename c1 to first"
    document.undo_stack.undo()
    assert form.header.name.text() == "c1"


@pytest.mark.parametrize(
    ("name", "reason"),
    [("c2", "Another layer is named 'c2' already"), ("", "A name has 1 to 120 characters"), (" x", "A name")],
)
def test_a_name_that_is_refused_says_why_and_changes_nothing(name: str, reason: str, opened: Open) -> None:
    document, form = opened("c1")
    write(form.header.name, name)
    assert form.header.reason.text().startswith(reason)
    QTest.keyClick(form.header.name, Qt.Key.Key_Return)
    assert document.undo_stack.count() == 0
    QTest.keyClick(form.header.name, Qt.Key.Key_Escape)
    assert form.header.name.text() == "c1"
    assert not form.header.reason.isVisible()


def test_a_setting_is_lit_and_goes_out_again(opened: Open) -> None:
    _, form = opened("c1")
    form.set_highlight("filters")
    assert [name for name, one in body(form).rows.items() if one.is_highlighted()] == ["filters"]
    lit = row(form, "filters").grab().toImage()
    form.set_highlight(None)
    assert not any(one.is_highlighted() for one in body(form).rows.values())
    assert row(form, "filters").grab().toImage() != lit


def test_a_setting_that_is_asked_for_is_unfolded_and_gets_the_keyboard(opened: Open) -> None:
    _, form = opened("c1")
    form.focus_setting("groups")
    more = body(form).more
    assert more is not None
    assert not more.is_folded()
    focused = QApplication.focusWidget()
    assert focused is not None
    assert row(form, "groups").isAncestorOf(focused)


@pytest.mark.parametrize(("name", "first"), [("c1", "filters"), ("add", "inputs"), ("flat", None)])
def test_the_first_field_takes_the_keyboard_or_else_the_name(
    name: str, first: str | None, opened: Open
) -> None:
    _, form = opened(name)
    form.focus_first_field()
    focused = QApplication.focusWidget()
    assert focused is not None
    assert form.header.name is focused if first is None else row(form, first).isAncestorOf(focused)


def test_a_section_that_was_unfolded_stays_so_for_the_next_layer(opened: Open) -> None:
    document, form = opened("c1")
    more = body(form).more
    assert more is not None
    click(more.heading)
    document.select(("c2",))
    assert not more.is_folded()
    click(more.heading)
    document.select(("c1",))
    assert more.is_folded()


def test_a_reason_is_told_to_screen_readers_too(opened: Open) -> None:
    _, form = opened("c1")
    spin = integer(form, "filters").spin
    write_number(spin, "0")
    assert spin.accessibleDescription().startswith("0 is too small")
    write_number(spin, "4")
    assert spin.accessibleDescription() == row(form, "filters").setting.help


def test_every_title_can_be_read_at_the_width_of_the_side_panel(opened: Open) -> None:
    _, form = opened("c1")
    assert form.minimumSizeHint().width() <= 324
    more = body(form).more
    assert more is not None
    more.set_folded(False)
    QApplication.processEvents()
    for one in body(form).rows.values():
        assert one.editor.geometry().right() <= one.width()
        for edit in one.findChildren(QLineEdit):
            assert not edit.isVisible() or edit.width() >= 24, one.setting.name


def test_what_a_layer_does_is_its_first_sentence_without_marks() -> None:
    assert about(Conv2D) == "Slides kernels over a map; each gives one feature map."


def test_the_title_of_a_list_stands_beside_its_first_line(opened: Open) -> None:
    _, form = opened("add")
    inputs = row(form, "inputs")
    editor = inputs.editor
    assert isinstance(editor, ManySourcesEditor)
    first = editor.list.visualItemRect(editor.list.item(0))
    line = editor.list.viewport().mapTo(inputs, first.center()).y()
    assert inputs.title.geometry().center().y() == pytest.approx(line, abs=3)


def test_the_inputs_that_are_taken_come_first_and_stay_where_they_are_while_checked(opened: Open) -> None:
    layers = " ".join(f"c{at}=conv(4,3,same)" for at in range(8))
    document, form = opened("s", picture=f"{layers} s=add<-c0,c3")
    editor = row(form, "inputs").editor
    assert isinstance(editor, ManySourcesEditor)

    def shown() -> list[str]:
        return [editor.list.item(at).text() for at in range(editor.list.count())]

    before = shown()
    assert before[:4] == ["c3", "c0", "c7", "c6"]
    assert editor.list.item(0).toolTip() == "c3"
    toggle_item(editor.list, 3)
    assert shown() == before
    assert document.network.layer("s").inputs == ("c0", "c3", "c6")


def test_a_long_name_shows_its_start_and_is_whole_in_the_tooltip(opened: Open) -> None:
    name = "a_name_out_of_nested_scopes_" * 3
    _, form = opened(name, picture=f"{name}=flatten")
    assert form.header.name.cursorPosition() == 0
    assert name in form.header.name.toolTip()


def test_a_stride_that_is_not_set_says_what_it_is_then(opened: Open) -> None:
    _, form = opened("p")
    editor = row(form, "strides").editor
    assert isinstance(editor, MaybeEditor)
    assert (editor.box.text(), editor.without.text()) == ("Own value", "as the pool")
    click(editor.box)
    assert not editor.without.isVisible()
