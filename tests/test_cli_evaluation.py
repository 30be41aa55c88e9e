"""Going on with a run, measuring it, and asking it about pictures, on the command line."""

import json
from pathlib import Path

import pytest

from cnnstudio.cli import run
from cnnstudio.engine.files.projects import open_project
from cnnstudio.engine.files.resources import resource_path
from cnnstudio.engine.runs.history import read_history

CAMERA = resource_path("photos", "camera.png")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of two epochs on two of the shapes."""
    folder = tmp_path_factory.mktemp("two")
    project = folder / "two.cnnstudio"
    words = ["--data", "shapes", "--only", "circle,star", "--limit", "60", "--template", "one-conv"]
    assert run(["new", *words, "-o", str(project)]) == 0
    assert run(["train", str(project), "--out", str(folder / "run"), "--epochs", "2", "--json"]) == 0
    return folder / "run"


def test_a_run_is_measured_on_its_test_images(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["evaluate", str(trained), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert set(report) == {"task", "part", "epoch", "count", "loss", "metrics", "confusion", "classes"}
    assert (report["task"], report["part"], report["count"]) == ("classification", "test", 150)
    confusion = report["confusion"]
    assert [one["name"] for one in report["classes"]] == ["circle", "star"]
    assert [one["support"] for one in report["classes"]] == [75, 75]
    assert [one["recall"] for one in report["classes"]] == [row[at] / 75 for at, row in enumerate(confusion)]
    assert set(report["classes"][0]) == {"name", "precision", "recall", "f1", "support"}
    assert [sum(row) for row in confusion] == [75, 75]
    right = (confusion[0][0] + confusion[1][1]) / 150
    assert report["metrics"]["accuracy"] == pytest.approx(right, abs=1e-6)


def test_a_report_for_a_person_has_the_matrix(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate", str(trained), "--part", "validation", "--checkpoint", "last"]) == 0
    text = capsys.readouterr().out
    assert "12 validation images, weights of epoch 2" in text
    assert "Rows are the truth, columns the answer." in text


def test_a_picture_is_given_a_share_of_each_class(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["predict", str(trained), str(CAMERA), str(CAMERA), "--json"]) == 0
    first, second = json.loads(capsys.readouterr().out)
    assert first == second
    assert set(first) == {"image", "classes", "predicted"}
    assert sum(first["classes"].values()) == pytest.approx(1, abs=1e-5)
    assert first["predicted"] == max(first["classes"], key=lambda name: first["classes"][name])
    assert run(["predict", str(trained), str(CAMERA)]) == 0
    assert f"{CAMERA}: {first['predicted']}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (["evaluate", "RUN", "--part", "all"], 2, "Choose one of training, validation, test"),
        (["evaluate", "RUN", "--checkpoint", "first"], 2, "Choose one of best, last"),
        (["evaluate", "nowhere"], 1, "holds no run"),
        (["predict", "RUN", "gone.png"], 1, "There is no picture gone.png"),
        (["train", "--resume", "RUN"], 1, "nothing is left to do"),
        (["train", "--resume", "RUN", "--seed", "1"], 2, "--resume goes on with a run as it is"),
        (["train"], 2, "Give a project FILE and --out DIR, or --resume DIR"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    words: list[str], status: int, sentence: str, trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run([str(trained) if word == "RUN" else word for word in words]) == status
    assert sentence in " ".join(capsys.readouterr().err.split())


def test_a_run_goes_on_with_more_epochs(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "--resume", str(trained), "--epochs", "3", "--json"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert events[0]["epochs_done"] == 2
    assert [event["epoch"] for event in events if event["event"] == "epoch"] == [3]
    assert [row.epoch for row in read_history(trained / "history.csv")] == [1, 2, 3]
    assert open_project(trained / "project.cnnstudio").data.limit == 60
