"""The window: commands, files, messages, and closing without losing anything."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFileDialog,
    QMessageBox,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cnnstudio.core.layers import Dropout
from cnnstudio.core.project import Project, to_json
from cnnstudio.core.project.data import DataChoice, Preparation
from cnnstudio.core.project.sources import Folder, Included
from cnnstudio.engine.files.projects import sample_project
from cnnstudio.engine.files.resources import resource_path
from cnnstudio.engine.training import trainer
from cnnstudio.engine.training.events import Finished
from cnnstudio.engine.training.stopping import ShouldStop
from cnnstudio.engine.training.trainer import Emit, TrainingJob
from cnnstudio.gui.commands.actions import ACTIONS
from cnnstudio.gui.commands.command_palette import CommandPalette, matches
from cnnstudio.gui.commands.shortcut_sheet import sheet_rows
from cnnstudio.gui.pages import TABS
from cnnstudio.gui.pages.data.cards import DatasetCard
from cnnstudio.gui.window.main_window import MainWindow
from cnnstudio.gui.window.settings import Settings
from tests.core.pictures import stack
from tests.gui.dragging import send_drop
from tests.gui.training_script import run_of, until_stopped

FIXTURE = Path(__file__).parent.parent / "fixtures" / "fer_emotion_mini_xception_keras2.0.5.hdf5"


def edit(window: MainWindow) -> None:
    window.document.apply_network("Edit", window.document.network.removed("pool2"))


def only_dialog(kind: type[QWidget]) -> QWidget:
    (dialog,) = [top for top in QApplication.topLevelWidgets() if isinstance(top, kind) and top.isVisible()]
    return dialog


def click(box: QWidget, text: str) -> None:
    (button,) = [b for b in box.findChildren(QAbstractButton) if b.text().replace("&", "") == text]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_it_opens_with_a_network_that_can_be_trained_at_once(window: MainWindow) -> None:
    assert window.pages.key == "build"
    assert not [finding for finding in window.document.findings if finding.severity == "error"]
    assert window.actions_by_id["train"].isEnabled()


def test_every_command_has_a_title_and_no_two_share_a_shortcut() -> None:
    shortcuts = [keys for spec in ACTIONS for keys in spec.shortcuts]
    assert len(shortcuts) == len(set(shortcuts))
    assert len({spec.id for spec in ACTIONS}) == len(ACTIONS)


def test_keys_and_tabs_lead_to_every_page_that_has_a_tab(window: MainWindow) -> None:
    for spec in reversed(TABS):
        QTest.keySequence(window, QKeySequence(spec.shortcut))
        assert (window.pages.key, window.header.pages.value()) == (spec.key, spec.key)
    for spec in reversed(TABS):
        QTest.mouseClick(window.header.pages.button(spec.key), Qt.MouseButton.LeftButton)
        assert window.pages.key == spec.key
        assert window.pages.currentWidget() is window.pages.page(spec.key)


def test_when_the_window_is_idle_the_pages_with_a_tab_are_made_and_no_other(window: MainWindow) -> None:
    assert window.pages.count() == 1
    for count in range(2, len(TABS) + 1):
        assert window.pages.make_next()
        assert window.pages.count() == count
    assert not window.pages.make_next()


@pytest.mark.parametrize("key", [Qt.Key.Key_Plus, Qt.Key.Key_Equal])
def test_text_grows_by_the_key_with_the_plus_with_and_without_shift(window: MainWindow, key: Qt.Key) -> None:
    QTest.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
    assert window.theme.text_scale == pytest.approx(1.1)


def test_as_many_steps_back_lead_to_the_same_size_of_text(window: MainWindow) -> None:
    columns = window.pages.build.columns
    before = columns.sizes()
    for key in 7 * [Qt.Key.Key_Plus] + 5 * [Qt.Key.Key_Minus]:
        QTest.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
        QApplication.processEvents()
    assert window.theme.text_scale == 1.0
    assert columns.sizes() == before


def test_a_field_that_goes_with_its_layer_gives_the_keyboard_to_the_stack(window: MainWindow) -> None:
    document, build = window.document, window.pages.build
    document.apply_network("Add", document.network.inserted(3, Dropout(name="drop2")))
    document.select(("drop2",))
    build.form.focus_first_field()
    field = QApplication.focusWidget()
    assert field is not None
    assert build.form.isAncestorOf(field)
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert "drop2" not in document.network.positions
    assert build.stack.hasFocus()


def test_undo_and_redo_by_keyboard(window: MainWindow) -> None:
    before = window.document.project
    edit(window)
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.document.project == before
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(window, Qt.Key.Key_Z, modifiers)
    assert "pool2" not in window.document.network.positions


def test_delete_removes_the_selected_layers_and_not_the_text_of_a_field(window: MainWindow) -> None:
    window.pages.build.stack.setFocus()
    window.document.select(("pool2",))
    QTest.keyClick(window.pages.build.stack, Qt.Key.Key_Delete)
    assert "pool2" not in window.document.network.positions
    window.document.select(("conv1",))
    window.pages.build.palette_panel.search.setFocus()
    QTest.keyClicks(window.pages.build.palette_panel.search, "a")
    QTest.keyClick(window.pages.build.palette_panel.search, Qt.Key.Key_Delete)
    assert "conv1" in window.document.network.positions


def test_the_title_and_the_header_show_unsaved_changes(window: MainWindow, tmp_path: Path) -> None:
    assert window.header.edited.isHidden()
    edit(window)
    assert window.isWindowModified()
    assert not window.header.edited.isHidden()
    window.document.saved_as(tmp_path / "net.cnnstudio")
    window.files.save()
    assert not window.isWindowModified()
    assert window.header.file_name.text() == "net.cnnstudio"
    assert json.loads((tmp_path / "net.cnnstudio").read_text())["format"] == "cnnstudio"


def test_saving_for_the_first_time_asks_for_a_file(window: MainWindow, tmp_path: Path) -> None:
    edit(window)
    QTest.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    dialog = only_dialog(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "first.cnnstudio"))
    dialog.close()
    assert (tmp_path / "first.cnnstudio").is_file()
    assert not window.document.is_modified


def test_opening_with_unsaved_work_asks_and_cancel_keeps_everything(
    window: MainWindow, tmp_path: Path
) -> None:
    edit(window)
    project = window.document.project
    window.open_path(resource_path("projects", "mnist.cnnstudio"))
    click(only_dialog(QMessageBox), "Cancel")
    assert window.document.project == project
    window.open_path(resource_path("projects", "mnist.cnnstudio"))
    click(only_dialog(QMessageBox), "Discard")
    assert window.document.path == resource_path("projects", "mnist.cnnstudio")


def test_a_foreign_file_gives_one_sentence_and_leaves_the_project(window: MainWindow, tmp_path: Path) -> None:
    project = window.document.project
    (tmp_path / "letter.cnnstudio").write_text("Dear Sir")
    window.open_path(tmp_path / "letter.cnnstudio")
    assert window.messages.isVisible()
    assert "letter.cnnstudio" in window.messages.text.text()
    assert window.document.project == project


def test_a_file_with_unknown_settings_is_opened_with_a_warning_that_names_them(
    window: MainWindow, tmp_path: Path
) -> None:
    document = json.loads(to_json(sample_project()))
    document["training"]["warmup"] = 3
    path = tmp_path / "newer.cnnstudio"
    path.write_text(json.dumps(document))
    window.open_path(path)
    assert window.document.path == path
    text = window.messages.text.text()
    assert text.startswith("Opened newer.cnnstudio. ")
    assert "training.warmup" in text
    assert window.messages.severity() == "warning"
    window.document.apply_network("Edit", window.document.network.removed("pool2"))
    window.files.save()
    assert json.loads(path.read_text())["training"]["warmup"] == 3


def test_a_project_that_cannot_be_written_stays_modified_and_says_so(
    window: MainWindow, tmp_path: Path
) -> None:
    edit(window)
    window.document.saved_as(tmp_path / "gone" / "net.cnnstudio")
    edit_again = window.document.network.removed("pool1")
    window.document.apply_network("Edit", edit_again)
    window.files.save()
    assert window.document.is_modified
    assert "net.cnnstudio" in window.messages.text.text()


def test_a_dropped_weights_file_opens_in_the_inspector(window: MainWindow, qtbot: QtBot) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(FIXTURE))])
    assert send_drop(window, mime, QPoint(300, 10))
    assert window.pages.key == "inspect"
    qtbot.waitUntil(lambda: window.pages.inspect.layers.model().rowCount() > 0, timeout=10_000)


def test_a_network_with_an_error_is_not_trained_and_the_layer_is_shown(window: MainWindow) -> None:
    window.document.apply_network("Break", stack("a=conv(4,9,valid) b=flatten dense(10,softmax)", (5, 5, 1)))
    window.starter.start()
    assert not window.training.is_running
    assert window.document.selection
    assert "cannot be trained yet" in window.messages.text.text()


def test_train_brings_the_findings_to_the_front_where_one_keeps_it_from_beginning(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.resize(960, 640)
    QApplication.processEvents()
    panel = window.pages.build.panel
    assert not panel.parts.is_stacked
    assert not panel.findings.isVisible()
    window.document.apply_network("Empty", stack("conv(8,3) dense(10)"))
    window.show_page("data")
    QTest.keyClick(window, Qt.Key.Key_F5)
    assert window.pages.key == "build"
    assert panel.findings.isVisible()
    qtbot.waitUntil(lambda: bool(panel.findings.cards))
    worst = panel.findings.cards[0]
    assert worst.finding.severity == "error"
    qtbot.waitUntil(lambda: not worst.visibleRegion().isEmpty())


def test_a_project_has_a_name_of_its_own_until_it_has_a_file(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    assert window.header.file_name.text() == "Sample project"
    window.show_page("start")
    card = next(one for one in window.pages.start.cards if one.template.key == "one-conv")
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    title = window.document.title
    assert title not in ("Sample project", "Untitled")
    assert window.header.file_name.text() == title
    assert window.windowTitle().startswith(title)
    QTest.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    dialog = only_dialog(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    assert [Path(name).stem for name in dialog.selectedFiles()] == [title.lower().replace(" ", "-")]
    dialog.close()
    window.document.open(sample_project(), None)
    assert window.header.file_name.text() == "Untitled"


def test_a_project_without_data_is_not_trained_and_the_data_page_is_shown(
    window: MainWindow, tmp_path: Path
) -> None:
    window.document.open(Project(network=window.document.network), None)
    window.starter.start()
    assert not window.training.is_running
    assert window.pages.key == "data"
    assert "No data are chosen" in window.messages.text.text()
    assert not (tmp_path / "runs").exists(), "no folder is made for a run that cannot be"


def test_a_run_folder_that_cannot_be_made_is_one_sentence(window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    window.run.runs_folder = tmp_path / "file"
    window.starter.start()
    assert not window.training.is_running
    assert window.messages.isVisible()


def test_closing_with_unsaved_work_asks_first(window: MainWindow) -> None:
    edit(window)
    window.close()
    assert window.isVisible()
    click(only_dialog(QMessageBox), "Cancel")
    assert window.isVisible()


@pytest.mark.timeout(180)
def test_closing_while_training_asks_stops_and_waits(window: MainWindow, qtbot: QtBot) -> None:
    window.starter.start()
    with qtbot.waitSignal(window.training.happened, timeout=60_000):
        pass
    window.close()
    assert window.isVisible()
    click(only_dialog(QMessageBox), "Stop and close")
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=60_000)
    assert not window.training.is_running


def test_what_is_told_to_a_window_that_has_closed_begins_nothing(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def whole(job: TrainingJob, emit: Emit, _should_stop: ShouldStop) -> None:
        for event in run_of(job.folder, [0.9, 0.5]):
            emit(event)
        emit(Finished(2, 0.5, job.folder, False))

    monkeypatch.setattr(trainer, "train", whole)
    window.starter.start()
    qtbot.waitUntil(lambda: not window.training.is_running)
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    # TensorFlow may have been loaded only now.
    window.selection_bar.allow_answers()
    assert not window.selection_bar.is_busy


def test_the_question_about_a_training_goes_when_the_training_has_ended(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer, "train", until_stopped)
    window.starter.start()
    window.close()
    only_dialog(QMessageBox)
    window.training.stop()
    qtbot.waitUntil(lambda: not window.training.is_running)
    assert not [top for top in QApplication.topLevelWidgets() if isinstance(top, QMessageBox)]
    assert window.isVisible()


def test_the_theme_switch_is_remembered(window: MainWindow, tmp_path: Path) -> None:
    before = window.theme.is_dark
    window.actions_by_id["toggle_theme"].trigger()
    assert window.theme.is_dark is not before
    assert Settings(tmp_path / "settings.ini").theme_mode == ("light" if before else "dark")


def test_the_command_palette_finds_and_runs_a_command(window: MainWindow) -> None:
    window.actions_by_id["commands"].trigger()
    palette = only_dialog(CommandPalette)
    assert isinstance(palette, CommandPalette)
    QTest.keyClicks(palette.search, "insp")
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert window.pages.key == "inspect"


def test_the_commands_have_their_icons_when_the_menu_opens(window: MainWindow) -> None:
    menu = window.header.menu_button.menu()
    assert menu is not None
    menu.aboutToShow.emit()
    bare = [spec.id for spec in ACTIONS if spec.icon and window.actions_by_id[spec.id].icon().isNull()]
    assert bare == []


def test_a_query_matches_words_in_any_order() -> None:
    assert matches("layers del", "Delete layers")
    assert not matches("delete page", "Delete layers")


def test_the_shortcut_sheet_names_every_shortcut_of_the_table() -> None:
    keys = {row[1] for row in sheet_rows(ACTIONS)}
    assert len([spec for spec in ACTIONS if spec.shortcut]) <= len(keys)
    assert "Ctrl++ or Ctrl+=" in keys


def test_recent_files_are_kept_with_the_latest_first(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.ini")
    for name in ("a", "b", "a"):
        settings.remember(tmp_path / name)
    assert [path.name for path in Settings(tmp_path / "settings.ini").recent_files] == ["a", "b"]


def test_an_imported_model_is_shown_on_build_and_counts_as_unsaved(window: MainWindow, qtbot: QtBot) -> None:
    window.show_page("inspect")
    window.actions_by_id["import"].trigger()
    dialog = only_dialog(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(FIXTURE))
    dialog.close()
    qtbot.waitUntil(lambda: window.pages.key == "build", timeout=10_000)
    assert len(window.document.network.layers) > 40
    assert window.document.is_modified
    assert window.document.project.training.start_from == str(FIXTURE)
    assert window.document.project.data == DataChoice(), "nobody knows what the model has learnt from"
    assert "Training starts from its weights." in window.messages.text.text()


def test_findings_do_not_say_that_nothing_is_wrong_while_the_folder_of_the_data_is_gone(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    pictures, findings = tmp_path / "pictures", window.pages.build.panel.findings
    folder = Folder(path=str(pictures), class_names=("a", "b"), train_count=400, test_count=2)
    choice = DataChoice(source=folder, preparation=Preparation(size=(8, 8), colors="gray"))
    network = stack("rescale flatten dense(2,softmax)", shape=(8, 8, 1))
    window.document.open(Project(network=network, data=choice), None)
    assert not window.document.findings
    window.pages.build.panel.show_findings()
    # Findings follow an edit a turn of the event loop later.
    absence = f"The folder of the data, {pictures}, is not there."
    qtbot.waitUntil(lambda: absence in findings.absence.text())
    assert findings.absence.isVisible()
    assert "nothing is wrong" not in findings.summary.text()
    pictures.mkdir()
    window.show_page("train")
    window.show_page("build")
    qtbot.waitUntil(lambda: not findings.is_looking)
    assert not findings.absence.isVisible()
    assert findings.summary.text() == "No findings: nothing is wrong here."


@pytest.mark.parametrize("chosen", ["fashion_mnist", "folder"])
def test_the_keyboard_comes_to_the_card_that_is_chosen_with_its_page(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, chosen: str
) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    choice = DataChoice(source=Included(set="fashion_mnist"))
    if chosen == "folder":
        folder = Folder(path=str(tmp_path), class_names=("a", "b"), train_count=4, test_count=2)
        choice = DataChoice(source=folder, preparation=Preparation(size=(8, 8), colors="gray"))
    window.document.apply("Choose", window.document.project.with_data(choice))
    window.pages.build.stack.setFocus()
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    focused = QApplication.focusWidget()
    assert isinstance(focused, DatasetCard)
    assert focused.isChecked()
    QTest.keyClick(focused, Qt.Key.Key_Up)
    assert window.pages.key == "data"


@pytest.mark.parametrize("size", [(1440, 900), (1280, 720), (960, 640)])
@pytest.mark.parametrize("scale", [1.0, 1.2, 1.6])
def test_what_large_text_cuts_off_at_the_right_can_be_scrolled_to(
    window: MainWindow, size: tuple[int, int], scale: float
) -> None:
    wrong_head = window.document.network.with_settings(("dense",), units=7)
    window.document.apply_network("Too few units", wrong_head)
    window.theme.set_text_scale(scale)
    window.resize(*size)
    for page in ("data", "train"):
        window.show_page(page)
        for _ in range(3):
            QApplication.processEvents()
        for area in window.pages.page(page).findChildren(QScrollArea):
            content = area.widget()
            if area.isVisible() and content is not None:
                cut = content.width() - area.viewport().width()
                assert cut <= area.horizontalScrollBar().maximum()
                assert scale > 1.2 or cut <= 0
                assert cut <= 0 or area.horizontalScrollBar().isVisible()
    window.theme.set_text_scale(1.0)
