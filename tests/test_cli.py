import gc
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import h5py
import numpy as np
import pytest
from PIL import Image

from cnnstudio import __version__
from cnnstudio.cli import run, with_command
from cnnstudio.core.analysis import analyze
from cnnstudio.engine.files.projects import open_project, sample_project, save_project
from cnnstudio.engine.files.resources import resource_path
from cnnstudio.engine.runs.history import read_history
from tests.engine.small import small_project, usual_environment

SAMPLE = resource_path("projects", "mnist.cnnstudio")
FER = Path(__file__).parent / "fixtures" / "fer_emotion_mini_xception_keras2.0.5.hdf5"


def _process(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "cnnstudio", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=usual_environment())


def _is_a_sentence(text: str) -> bool:
    return text.rstrip()[-1:] in (".", ")") and text.count("\n") == 1 and "Traceback" not in text


@pytest.fixture
def small_file(tmp_path: Path) -> Path:
    """A tiny network on 500 digits."""
    path, project = tmp_path / "small.cnnstudio", small_project(epochs=2)
    save_project(project.with_data(project.data.model_copy(update={"limit": 500})), path)
    return path


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ([], ["open"]),
        (["net.cnnstudio"], ["open", "net.cnnstudio"]),
        (["train", "x"], ["train", "x"]),
        (["--version"], ["--version"]),
        (["-h"], ["-h"]),
        (["sumary", "x"], ["sumary", "x"]),
    ],
)
def test_a_call_without_a_command_opens_the_window(words: list[str], command: list[str]) -> None:
    assert with_command(words) == command


@pytest.mark.parametrize("words", [[], [str(SAMPLE)]])
def test_the_window_gets_the_file_and_gives_the_status(
    words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path | None] = []

    def window(path: Path | None) -> int:
        opened.append(path)
        return 3

    monkeypatch.setitem(sys.modules, "cnnstudio.gui.window.app", SimpleNamespace(run=window))
    # The tests that follow in this process want theirs.
    monkeypatch.setattr(gc, "disable", lambda: None)
    assert run(words) == 3
    assert opened == [SAMPLE if words else None]


NAMES = ("new", "templates", "import", "schema", "summary", "train", "inspect", "convolve")


def test_version_and_help_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"cnnstudio {__version__}\n"
    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(command in shown for command in NAMES)


@pytest.mark.parametrize(
    "words",
    [
        ["summary"],
        ["sumary", "x"],
        ["summary", "x", "y"],
        ["train", str(SAMPLE)],
        ["train", str(SAMPLE), "--out", "d", "--epochs", "0"],
        ["train", str(SAMPLE), "--out", "d", "--seed", "-1"],
        ["train", str(SAMPLE), "--out", "d", "--epochs", "many"],
        ["convolve", str(FER), "--layer", "x"],
        ["new"],
        ["summary", "x", "--jsno"],
    ],
)
def test_a_wrong_call_exits_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == 2
    captured = capsys.readouterr()
    assert "Error: " in captured.err
    assert captured.out == ""


def test_new_writes_the_sample_project_and_replaces_nothing_unasked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.cnnstudio"
    assert run(["new", "-o", str(path)]) == 0
    assert open_project(path) == sample_project()
    path.write_text("precious")
    assert run(["new", "-o", str(path)]) == 1
    assert "exists already" in capsys.readouterr().err
    assert path.read_text() == "precious"
    assert run(["new", "-o", str(path), "--force"]) == 0
    assert open_project(path) == sample_project()


