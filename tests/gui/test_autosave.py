"""Unsaved work is kept while the window is open, goes with an orderly close, and comes back after a crash."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnnstudio.core.project import Project
from cnnstudio.engine.files.projects import sample_project, save_project
from cnnstudio.engine.files.recovery import SUPERSEDED_SUFFIX, Recovery, list_recoveries
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.window.autosave import Autosave
from cnnstudio.gui.window.recovery_bar import RecoveryBar, sentence
from tests.core.pictures import stack
from tests.gui import crashing_window
from tests.logs import ExpectedLog

ROOT = Path(__file__).resolve().parents[2]
FIRST = Project(network=stack("a=conv(8,3) flatten dense(10)"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "recovery"


@pytest.fixture
def document(qapp: QApplication) -> Document:
    return Document(FIRST, qapp)


@pytest.fixture
def autosave(document: Document, folder: Path) -> Iterator[Autosave]:
    made = Autosave(document, document, folder)
    yield made
    made.close()


def note(document: Document, text: str) -> None:
    document.apply(f"Note {text}", document.project.model_copy(update={"notes": text}))


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.exists() else []


def crash(folder: Path, original: Path) -> None:
    """Run a window until its work is kept, and kill it."""
    command = [sys.executable, "-m", "tests.gui.crashing_window", str(folder), str(original)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"kept"
        assert list_recoveries(folder) == (), "the window is still open"
        process.kill()


def test_after_a_kill_the_exact_project_comes_back_as_unsaved_work(
    autosave: Autosave, document: Document, folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    original = tmp_path / "net.cnnstudio"
    save_project(FIRST, original)
    crash(folder, original)
    with qtbot.waitSignal(autosave.found) as told:
        autosave.start()
    recovery: Recovery = told.args[0]
    with qtbot.waitSignal(autosave.saved):
        autosave.restore(recovery)
    assert (document.project, document.path) == (crashing_window.project(), original)
    assert document.is_modified
    qtbot.waitUntil(lambda: not recovery.file.exists())
    document.undo_stack.undo()
    assert document.project == FIRST


def test_discarded_work_of_a_crash_is_not_offered_again(
    autosave: Autosave, document: Document, folder: Path, qtbot: QtBot
) -> None:
    crash(folder, Path("/gone/net.cnnstudio"))
    with qtbot.waitSignal(autosave.found) as told:
        autosave.start()
    autosave.discard(told.args[0])
    qtbot.waitUntil(lambda: files(folder) == [])
    assert document.project == FIRST


def test_damaged_work_of_a_crash_is_told_of_at_the_next_start_and_only_then(
    autosave: Autosave, document: Document, folder: Path, qtbot: QtBot
) -> None:
    crash(folder, Path("/gone/net.cnnstudio"))
    (file,) = files(folder)
    file.write_bytes(b"\x00garbage")
    with qtbot.waitSignal(autosave.failed) as told:
        autosave.start()
    (kept,) = files(folder)
    assert told.args[0].startswith("Unsaved work was found, but it cannot be read")
    assert str(kept) in told.args[0]
    assert kept.read_bytes() == b"\x00garbage"
    later = Autosave(document, document, folder)
    with qtbot.assertNotEmitted(later.failed, wait=60):
        later.start()
    later.close()


def test_work_whose_own_file_is_gone_is_restored_without_a_file(
    autosave: Autosave, document: Document, folder: Path, qtbot: QtBot
) -> None:
    crash(folder, Path("/gone/net.cnnstudio"))
    (recovery,) = list_recoveries(folder)
    with qtbot.waitSignal(autosave.saved):
        autosave.restore(recovery)
    assert (document.project, document.path, document.is_modified) == (crashing_window.project(), None, True)


def test_the_old_recovery_file_stays_when_the_work_cannot_be_kept_anew(
    autosave: Autosave, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    crash(folder, Path("/gone/net.cnnstudio"))
    (recovery,) = list_recoveries(folder)
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(autosave, "_folder", tmp_path / "file" / "recovery")
    with qtbot.waitSignal(autosave.failed):
        autosave.restore(recovery)
    assert recovery.file.exists()


def test_modified_work_is_kept_at_each_interval_and_only_once(
    autosave: Autosave, document: Document, folder: Path, qtbot: QtBot
) -> None:
    autosave.interval_ms = 5
    note(document, "one")
    with qtbot.waitSignal(autosave.saved):
        autosave.start()
    with qtbot.assertNotEmitted(autosave.saved, wait=40):
        pass
    with qtbot.waitSignal(autosave.saved):
        note(document, "two")
    assert len(files(folder)) == 1


def test_work_is_kept_in_the_pause_after_the_last_edit(
    autosave: Autosave, document: Document, folder: Path, qtbot: QtBot
) -> None:
    autosave.pause_ms = 30
    told: list[Path] = []
    autosave.saved.connect(told.append)
    for number in range(12):
        note(document, str(number))
    assert not told, "a person who edits is let finish"
    qtbot.waitUntil(lambda: len(told) == 1)
    assert f'"notes":"{document.project.notes}"' in files(folder)[0].read_text()
    with qtbot.assertNotEmitted(autosave.saved, wait=80):
        pass


def test_work_is_kept_a_second_or_two_after_an_edit() -> None:
    assert 1_000 <= Autosave(Document(FIRST), QObject(), Path("nowhere")).pause_ms <= 2_000


def test_nothing_is_kept_after_a_save_within_the_pause(
    autosave: Autosave, document: Document, folder: Path, qtbot: QtBot
) -> None:
    autosave.pause_ms = 20
    note(document, "one")
    document.saved_as(Path("net.cnnstudio"))
    with qtbot.assertNotEmitted(autosave.saved, wait=60):
        pass
    assert files(folder) == []


def test_work_that_is_older_than_the_saved_project_is_not_offered(
    autosave: Autosave, folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    original = tmp_path / "net.cnnstudio"
    crash(folder, original)
    (kept,) = files(folder)
    save_project(FIRST, original)
    with qtbot.assertNotEmitted(autosave.found, wait=100):
        autosave.start()
    assert files(folder) == [kept.with_name(kept.name + SUPERSEDED_SUFFIX)]


def test_an_unmodified_project_is_not_kept(autosave: Autosave, folder: Path, qtbot: QtBot) -> None:
    autosave.interval_ms = 5
    with qtbot.assertNotEmitted(autosave.saved, wait=40):
        autosave.start()
    assert files(folder) == []


def test_saving_the_project_removes_the_recovery_file(
    autosave: Autosave, document: Document, folder: Path, qtbot: QtBot
) -> None:
    note(document, "one")
    with qtbot.waitSignal(autosave.saved):
        autosave.keep()
    document.saved_as(Path("net.cnnstudio"))
    qtbot.waitUntil(lambda: files(folder) == [])


def test_closing_in_order_removes_the_recovery_file(
    autosave: Autosave, document: Document, folder: Path, qtbot: QtBot
) -> None:
    note(document, "one")
    with qtbot.waitSignal(autosave.saved):
        autosave.keep()
    assert len(files(folder)) == 1
    autosave.close()
    assert files(folder) == []


def test_a_folder_that_refuses_is_told_once_and_tried_again(
    document: Document, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "file").write_text("")
    autosave = Autosave(document, document, tmp_path / "file" / "recovery")
    note(document, "one")
    with qtbot.waitSignal(autosave.failed) as told:
        autosave.keep()
    assert "Unsaved work cannot be kept" in told.args[0]
    with qtbot.assertNotEmitted(autosave.failed, wait=40):
        autosave.keep()
    (tmp_path / "file").unlink()
    with qtbot.waitSignal(autosave.saved):
        autosave.keep()
    autosave.close()


def test_a_file_that_cannot_be_removed_after_a_save_is_not_told_as_lost_work(
    autosave: Autosave, document: Document, folder: Path, qtbot: QtBot
) -> None:
    note(document, "one")
    with qtbot.waitSignal(autosave.saved) as told:
        autosave.keep()
    file: Path = told.args[0]
    file.unlink()
    file.mkdir()
    with qtbot.waitSignal(autosave.failed) as told:
        document.saved_as(Path("net.cnnstudio"))
    assert told.args[0].startswith("What was kept for a crash is not needed any more")
    assert str(file) in told.args[0]
    note(document, "two")
    with qtbot.waitSignal(autosave.failed) as told:
        autosave.keep()
    assert told.args[0].startswith("Unsaved work cannot be kept for a crash.")
    file.rmdir()


def test_work_of_a_crash_that_cannot_be_removed_is_told_as_such(
    autosave: Autosave, tmp_path: Path, qtbot: QtBot
) -> None:
    recovery = recovery_of(tmp_path)
    recovery.file.mkdir()
    with qtbot.waitSignal(autosave.failed) as told:
        autosave.discard(recovery)
    assert told.args[0].startswith("What a crash left cannot be removed, so it is offered again.")


@pytest.mark.parametrize(
    ("function", "beginning"),
    [
        ("list_recoveries", "Work that a crash may have left cannot be looked for."),
        ("set_unreadable_aside", "Work that a crash left and that cannot be read stays where it is."),
    ],
)
def test_an_error_nobody_expected_says_what_it_kept_from_being_done(
    function: str,
    beginning: str,
    autosave: Autosave,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    expected_log: ExpectedLog,
) -> None:
    def broken(_folder: Path) -> None:
        raise RuntimeError("planted")

    expected_log("a background job failed")
    monkeypatch.setattr(f"cnnstudio.gui.window.autosave.{function}", broken)
    with qtbot.waitSignal(autosave.failed) as told:
        autosave.start()
    assert told.args[0].startswith(beginning)
    assert "planted" in told.args[0]


def test_closing_at_once_after_a_restore_leaves_nothing_to_be_offered_again(
    document: Document, folder: Path
) -> None:
    crash(folder, Path("/gone/net.cnnstudio"))
    (recovery,) = list_recoveries(folder)
    autosave = Autosave(document, document, folder)
    autosave.restore(recovery)
    autosave.close()
    assert files(folder) == []


def recovery_of(tmp_path: Path) -> Recovery:
    time = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    return Recovery(tmp_path / "1-a.recovery", sample_project(), Path("/here/net.cnnstudio"), time)


def test_the_bar_says_what_was_found_and_restores_it(theme: Theme, tmp_path: Path, qtbot: QtBot) -> None:
    bar = RecoveryBar(theme)
    qtbot.addWidget(bar)
    assert not bar.isVisible()
    recovery = recovery_of(tmp_path)
    bar.offer(recovery)
    assert bar.text.text() == sentence(recovery)
    assert bar.text.text().startswith("Unsaved work on net.cnnstudio from 1 March 2026, ")
    with qtbot.waitSignal(bar.restore_requested) as told:
        QTest.mouseClick(bar.restore_button, Qt.MouseButton.LeftButton)
    assert told.args == [recovery]
    assert not bar.isVisible()


def test_the_bar_can_be_answered_by_keyboard(theme: Theme, tmp_path: Path, qtbot: QtBot) -> None:
    bar = RecoveryBar(theme)
    qtbot.addWidget(bar)
    bar.offer(recovery_of(tmp_path))
    with qtbot.waitSignal(bar.discard_requested):
        QTest.keyClick(bar.discard_button, Qt.Key.Key_Space)


def test_closing_the_bar_neither_restores_nor_discards(theme: Theme, tmp_path: Path, qtbot: QtBot) -> None:
    bar = RecoveryBar(theme)
    qtbot.addWidget(bar)
    bar.offer(recovery_of(tmp_path))
    with qtbot.assertNotEmitted(bar.restore_requested), qtbot.assertNotEmitted(bar.discard_requested):
        QTest.mouseClick(bar.close_button, Qt.MouseButton.LeftButton)
    assert not bar.isVisible()
