"""The training settings: every edit goes through the document, one named undo step each."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from cnnstudio.core.project import Project
from cnnstudio.core.project.training import SGD, Adam, RMSprop, TrainingSettings
from cnnstudio.core.templates import template
from cnnstudio.core.templates.transfer import CLOTHES
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.fields.choices import ComboEditor
from cnnstudio.gui.fields.composite import MaybeEditor
from cnnstudio.gui.fields.file_name import FileNameEditor
from cnnstudio.gui.fields.simple import ByChanceEditor, IntegerEditor, NumberEditor, SwitchEditor
from cnnstudio.gui.pages.train.form import TrainingForm
from cnnstudio.gui.theme.theme import Theme
from tests.core.pictures import stack

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def document(qapp: QApplication) -> Iterator[Document]:
    made = Document(Project(network=stack("rescale conv(8,3) maxpool flatten dense(10,softmax)")))
    yield made
    made.undo_stack.clear()


@pytest.fixture
def form(document: Document, theme: Theme, qtbot: QtBot) -> Iterator[TrainingForm]:
    made = TrainingForm(document, theme)
    qtbot.addWidget(made)
    made.resize(300, 800)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.start_note.close_jobs()


def training(document: Document) -> TrainingSettings:
    return document.project.training


def real(form: TrainingForm, name: str) -> NumberEditor:
    field = form.rows[name].editor
    assert isinstance(field, NumberEditor)
    return field


def whole(form: TrainingForm, name: str) -> IntegerEditor:
    field = form.rows[name].editor
    assert isinstance(field, IntegerEditor)
    return field


def choice(form: TrainingForm, name: str) -> ComboEditor:
    field = form.rows[name].editor
    assert isinstance(field, ComboEditor)
    return field


def optional(form: TrainingForm, name: str) -> MaybeEditor:
    field = form.rows[name].editor
    assert isinstance(field, MaybeEditor)
    return field


def test_every_setting_has_a_row_with_a_name_and_help(form: TrainingForm) -> None:
    assert set(form.rows) == {*TrainingSettings.model_fields, "optimizer.learning_rate"}
    for row in form.rows.values():
        row.editor.setFocus()
        taker = form.focusWidget()
        assert row.editor.isAncestorOf(taker)
        assert taker.accessibleName()
        assert taker.accessibleDescription()


def test_a_learning_rate_may_be_written_with_an_exponent_and_is_one_undo_step(
    form: TrainingForm, document: Document
) -> None:
    edit = real(form, "optimizer.learning_rate").field.edit
    edit.selectAll()
    QTest.keyClicks(edit, "5e-4")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert training(document).optimizer == Adam(learning_rate=5e-4)
    assert document.undo_stack.undoText() == "Change learning rate"
    document.undo_stack.undo()
    assert training(document).optimizer == Adam()
    assert edit.text() == "0.001"


@pytest.mark.parametrize("text", ["0", "-1", "1e9", "fast"])
def test_a_learning_rate_that_cannot_be_is_refused_in_place(
    form: TrainingForm, document: Document, text: str
) -> None:
    number = real(form, "optimizer.learning_rate").field
    number.edit.clear()
    QTest.keyClicks(number.edit, text)
    assert not number.is_valid()
    assert number.reason.isVisible()
    assert training(document).optimizer.learning_rate in (1e-3, 1.0)
    assert number.edit.text() == text


def test_another_optimizer_brings_its_own_settings(form: TrainingForm, document: Document) -> None:
    combo = choice(form, "optimizer").combo
    QTest.keyClick(combo, Qt.Key.Key_Down)
    assert training(document).optimizer == SGD()
    assert "optimizer.momentum" in form.rows
    edit = real(form, "optimizer.momentum").field.edit
    edit.selectAll()
    QTest.keyClicks(edit, "0.9")
    assert training(document).optimizer == SGD(momentum=0.9)
    QTest.keyClick(combo, Qt.Key.Key_Down)
    assert training(document).optimizer == RMSprop()
    assert "optimizer.momentum" not in form.rows
    document.undo_stack.undo()
    assert real(form, "optimizer.momentum").field.value() == 0.9


def test_the_batch_size_steps_by_powers_of_two(form: TrainingForm, document: Document) -> None:
    spin = whole(form, "batch_size").spin
    QTest.keyClick(spin, Qt.Key.Key_Up)
    QTest.keyClick(spin, Qt.Key.Key_Up)
    assert training(document).batch_size == 128
    document.undo_stack.undo()
    assert (training(document).batch_size, spin.value()) == (32, 32)


def test_early_stopping_goes_off_and_comes_back_with_its_patience(
    form: TrainingForm, document: Document
) -> None:
    field = optional(form, "patience")
    assert isinstance(field.inner, IntegerEditor)
    QTest.keyClick(field.inner.spin, Qt.Key.Key_Up)
    assert training(document).patience == 6
    QTest.keyClick(field.box, Qt.Key.Key_Space)
    assert training(document).patience is None
    assert not field.inner.isEnabled()
    QTest.keyClick(field.box, Qt.Key.Key_Space)
    assert training(document).patience == 6


def test_the_die_throws_another_seed_and_each_throw_can_be_undone(
    form: TrainingForm, document: Document
) -> None:
    field = form.rows["seed"].editor
    assert isinstance(field, ByChanceEditor)
    seeds = [training(document).seed]
    while len(set(seeds)) < 3:
        QTest.mouseClick(field.dice, LEFT)
        seeds.append(training(document).seed)
    before = list(dict.fromkeys(seeds))[-2]
    document.undo_stack.undo()
    assert training(document).seed == before
    assert field.spin.value() == before


def test_a_loss_that_does_not_fit_the_labels_is_said_there_and_mended_with_a_click(
    form: TrainingForm, document: Document
) -> None:
    assert form.notes.notes == []
    QTest.keyClick(choice(form, "loss").combo, Qt.Key.Key_Down)
    assert training(document).loss == "sparse_categorical_crossentropy"
    assert form.notes.isVisible()
    button = form.notes.notes[0].buttons[0]
    assert button.text().strip() == "Use categorical_crossentropy"
    QTest.mouseClick(button, LEFT)
    assert training(document).loss == "categorical_crossentropy"
    assert not form.notes.isVisible()


def test_from_logits_is_a_switch_that_names_what_no_longer_fits(
    form: TrainingForm, document: Document
) -> None:
    switch = form.rows["from_logits"].editor
    assert isinstance(switch, SwitchEditor)
    QTest.keyClick(switch.box, Qt.Key.Key_Space)
    assert training(document).from_logits
    assert "linear" in form.notes.notes[0].accessibleName()


def test_the_form_follows_the_document_without_making_steps(form: TrainingForm, document: Document) -> None:
    other = TrainingSettings(optimizer=SGD(momentum=0.5), epochs=7, patience=None, seed=3)
    document.apply("Other settings", document.project.with_training(other))
    assert document.undo_stack.count() == 1
    assert whole(form, "epochs").spin.value() == 7
    assert not optional(form, "patience").box.isChecked()
    assert real(form, "optimizer.momentum").field.value() == 0.5


def test_the_wheel_over_a_list_scrolls_the_page_and_changes_nothing(
    form: TrainingForm, document: Document
) -> None:
    from PySide6.QtCore import QPoint, QPointF
    from PySide6.QtGui import QWheelEvent

    combo = choice(form, "loss").combo
    combo.clearFocus()
    event = QWheelEvent(
        QPointF(5, 5), QPointF(combo.mapToGlobal(QPoint(5, 5))), QPoint(0, 0), QPoint(0, -120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(combo, event)
    assert not event.isAccepted()
    assert training(document).loss == "categorical_crossentropy"


def file_name(form: TrainingForm) -> FileNameEditor:
    field = form.rows["start_from"].editor
    assert isinstance(field, FileNameEditor)
    return field


def test_weights_to_start_from_are_chosen_and_what_fits_is_said(
    form: TrainingForm, document: Document, qtbot: QtBot
) -> None:
    assert form.start_note.isHidden()
    document.open(template("transfer").project((28, 28, 1), 10), None)
    qtbot.waitUntil(lambda: form.start_note.fit.isVisible())
    assert form.start_note.fit.text() == (
        "With weights of clothes.weights.h5: conv1, conv2 and conv3; at random: output."
    )
    assert file_name(form).edit.text() == CLOTHES
    document.apply_network("Rename", document.network.renamed("conv2", "second"))
    qtbot.waitUntil(lambda: "at random: second and output" in form.start_note.fit.text())


def test_a_file_that_cannot_be_read_is_said_where_it_is_chosen(
    form: TrainingForm, document: Document, qtbot: QtBot, tmp_path: Path
) -> None:
    file_name(form).choose(str(tmp_path / "gone.h5"))
    qtbot.waitUntil(lambda: form.start_note.failure.isVisible())
    assert "There is no file" in form.start_note.failure.text()
    assert training(document).start_from == str(tmp_path / "gone.h5")
    document.undo_stack.undo()
    assert training(document).start_from is None
    assert file_name(form).edit.text() == ""
    assert form.start_note.isHidden()


def test_a_typed_path_is_one_step_and_an_emptied_field_is_no_file(
    form: TrainingForm, document: Document, qtbot: QtBot
) -> None:
    edit = file_name(form).edit
    edit.setFocus()
    QTest.keyClicks(edit, CLOTHES)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert (training(document).start_from, document.undo_stack.count()) == (CLOTHES, 1)
    edit.selectAll()
    QTest.keyClick(edit, Qt.Key.Key_Delete)
    assert (training(document).start_from, document.undo_stack.count()) == (None, 2)
    assert form.start_note.isHidden()


def test_the_file_dialog_takes_one_file(
    form: TrainingForm, document: Document, qtbot: QtBot, tmp_path: Path
) -> None:
    chosen = tmp_path / "best.weights.h5"
    chosen.touch()
    QTest.mouseClick(file_name(form).button, LEFT)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions()] == ["Choose a file…", "", "Included: clothes"]
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    dialog = form.findChild(QFileDialog)
    assert dialog is not None
    assert "*.keras" in dialog.nameFilters()[0]
    dialog.fileSelected.emit(str(chosen))
    dialog.reject()
    assert training(document).start_from == str(chosen)


def test_included_weights_are_a_click_away(form: TrainingForm, document: Document) -> None:
    QTest.mouseClick(file_name(form).button, LEFT)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(menu.actions()[-1]).center())
    assert training(document).start_from == CLOTHES
    assert QApplication.activePopupWidget() is None


def test_an_answer_about_another_file_is_not_shown(
    form: TrainingForm, document: Document, qtbot: QtBot, tmp_path: Path
) -> None:
    gone = tmp_path / "gone.h5"
    file_name(form).choose(str(gone))
    qtbot.waitUntil(lambda: form.start_note.failure.isVisible())
    file_name(form).choose(CLOTHES)
    assert form.start_note.failure.isHidden()
    qtbot.waitUntil(lambda: not form.start_note.is_looking)
    file_name(form).choose(str(gone))
    qtbot.waitUntil(lambda: form.start_note.failure.isVisible())
    gone.write_bytes(b"no weights")
    form.hide()
    form.show()
    qtbot.waitUntil(lambda: "neither HDF5" in form.start_note.failure.text())


def test_a_broken_network_is_said_to_be_the_reason(
    form: TrainingForm, document: Document, qtbot: QtBot
) -> None:
    file_name(form).choose(CLOTHES)
    document.apply_network("Break", stack("conv(8,3) flatten conv(8,3)"))
    qtbot.waitUntil(lambda: "no mistake" in form.start_note.failure.text())


def test_a_path_at_home_is_made_whole(form: TrainingForm, document: Document) -> None:
    edit = file_name(form).edit
    edit.setFocus()
    QTest.keyClicks(edit, "~/a.h5")
    assert training(document).start_from == str(Path.home() / "a.h5")
