import os
import re
from pathlib import Path

import pytest

from cnnstudio import __version__
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.files.projects import sample_project
from cnnstudio.engine.runs import history as history_module
from cnnstudio.engine.runs.folder import (
    begin_run,
    claim_folder,
    default_runs_folder,
    new_run_folder,
    read_run,
    save_record,
)
from cnnstudio.engine.runs.history import HistoryFile, HistoryRow, read_history
from cnnstudio.engine.training.events import EpochEnded

VALUES = {"loss": 0.1 + 0.2, "accuracy": 0.9, "val_loss": 1 / 3, "val_accuracy": 0.8999999761581421}
EPOCH = EpochEnded(1, VALUES, 1.23456, 1e-3)


def test_a_run_folder_is_named_by_time_and_name(tmp_path: Path) -> None:
    folder = new_run_folder(tmp_path / "runs", "my net/1: best")
    assert folder.is_dir()
    assert re.fullmatch(r"\d{8}T\d{6}Z-my-net-1-best", folder.name)


def test_two_runs_of_one_second_get_two_folders(tmp_path: Path) -> None:
    folders = {new_run_folder(tmp_path, "x") for _ in range(5)}
    assert len(folders) == 5


@pytest.mark.parametrize("name", ["", "...", "/", "\x00"])
def test_any_name_makes_a_folder_inside_the_parent(name: str, tmp_path: Path) -> None:
    assert new_run_folder(tmp_path, name).parent == tmp_path


def test_runs_go_to_the_users_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_runs_folder() == tmp_path / "cnnstudio" / "runs"
    monkeypatch.setenv("XDG_DATA_HOME", "not/absolute")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_runs_folder() == tmp_path / ".local" / "share" / "cnnstudio" / "runs"
    assert list(tmp_path.iterdir()) == [], "nothing is made by asking"


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StudioError, match="Cannot write"):
        new_run_folder(tmp_path / "file" / "runs", "x")
    with pytest.raises(StudioError, match="Cannot write"):
        claim_folder(tmp_path / "file")


@pytest.mark.parametrize("present", ["best.weights.h5", "run.json", "history.csv", "project.cnnstudio"])
def test_a_folder_that_holds_a_run_is_not_taken_again(present: str, tmp_path: Path) -> None:
    (tmp_path / present).write_text("precious")
    with pytest.raises(StudioError, match="already holds a run"):
        claim_folder(tmp_path)
    assert (tmp_path / present).read_text() == "precious"


def test_a_folder_with_other_things_in_it_is_taken(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    assert claim_folder(tmp_path) == tmp_path
    assert claim_folder(tmp_path / "a" / "b").is_dir()


def test_a_folder_that_may_not_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(StudioError, match="you may not write there"):
        claim_folder(tmp_path)


def test_a_run_reads_back_as_it_was_written(tmp_path: Path) -> None:
    record = begin_run(tmp_path, sample_project(), "0123456789abcdef")
    HistoryFile(tmp_path / "history.csv").append(EPOCH)
    save_record(tmp_path, record.model_copy(update={"state": "stopped", "best_epoch": 1}))
    run = read_run(tmp_path)
    assert run.project == sample_project()
    assert run.history == (HistoryRow(1, VALUES, 1.235, 1e-3),)
    assert (run.record.state, run.record.best_epoch, run.record.versions.studio) == (
        "stopped",
        1,
        __version__,
    )
    assert (run.best, run.last) == (None, None)


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="holds no run"):
        read_run(tmp_path)


@pytest.mark.parametrize("content", ["", "{", '{"seed": 1}', "\x00\x01"])
def test_a_damaged_record_is_refused(content: str, tmp_path: Path) -> None:
    begin_run(tmp_path, sample_project(), "f")
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(StudioError, match=r"run\.json is damaged"):
        read_run(tmp_path)


@pytest.mark.parametrize(
    "content", [b"epoch,loss\n1,2\n", b"\xff\xfe", b"epoch,loss,val_loss,accuracy\nx,,,\n"]
)
def test_a_damaged_history_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "history.csv").write_bytes(content)
    with pytest.raises(StudioError, match="should be a table with the columns epoch, loss"):
        read_history(tmp_path / "history.csv")


def test_no_history_is_an_empty_one(tmp_path: Path) -> None:
    assert read_history(tmp_path / "history.csv") == ()


def test_a_line_that_did_not_fit_is_written_with_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "history.csv"
    file = HistoryFile(path)
    file.append(EPOCH)
    before = path.read_bytes()

    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(history_module, "_append_whole", full)
    with pytest.raises(StudioError, match="the disk is full"):
        file.append(EPOCH)
    assert path.read_bytes() == before
    monkeypatch.undo()
    file.append(EPOCH)
    assert len(read_history(path)) == 3


OLDER = """epoch,loss,val_loss,accuracy,val_accuracy,seconds
1,2.296513557434082,2.247063636779785,0.1171875,0.171875,0.726
2,2.1907575130462646,2.158461570739746,0.3203125,0.375,0.070
"""


def test_a_history_of_the_version_before_is_read(tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    path.write_text(OLDER)
    first, second = read_history(path)
    assert second == HistoryRow(
        2,
        {
            "loss": 2.1907575130462646,
            "val_loss": 2.158461570739746,
            "accuracy": 0.3203125,
            "val_accuracy": 0.375,
        },
        0.070,
        None,
    )
    assert (first.epoch, first.seconds) == (1, 0.726)


def test_a_history_of_the_version_before_goes_on_in_its_own_columns(tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    path.write_text(OLDER)
    rows = read_history(path)
    file = HistoryFile(path, rows)
    file.begin()
    file.append(EpochEnded(3, VALUES, 1.0, 1e-3))
    assert read_history(path) == (*rows, HistoryRow(3, VALUES, 1.0, 1e-3))


def test_a_history_keeps_any_figures_and_is_cut_to_the_rows_it_goes_on_from(tmp_path: Path) -> None:
    path, file = tmp_path / "history.csv", HistoryFile(tmp_path / "history.csv")
    values = {"loss": 1 / 3, "iou": 0.1, "val_loss": 2 / 3, "val_iou": 0.7}
    for epoch in (1, 2, 3):
        file.append(EpochEnded(epoch, values, 1.0, 0.5))
    kept = read_history(path)[:2]
    HistoryFile(path, kept).begin()
    assert read_history(path) == kept
    assert path.read_text().splitlines()[0] == "epoch,loss,iou,val_loss,val_iou,seconds,learning_rate"


def test_a_last_line_that_a_kill_cut_short_is_no_epoch(tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    path.write_text(OLDER + "3,2.0791583061")
    assert [row.epoch for row in read_history(path)] == [1, 2]