def test_summary_as_json_has_the_agreed_form(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["summary", str(SAMPLE), "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    rows = analyze(sample_project().network).rows
    assert list(summary) == ["input_shape", "layers", "totals", "findings"]
    assert summary["input_shape"] == [28, 28, 1]
    assert summary["layers"][0]["type"] == "Input"
    assert summary["layers"][2] == {
        "name": "conv1",
        "type": "Conv2D",
        "inputs": ["rescale"],
        "output_shape": [28, 28, 16],
        "trainable": 416,
        "non_trainable": 0,
        "macs": 28 * 28 * 25 * 16,
        "bytes": 416 * 4,
        "receptive_field": [5, 5],
        "activation_bytes": 28 * 28 * 16 * 4,
        "findings": [],
    }
    assert summary["totals"]["trainable"] == sum(row.trainable for row in rows)
    assert summary["findings"] == []


def test_summary_tells_which_layers_are_disabled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = small_project()
    path = tmp_path / "off.cnnstudio"
    save_project(project.with_network(project.network.with_settings(("conv1",), enabled=False)), path)
    assert run(["summary", str(path), "--json"]) == 0
    layers = json.loads(capsys.readouterr().out)["layers"]
    assert [layer["name"] for layer in layers if not layer.get("enabled", True)] == ["conv1"]
    assert run(["summary", str(path)]) == 0
    assert "Conv2D (off)" in capsys.readouterr().out


def test_summary_of_a_broken_network_tells_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = small_project()
    conv = project.network.layer("conv1").updated(name="conv [red]1", kernel_size=(30, 30), padding="valid")
    path = tmp_path / "broken.cnnstudio"
    save_project(project.with_network(project.network.replaced("conv1", conv)), path)
    assert run(["summary", str(path), "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert [layer["output_shape"] for layer in summary["layers"][2:]] == [None, None, None]
    assert summary["layers"][2]["findings"] == ["S01"]
    assert set(summary["findings"][0]) == {"code", "severity", "layer", "message"}
    assert run(["summary", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "waits for conv [red]1" in shown
    assert "S01 error  conv [red]1 (Conv2D): A 30 x 30 kernel does not fit" in shown


def test_summary_for_a_person_shows_every_layer_and_the_totals(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["summary", str(SAMPLE)]) == 0
    shown = capsys.readouterr().out
    assert all(layer.name in shown for layer in sample_project().network.layers)
    assert f"{analyze(sample_project().network).totals.parameters:,} parameters" in shown


def test_inspect_as_json_has_the_agreed_form(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["inspect", str(FER), "--json"]) == 0
    contents = json.loads(capsys.readouterr().out)
    assert list(contents) == ["format", "keras_version", "layers", "kernels"]
    assert contents["keras_version"] == "2.0.5"
    first = contents["layers"][0]
    assert first == {
        "name": "conv2d_1",
        "weights": [{"name": "kernel", "shape": [3, 3, 1, 8], "dtype": "float32"}],
    }
    assert contents["kernels"][0] == {"layer": "conv2d_1", "weight": "kernel", "shape": [3, 3, 1, 8]}


def test_inspect_for_a_person_marks_the_kernels(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["inspect", str(FER)]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("conv2d_1 "))
    assert line.split() == ["conv2d_1", "kernel", "3", "x", "3", "x", "1", "x", "8", "float32", "kernel"]


@pytest.mark.parametrize("image", ["camera", str(resource_path("photos", "camera.png"))])
def test_convolve_writes_the_feature_map(image: str, tmp_path: Path) -> None:
    call = ["convolve", str(FER), "--layer", "conv2d_1", "--filter", "2", "--image", image, "-o"]
    assert run([*call, str(tmp_path / "map.npy")]) == 0
    assert run([*call, str(tmp_path / "map.png"), "--channel", "0"]) == 0
    values = np.load(tmp_path / "map.npy")
    with Image.open(tmp_path / "map.png") as picture:
        assert picture.size == values.shape[::-1]
    assert values.std() > 0


def _damaged(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return str(path)


def test_whatever_is_wrong_is_one_sentence_and_status_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    truncated = _damaged(tmp_path / "cut.h5", FER.read_bytes()[:20_000])
    no_project = _damaged(tmp_path / "bad.cnnstudio", b'{"format": "cnnstudio", "version": 2}')
    no_picture = _damaged(tmp_path / "bad.png", b"not a picture")
    convolve = ["convolve", str(FER), "-o", str(tmp_path / "o.png")]
    calls = [
        ["gone.cnnstudio"],
        ["summary", "gone.cnnstudio"],
        ["summary", str(tmp_path)],
        ["summary", no_project],
        ["summary", str(FER)],
        ["new", "-o", str(tmp_path / "no" / "folder.cnnstudio")],
        ["inspect", truncated],
        ["inspect", no_project],
        ["train", no_project, "--out", str(tmp_path / "run")],
        ["train", str(SAMPLE), "--out", no_project],
        [*convolve, "--layer", "nobody", "--filter", "0", "--image", "camera"],
        [*convolve, "--layer", "conv2d_1", "--filter", "99", "--image", "camera"],
        [*convolve, "--layer", "conv2d_1", "--filter", "0", "--image", no_picture],
        [*convolve, "--layer", "conv2d_1", "--filter", "0", "--image", "gone.png"],
    ]
    for call in calls:
        assert run(call) == 1, call
        captured = capsys.readouterr()
        assert _is_a_sentence(captured.err), call
        assert captured.out == ""
    assert not (tmp_path / "o.png").exists()
    assert not (tmp_path / "run").exists()


def test_a_traceback_comes_only_with_debug(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["summary", "gone.cnnstudio"]) == 1
    assert "Traceback" not in capsys.readouterr().err
    assert run(["summary", "gone.cnnstudio", "--debug"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_an_error_nobody_expected_is_a_sentence_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: Path) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("cnnstudio.engine.files.projects.open_project", broken)
    assert run(["summary", str(SAMPLE)]) == 1
    assert "did not expect: ZeroDivisionError('by zero')" in capsys.readouterr().err


def test_training_prints_one_json_object_a_line_and_nothing_else(
    small_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    ran = _process("train", small_file, "--out", out, "--epochs", "1", "--seed", "7", "--json")
    assert (ran.returncode, ran.stderr) == (0, "")
    events = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [event["event"] for event in events] == ["started", "epoch", "checkpoint", "finished"]
    assert (events[0]["seed"], events[0]["epochs"]) == (7, 1)
    epoch = events[1]
    assert {"epoch", "loss", "val_loss", "accuracy", "val_accuracy", "seconds"} <= set(epoch)
    assert epoch["val_loss"] == read_history(out / "history.csv")[0].values["val_loss"]
    assert open_project(out / "project.cnnstudio").training.seed == 7
    assert Path(events[2]["path"]) == out / "best.weights.h5"

    assert run(["train", str(small_file), "--out", str(out)]) == 1
    refused = capsys.readouterr().err
    assert "already holds a run" in refused
    assert _is_a_sentence(refused)


def test_training_for_a_person_says_each_epoch(
    small_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["train", str(small_file), "--out", str(tmp_path / "run"), "--epochs", "1"]) == 0
    captured = capsys.readouterr()
    lines = captured.out.splitlines()
    assert lines[0].startswith("400 images to train on, 100 to validate; 7,890 parameters; seed 0.")
    assert lines[1].startswith("Epoch 1/1  loss ")
    assert lines[-1].startswith("Finished. Best epoch 1, val_loss ")
    assert captured.err == ""


def test_a_project_that_cannot_be_trained_makes_no_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = small_project()
    last = project.network.layer("dense").updated(units=3)
    path = tmp_path / "wrong.cnnstudio"
    save_project(project.with_network(project.network.replaced("dense", last)), path)
    assert run(["train", str(path), "--out", str(tmp_path / "run")]) == 1
    assert "dense" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_ctrl_c_stops_within_a_batch_and_keeps_the_best(tmp_path: Path) -> None:
    path, out = tmp_path / "all.cnnstudio", tmp_path / "run"
    # All the digits: an epoch of a few would be over before the signal is sent.
    save_project(small_project(), path)
    command = [sys.executable, "-m", "cnnstudio", "train", str(path), "--out", str(out), "--json"]
    with subprocess.Popen(
        [*command, "--epochs", "9999"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=usual_environment(),
    ) as training:
        assert training.stdout is not None
        assert training.stderr is not None
        seen = []
        for line in training.stdout:
            seen.append(json.loads(line)["event"])
            if seen[-1] == "checkpoint" and seen.count("checkpoint") == 1:
                os.kill(training.pid, signal.SIGINT)
        assert training.wait() == 130
        assert training.stderr.read() == ""
    assert seen[-1] == "stopped"
    assert seen.count("epoch") <= 2
    assert json.loads((out / "run.json").read_text())["state"] == "stopped"
    assert run(["inspect", str(out / "best.weights.h5")]) == 0


def test_a_reader_that_goes_away_gets_no_traceback() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "cnnstudio", "summary", str(SAMPLE), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as summary:
        assert summary.stdout is not None
        assert summary.stderr is not None
        summary.stdout.close()
        assert summary.wait() in (0, 1)
        assert summary.stderr.read() == ""


_IMPORTS = """
import json, sys
from cnnstudio.cli import run
for call in json.load(sys.stdin):
    status = run(call)
    slow = {"keras", "tensorflow", "PySide6"} & set(sys.modules)
    if status or slow:
        sys.exit(f"{call} exits with {status} and imports {slow}")
"""


def test_what_does_not_train_does_not_wait_for_tensorflow(tmp_path: Path) -> None:
    calls = [
        f"summary {SAMPLE}",
        f"inspect {FER}",
        f"convolve {FER} --layer conv2d_1 --filter 1 --image camera -o OUT/a.png",
        "new -o OUT/b.cnnstudio",
        "new --template unet -o OUT/c.cnnstudio",
        "templates",
        "schema",
        f"import {FER} -o OUT/d.cnnstudio",
    ]
    words = [[word.replace("OUT", str(tmp_path)) for word in call.split()] for call in calls]
    ran = subprocess.run(
        [sys.executable, "-c", _IMPORTS], input=json.dumps(words), capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_dead_filter_is_told_and_its_map_is_flat(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with h5py.File(tmp_path / "dead.weights.h5", "w") as file:
        noise = np.random.default_rng(1).normal(size=(3, 3, 1, 2)) * [1e-34, 1]
        file["layers/conv2d/vars/0"] = noise.astype(np.float32)
    call = ["convolve", str(tmp_path / "dead.weights.h5"), "--layer", "conv2d", "--image", "camera"]

    for index, said in ((0, "Filter 0 of conv2d is dead"), (1, "")):
        assert run([*call, "--filter", str(index), "-o", str(tmp_path / f"{index}.png")]) == 0
        assert capsys.readouterr().err.startswith(said)

    assert len(np.unique(np.asarray(Image.open(tmp_path / "0.png")))) == 1
    assert len(np.unique(np.asarray(Image.open(tmp_path / "1.png")))) > 100


def test_what_was_assumed_of_a_file_is_told_beside_its_contents(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with h5py.File(tmp_path / "keras1.h5", "w") as file:
        file.attrs["layer_names"] = ["conv"]
        file.create_group("conv").attrs["weight_names"] = ["conv_W", "conv_b"]
        file["conv/conv_W"], file["conv/conv_b"] = np.ones((3, 3, 3, 3)), np.zeros(3)
    weights = str(tmp_path / "keras1.h5")
    picture = ["--image", "camera", "-o", str(tmp_path / "map.png")]

    for call in (
        ["inspect", weights, "--json"],
        ["convolve", weights, "--layer", "conv", "--filter", "0", *picture],
    ):
        assert run(call) == 0
        assert "of conv are stored: (rows, columns, channels, filters) is assumed" in capsys.readouterr().err
