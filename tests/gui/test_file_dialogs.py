"""Dialogs that ask for files begin where the last one of their kind ended, and runs are offered by name."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QToolButton
from pytestqt.qtbot import QtBot

from cnnstudio.engine.files.projects import save_project
from cnnstudio.engine.runs.folder import BEST_FILE, read_record, save_record
from cnnstudio.gui.fields.file_name import FileNameEditor
from cnnstudio.gui.pages.train import run_view
from cnnstudio.gui.theme.theme import Mode
from cnnstudio.gui.window.main_window import MainWindow
from tests.gui.drive import click
from tests.gui.training_script import ended_run, epoch

LEFT = Qt.MouseButton.LeftButton


def dialog() -> QFileDialog:
    tops = QApplication.topLevelWidgets()
    (found,) = [top for top in tops if isinstance(top, QFileDialog) and top.isVisible()]
    return found


def start_editor(window: MainWindow) -> FileNameEditor:
    editor = window.pages.train.settings.form.rows["start_from"].editor
    assert isinstance(editor, FileNameEditor)
    return editor


WEIGHTS: list[Callable[[MainWindow], object]] = [
    lambda window: window.questions.choose_weights(),
    lambda window: window.pages.inspect.ask_for_file(),
    lambda window: start_editor(window).open_dialog(),
]


@pytest.mark.parametrize("ask", WEIGHTS)
def test_dialogs_for_the_same_kind_of_file_share_the_folder_of_the_last(
    window: MainWindow, tmp_path: Path, ask: Callable[[MainWindow], object]
) -> None:
    there = tmp_path / "weights"
    there.mkdir()
    window.questions.choose_weights()
    first = dialog()
    assert Path(first.directory().absolutePath()) != there
    first.fileSelected.emit(str(there / "a.weights.h5"))
    first.close()
    ask(window)
    assert Path(dialog().directory().absolutePath()) == there
    dialog().close()


def test_a_folder_that_is_gone_is_not_where_a_dialog_begins(window: MainWindow, tmp_path: Path) -> None:
    window.files.open()
    dialog().fileSelected.emit(str(tmp_path / "gone" / "net.cnnstudio"))
    dialog().close()
    window.files.open()
    assert Path(dialog().directory().absolutePath()) == Path.home()
    dialog().close()


def test_training_can_start_from_the_runs_of_this_project_by_date_and_val_loss(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    runs, project = tmp_path / "runs", window.document.project
    folder = ended_run(runs, project, [epoch(1, 0.5, 0.123)])
    save_record(folder, read_record(folder).model_copy(update={"best_epoch": 1, "best_val_loss": 0.123}))
    other = project.with_network(project.network.removed("pool2"))
    ended_run(runs, other, [epoch(1, 0.5, 0.9)])
    editor = start_editor(window)
    with qtbot.waitSignal(window.pages.train.runs.listed):
        window.show_page("train")
    menu = editor.menu()
    (entry,) = [one for one in menu.actions() if one.text().startswith("Run ")]
    assert entry.text().endswith(" · val_loss 0.123 · epoch 1")
    entry.trigger()
    assert window.document.project.training.start_from == str(folder / BEST_FILE)


def test_a_run_of_another_file_is_not_offered(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    paths = [tmp_path / "a.cnnstudio", tmp_path / "b.cnnstudio"]
    project = window.document.project
    for path in paths:
        save_project(project, path)
        ended_run(tmp_path / "runs", project, [epoch(1, 0.5, 0.9)], path)
    window.open_path(paths[0])
    with qtbot.waitSignal(window.pages.train.runs.listed) as told:
        window.show_page("train")
    assert told.args is not None
    assert [run.record.origin for run in told.args[0]] == [str(paths[0])]


def test_the_path_of_a_run_can_be_copied_and_a_folder_that_nothing_opens_is_told(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Services:
        @staticmethod
        def openUrl(_url: object) -> bool:  # noqa: N802
            return False

    path = tmp_path / "net.cnnstudio"
    save_project(window.document.project, path)
    folder = ended_run(tmp_path / "runs", window.document.project, [epoch(1, 0.5, 0.9)], path)
    window.open_path(path)
    qtbot.waitUntil(lambda: not window.run.is_looking)
    window.show_page("train")
    run = window.pages.train.run
    click(run.copy_button)
    assert QGuiApplication.clipboard().text() == str(folder)
    monkeypatch.setattr(run_view, "QDesktopServices", Services)
    QTest.mouseClick(run.open_button, LEFT)
    assert window.messages.text.text() == f"No program here opens folders. The run is in {folder}."


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_arrows_of_a_file_dialog_can_be_seen_on_its_ground(window: MainWindow, mode: Mode) -> None:
    window.theme.set_mode(mode)
    window.files.open()
    shown = dialog()
    for name in ("backButton", "toParentButton", "newFolderButton", "detailModeButton"):
        button = shown.findChild(QToolButton, name)
        assert isinstance(button, QToolButton)
        button.setEnabled(True)
        picture = button.icon().pixmap(16, 16).toImage()
        pixels = [picture.pixelColor(x, y) for x in range(16) for y in range(16)]
        inked = [color for color in pixels if color.alpha() > 200]
        assert inked, name
        lightness = sum(color.lightness() for color in inked) / len(inked)
        assert abs(lightness - window.theme.color("panel").lightness()) > 60, name
    shown.close()
