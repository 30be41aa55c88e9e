"""Unsaved work that outlives its process, and nothing that belongs to a living one."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cnnstudio.core.project import FORMAT_VERSION, Project
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.files.recovery import (
    SUFFIX,
    default_recovery_folder,
    discard,
    list_recoveries,
    set_superseded_aside,
    set_unreadable_aside,
    write_recovery,
)
from cnnstudio.engine.files.system import started_at
from cnnstudio.engine.files.unreadable import ASIDE_SUFFIX, sentence_about
from cnnstudio.engine.runs.folder import default_runs_folder
from tests.core.pictures import stack

PROJECT = Project(network=stack("a=conv(8,3) flatten dense(10,softmax)"), notes="Ünsaved ☃")


def gone_pid() -> int:
    """The number of a process that has ended and was waited for."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def left_behind(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    window: str = "1",
    original: Path = Path("/here/net.cnnstudio"),
) -> Path:
    """A recovery file as a process leaves it that is gone now."""
    pid = gone_pid()
    with monkeypatch.context() as patch:
        patch.setattr(os, "getpid", lambda: pid)
        return write_recovery(PROJECT, original, folder, window)


def test_the_work_of_a_process_that_is_gone_comes_back_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = datetime.now(UTC)
    file = left_behind(tmp_path, monkeypatch)
    (found,) = list_recoveries(tmp_path)
    assert (found.project, found.original, found.file) == (PROJECT, Path("/here/net.cnnstudio"), file)
    assert before <= found.saved <= datetime.now(UTC)


def test_the_work_of_a_living_window_is_not_offered(tmp_path: Path) -> None:
    file = write_recovery(PROJECT, None, tmp_path)
    assert file.exists()
    assert list_recoveries(tmp_path) == ()


def test_a_later_process_with_the_same_number_does_not_hide_the_work(tmp_path: Path) -> None:
    file = write_recovery(PROJECT, None, tmp_path)
    ours = f'"started":"{started_at(os.getpid())}"'
    text = file.read_text(encoding="utf-8")
    assert ours in text
    file.write_text(text.replace(ours, '"started":"1"'), encoding="utf-8")
    assert [one.project for one in list_recoveries(tmp_path)] == [PROJECT]


def test_each_window_of_a_process_has_a_file_that_is_replaced(tmp_path: Path) -> None:
    files = [write_recovery(PROJECT, None, tmp_path, window) for window in ("a", "b", "a")]
    assert files[0] == files[2]
    assert sorted(tmp_path.iterdir()) == sorted(set(files))


def test_the_latest_work_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [left_behind(tmp_path, monkeypatch, window) for window in "abc"]
    assert [one.file for one in list_recoveries(tmp_path)] == files[::-1]


def test_work_is_offered_unless_its_own_file_was_written_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original, folder = tmp_path / "net.cnnstudio", tmp_path / "recovery"
    original.write_text("{}")
    left_behind(folder, monkeypatch, original=original)
    (found,) = list_recoveries(folder)
    os.utime(original, (found.saved.timestamp() + 1,) * 2)
    assert list_recoveries(folder) == ()
    os.utime(original, (found.saved.timestamp() - 1,) * 2)
    set_superseded_aside(folder)
    assert list_recoveries(folder) == (found,)
    original.unlink()
    assert list_recoveries(folder) == (found,)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\x00", b'{"format": "other"}', b'{"pid": 1}'])
def test_a_damaged_file_is_passed_over_and_stays(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = left_behind(tmp_path, monkeypatch)
    bad = tmp_path / f"1-x{SUFFIX}"
    bad.write_bytes(content)
    assert [one.file for one in list_recoveries(tmp_path)] == [good]
    assert bad.exists()


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\x00", b"[" * 100_000, b'{"pid": 1}', b"[1]"])
def test_a_damaged_file_is_set_aside_whole_and_told_of_once(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = left_behind(tmp_path, monkeypatch)
    bad = tmp_path / f"1-x{SUFFIX}"
    bad.write_bytes(content)
    (found,) = set_unreadable_aside(tmp_path)
    assert found.file == tmp_path / f"1-x{SUFFIX}{ASIDE_SUFFIX}"
    assert found.file.read_bytes() == content
    sentence = (
        f"Unsaved work was found, but it cannot be read: its file is damaged. It is kept in {found.file}."
    )
    assert sentence_about([found]) == sentence
    assert set_unreadable_aside(tmp_path) == ()
    assert sorted(tmp_path.iterdir()) == sorted([good, found.file])


def of_version(file: Path, version: int) -> None:
    """Make the recovery file one of another format version of projects."""
    record = json.loads(file.read_text(encoding="utf-8"))
    record["project"] |= {"version": version, "something": "new"}
    file.write_text(json.dumps(record), encoding="utf-8")


def test_the_work_of_a_newer_studio_is_set_aside_and_its_version_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_version(left_behind(tmp_path, monkeypatch), FORMAT_VERSION + 1)
    (found,) = set_unreadable_aside(tmp_path)
    assert "it has format version 3, and this CNN Studio reads up to 2" in sentence_about([found])
    assert found.file.exists()


def test_the_work_of_a_newer_studio_that_runs_is_left_alone(tmp_path: Path) -> None:
    file = write_recovery(PROJECT, None, tmp_path)
    of_version(file, FORMAT_VERSION + 1)
    assert set_unreadable_aside(tmp_path) == ()
    assert file.exists()


def test_what_is_set_aside_never_replaces_what_was_set_aside_before(tmp_path: Path) -> None:
    bad = tmp_path / f"1-x{SUFFIX}"
    for content in ("one", "two", "three"):
        bad.write_text(content)
        set_unreadable_aside(tmp_path)
    assert sorted(file.read_text() for file in tmp_path.iterdir()) == ["one", "three", "two"]


def test_several_damaged_files_are_told_of_in_one_message(tmp_path: Path) -> None:
    for name in ("1-x", "2-y"):
        (tmp_path / f"{name}{SUFFIX}").write_text("{")
    sentence = sentence_about(set_unreadable_aside(tmp_path))
    assert sentence.startswith("Unsaved work was found in 2 files that cannot be read; ")
    assert sentence.endswith(f"They are kept in {tmp_path}.")


def test_without_damaged_files_there_is_nothing_to_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left_behind(tmp_path, monkeypatch)
    assert sentence_about(set_unreadable_aside(tmp_path)) == ""


def test_a_half_written_file_of_a_killed_process_is_not_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = left_behind(tmp_path, monkeypatch)
    file.rename(tmp_path / f".cnnstudio-0123{SUFFIX}")
    assert list_recoveries(tmp_path) == ()


def test_discarded_work_is_gone_and_can_be_discarded_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = left_behind(tmp_path, monkeypatch)
    discard(file)
    discard(file)
    assert list(tmp_path.iterdir()) == []


def test_without_a_folder_there_is_nothing_to_recover(tmp_path: Path) -> None:
    assert list_recoveries(tmp_path / "nowhere") == ()


def test_a_folder_that_cannot_be_made_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StudioError, match="a part of its path is a file"):
        write_recovery(PROJECT, None, tmp_path / "file" / "recovery")


def test_recovery_files_lie_beside_the_runs() -> None:
    assert default_recovery_folder().parent == default_runs_folder().parent
