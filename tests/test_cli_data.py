"""`cnnstudio data` and `cnnstudio check-data`: what is at a path, and what is amiss there."""

import json
from pathlib import Path

import numpy as np
import pytest

from cnnstudio.cli import run
from cnnstudio.core.project.data import DataChoice
from cnnstudio.engine import data as datasets
from cnnstudio.engine.files.projects import sample_project, save_project
from tests.folders import class_folders


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    for part, count in (("train", 20), ("val", 4), ("test", 3)):
        class_folders(tmp_path / "pets" / part, {"cat": count, "dog": count + 1}, size=(40, 40))
    (tmp_path / "pets" / "train" / "cat" / "003.png").write_bytes(b"")
    return tmp_path / "pets"


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert run(words) == 0
    return capsys.readouterr().out


def test_a_folder_is_described_as_an_object(pets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(said(capsys, "data", str(pets), "--json")) == {
        "kind": "folder",
        "task": "classification",
        "classes": [
            {"name": "cat", "train": 20, "validation": 4, "test": 3},
            {"name": "dog", "train": 21, "validation": 5, "test": 4},
        ],
        "sample_shape": [40, 40, 3],
        "unreadable": 1,
    }


def test_a_folder_is_described_in_words(pets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, "data", str(pets))
    assert "pets: folder, for classification; 2 classes, 40 × 40 × 3 each." in text
    assert "The validation and test pictures are the folder's own" in text
    assert "1 cannot be read" in text


def test_a_file_of_arrays_and_an_included_set_are_described_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    np.savez(tmp_path / "a.npz", x=np.zeros((40, 6, 5), np.uint8), y=np.arange(40) % 2)
    found = json.loads(said(capsys, "data", str(tmp_path / "a.npz"), "--json"))
    assert (found["kind"], found["sample_shape"]) == ("arrays", [6, 5, 1])
    assert found["classes"] == [
        {"name": "0", "train": 18, "validation": 0, "test": 2},
        {"name": "1", "train": 18, "validation": 0, "test": 2},
    ]
    shapes = json.loads(said(capsys, "data", "shapes", "--json"))
    assert (shapes["kind"], shapes["task"], shapes["unreadable"]) == ("included", "segmentation", 0)


def test_what_is_no_data_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("data", "check-data"):
        assert run([command, str(tmp_path)]) == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert "holds no class folders" in line


def test_findings_are_told_as_an_object(pets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(said(capsys, "check-data", str(pets), "--json"))
    first = found["findings"][0]
    assert list(first) == ["code", "severity", "message", "count", "files"]
    assert (first["code"], first["severity"], first["count"]) == ("D01", "warning", 1)
    assert first["files"] == ["train/cat/003.png"]


def test_a_project_is_checked_with_its_own_data(
    pets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = datasets.find(pets)
    choice = DataChoice(source=found.source, preparation=found.preparation)
    save_project(sample_project().with_data(choice), tmp_path / "a.cnnstudio")
    text = said(capsys, "check-data", str(tmp_path / "a.cnnstudio"))
    assert "D01 warning  1 picture cannot be read" in text
    assert "train/cat/003.png" in text
    save_project(sample_project().with_data(DataChoice()), tmp_path / "b.cnnstudio")
    assert run(["check-data", str(tmp_path / "b.cnnstudio")]) == 1
    assert "No data are chosen" in capsys.readouterr().err


def test_nothing_amiss_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "check-data", "mnist") == "Nothing was found in 12,000 pictures.\n"
