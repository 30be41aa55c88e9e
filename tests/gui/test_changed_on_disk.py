"""A project file that another window or program writes while it is open here."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QMessageBox, QWidget

from cnnstudio.core.project import Project
from cnnstudio.engine.files.projects import open_project, save_project
from cnnstudio.gui.window.main_window import MainWindow
from tests.core.pictures import stack

CTRL = Qt.KeyboardModifier.ControlModifier
MINE, THEIRS = Project(network=stack("flatten dense(10,softmax)")), Project(network=stack("flatten dense(2)"))


def dialogs(kind: type[QWidget]) -> list[QWidget]:
    return [top for top in QApplication.topLevelWidgets() if isinstance(top, kind) and top.isVisible()]


def answer(text: str) -> None:
    (box,) = dialogs(QMessageBox)
    (button,) = [one for one in box.findChildren(QAbstractButton) if one.text().replace("&", "") == text]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def press_save(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_S, CTRL)


@pytest.fixture
def path(window: MainWindow, tmp_path: Path) -> Path:
    """The file of a project that was opened and edited here, and then written elsewhere."""
    file = tmp_path / "net.cnnstudio"
    save_project(Project(network=stack("flatten dense(3)")), file)
    window.open_path(file)
    window.document.apply("Edit", MINE)
    save_project(THEIRS, file)
    return file


def test_saving_asks_before_it_overwrites_what_was_written_elsewhere(window: MainWindow, path: Path) -> None:
    press_save(window)
    assert open_project(path) == THEIRS
    answer("Overwrite")
    assert open_project(path) == MINE
    assert not window.document.is_modified
    window.document.apply("Edit", THEIRS)
    press_save(window)
    assert not dialogs(QMessageBox), "what was written here itself is known"
    assert open_project(path) == THEIRS


def test_reload_takes_what_is_on_disk(window: MainWindow, path: Path) -> None:
    press_save(window)
    answer("Reload")
    assert window.document.project == open_project(path) == THEIRS
    assert not window.document.is_modified
    window.document.apply("Edit", MINE)
    press_save(window)
    assert open_project(path) == MINE


def test_save_as_keeps_both(window: MainWindow, path: Path, tmp_path: Path) -> None:
    press_save(window)
    answer("Save as…")
    (dialog,) = dialogs(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "mine.cnnstudio"))
    dialog.close()
    assert open_project(tmp_path / "mine.cnnstudio") == MINE
    assert open_project(path) == THEIRS


def test_cancel_keeps_everything_and_the_window_open(window: MainWindow, path: Path) -> None:
    window.close()
    answer("Save")
    answer("Cancel")
    assert window.isVisible()
    assert window.document.is_modified
    assert open_project(path) == THEIRS


def test_a_file_that_was_only_touched_or_is_gone_is_written_without_a_question(
    window: MainWindow, path: Path
) -> None:
    window.document.undo_stack.setClean()
    window.open_path(path)
    path.touch()
    window.document.apply("Edit", MINE)
    press_save(window)
    assert not window.document.is_modified
    path.unlink()
    window.document.apply("Edit", THEIRS)
    press_save(window)
    assert not dialogs(QMessageBox)
    assert open_project(path) == THEIRS
