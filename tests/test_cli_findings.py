"""The commands that tell findings and apply their fixes, and what training says before it begins."""

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from cnnstudio.cli import findings as judging
from cnnstudio.cli import run
from cnnstudio.core.layers import Conv2D, Dense, Dropout
from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.training import TrainingSettings
from cnnstudio.core.tasks import Classification
from cnnstudio.core.values.facts import DataFacts
from cnnstudio.engine.data import facts_of
from cnnstudio.engine.files.projects import open_project, save_project
from tests.core.pictures import names, stack
from tests.engine.small import small_project

DISHARMONY = "rescale conv(8,3) d=dropout conv(8,3) bn relu flatten dense(10,softmax)"


def written(tmp_path: Path, project: Project) -> Path:
    path = tmp_path / "net.cnnstudio"
    save_project(project, path)
    return path


@pytest.fixture
def disharmony(tmp_path: Path) -> Path:
    return written(tmp_path, Project(network=stack(DISHARMONY)))


def test_findings_as_json_have_the_agreed_form(disharmony: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["findings", str(disharmony), "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert list(found) == ["code", "severity", "layer", "message", "why", "fixes"]
    assert (found["code"], found["severity"], found["layer"]) == ("C07", "warning", "bn5")
    assert found["fixes"] == ["Move the dropout down", "Remove d"]
    assert found["message"].endswith(".")
    assert "Batch Normalization" in found["why"]


def test_findings_for_a_person_say_why_and_number_the_fixes(
    disharmony: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["findings", str(disharmony)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("C07 warning  d (Dropout) stands before bn5")
    assert [line.strip() for line in lines[2:]] == ["1. Move the dropout down", "2. Remove d"]


def test_a_sound_project_has_no_findings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, Project(network=stack("rescale conv(8,3) flatten dense(10,softmax)")))
    assert run(["findings", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert run(["findings", str(path)]) == 0
    assert capsys.readouterr().out == "Nothing was found.\n"


@pytest.mark.parametrize(
    ("choice", "left"),
    [
        ("1", "rescale1 conv2 conv4 bn5 relu6 flatten7 d dense8"),
        ("2", "rescale1 conv2 conv4 bn5 relu6 flatten7 dense8"),
        ("Remove d", "rescale1 conv2 conv4 bn5 relu6 flatten7 dense8"),
    ],
)
def test_the_chosen_fix_is_applied_to_the_file_itself(disharmony: Path, choice: str, left: str) -> None:
    assert run(["fix", str(disharmony), "--code", "c07", "--choice", choice]) == 0
    assert names(open_project(disharmony).network) == left
    assert [path.name for path in disharmony.parent.iterdir()] == [disharmony.name]


def test_a_fix_can_be_written_to_another_file_which_is_not_replaced_unasked(
    disharmony: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, other = disharmony.read_bytes(), tmp_path / "other.cnnstudio"
    call = ["fix", str(disharmony), "--code", "C07", "--layer", "bn5", "--choice", "2", "-o", str(other)]
    assert run(call) == 0
    assert disharmony.read_bytes() == before
    assert "d" not in open_project(other).network.positions
    assert run(call) == 1
    assert "exists already" in capsys.readouterr().err
    assert run([*call, "--force"]) == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ["--code", "C07"],
            "1 (Move the dropout down, at bn5), 2 (Remove d, at bn5). Say which with --choice",
        ),
        (["--code", "C07", "--choice", "3"], "2 (Remove d, at bn5). Say which with --choice"),
        (["--code", "C99"], "There is no finding C99; found was C07."),
        (["--code", "C07", "--layer", "conv2"], "There is no finding C07 at conv2; found was C07."),
    ],
)
def test_what_cannot_be_mended_so_is_one_sentence_that_names_what_can(
    disharmony: Path, words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = disharmony.read_bytes()
    assert run(["fix", str(disharmony), *words]) == 1
    assert sentence in capsys.readouterr().err
    assert disharmony.read_bytes() == before


def test_of_several_findings_of_a_code_one_is_to_be_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    linear = Conv2D(name="x", filters=4, activation="linear")
    network = stack("rescale flatten dense(10,softmax)")
    for name in ("a", "b"):
        network = network.inserted(2, linear.updated(name=name))
    path = written(tmp_path, Project(network=network))
    assert run(["fix", str(path), "--code", "C03"]) == 1
    assert "1 (Use ReLU, at b), 2 (Use ReLU, at a). Say which" in capsys.readouterr().err
    # The same label does not tell them apart.
    assert run(["fix", str(path), "--code", "C03", "--choice", "Use ReLU"]) == 1
    assert run(["fix", str(path), "--code", "C03", "--layer", "a"]) == 0
    assert vars(open_project(path).network.layer("a"))["activation"] == "relu"


def test_a_finding_about_the_project_is_chosen_by_the_number_of_its_fix(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The activation of the last layer is wrong, and the form of the labels: both are C02."""
    project = Project(
        network=stack("rescale conv(8,3) flatten dense(10,relu)"), task=Classification(labels="integer")
    )
    path = written(tmp_path, project)
    assert run(["findings", str(path)]) == 0
    listed = [line.strip() for line in capsys.readouterr().out.splitlines() if line.startswith("    ")]
    assert run(["fix", str(path), "--code", "C02"]) == 1
    numbers = [line.split(". ")[0] for line in listed if line[0].isdigit()]
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
    assert f"{numbers[-1]} (Use one-hot labels, at the project)" in capsys.readouterr().err
    assert run(["fix", str(path), "--code", "C02", "--choice", numbers[-1]]) == 0
    assert open_project(path).task == Classification(labels="one-hot")
    assert run(["fix", str(path), "--code", "C02", "--choice", "1"]) == 0
    assert vars(open_project(path).network.layer("dense4"))["activation"] == "softmax"


def test_a_finding_without_a_fix_says_what_can_be_done_by_hand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    layers = stack("rescale conv(8,3) gap dense(10,softmax)", (28, 28, 1))
    path = written(tmp_path, Project(network=layers))
    assert run(["fix", str(path), "--code", "C09"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("C09 has no fix to apply. The values that gap3 takes together see 3 of 28 pixels")


def test_every_fix_that_is_listed_can_be_applied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = Project(
        network=stack("conv(8,3) d=dropout conv(8,3) bn relu flatten dense(7,relu)"),
        training=TrainingSettings(batch_size=2),
    )
    path = written(tmp_path, project)
    assert run(["findings", str(path), "--json"]) == 0
    for finding in json.loads(capsys.readouterr().out):
        for label in finding["fixes"]:
            place = [] if finding["layer"] is None else ["--layer", finding["layer"]]
            out = ["-o", str(tmp_path / "out.cnnstudio"), "--force"]
            assert run(["fix", str(path), "--code", finding["code"], *place, "--choice", label, *out]) == 0
            assert open_project(tmp_path / "out.cnnstudio") != project


def test_training_that_needs_more_memory_than_is_free_is_warned_of_before_it_begins(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "free_memory", lambda: 50_000)
    path = written(tmp_path, small_project(epochs=1))
    assert run(["findings", str(path), "--json"]) == 0
    assert "C08" in [finding["code"] for finding in json.loads(capsys.readouterr().out)]
    assert run(["summary", str(path)]) == 0
    assert "C08 warning" in capsys.readouterr().out
    assert run(["train", str(path), "--out", str(tmp_path / "run"), "--json"]) == 0
    captured = capsys.readouterr()
    assert captured.err.startswith("C08 warning  Training with batches of")
    # What a program reads holds events and nothing else.
    assert all(json.loads(line)["event"] for line in captured.out.splitlines())


def test_classes_that_are_not_balanced_are_told_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = ((900, 0, 0), *((10, 0, 0),) * 9)

    def uneven(choice: DataChoice) -> DataFacts | None:
        facts = facts_of(choice)
        return None if facts is None else replace(facts, class_counts=counts)

    monkeypatch.setattr(judging, "facts_of", uneven)
    path = written(tmp_path, small_project(epochs=1))
    for command in (["findings"], ["summary"]):
        assert run([*command, str(path)]) == 0
        assert "C14 warning  The classes are not balanced: 900 images of '0'" in capsys.readouterr().out
    assert run(["train", str(path), "--out", str(tmp_path / "run")]) == 0
    assert "C14 warning" in capsys.readouterr().err


def test_other_warnings_are_told_before_training_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = small_project(epochs=1)
    last = len(project.network.layers)
    network = project.network.inserted(last - 1, Dense(name="wide", units=8, activation="relu"))
    network = network.inserted(last + 1, Dropout(name="late", rate=0.2))
    path = written(tmp_path, project.with_network(network))
    assert run(["train", str(path), "--out", str(tmp_path / "run")]) == 0
    assert "C10 warning  late drops values of the output itself." in capsys.readouterr().err


def test_what_the_curves_mean_is_told_while_training_goes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = small_project(epochs=2)
    dead = Conv2D.model_validate(
        {
            "name": "conv1",
            "filters": 4,
            "trainable": False,
            "bias_initializer": {"type": "Constant", "value": -1e6},
        }
    )
    data = project.data.model_copy(update={"limit": 100})
    path = written(tmp_path, project.with_data(data).with_network(project.network.replaced("conv1", dead)))
    assert run(["train", str(path), "--out", str(tmp_path / "run")]) == 0
    assert "  R04 warning  100% of the units of conv1 are 0" in capsys.readouterr().out
    assert run(["train", str(path), "--out", str(tmp_path / "again"), "--json"]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (found,) = [record for record in records if record["event"] == "finding"]
    assert (found["code"], found["layer"], found["epoch"]) == ("R04", "conv1", 2)
    assert {"severity", "message", "why", "fixes"} <= set(found)
