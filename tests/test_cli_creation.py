"""`cnnstudio new`, `templates`, `schema` and `import`, and the figures that `summary --json` gives."""

import json
import os
from pathlib import Path

import pytest

from cnnstudio.cli import run
from cnnstudio.core.analysis import analyze
from cnnstudio.core.schema import project_schema
from cnnstudio.core.templates import TEMPLATES, template
from cnnstudio.engine.importers import import_model
from cnnstudio.engine.projects import open_project, sample_project
from cnnstudio.engine.resources import resource_path

FIXTURES = Path(__file__).parent / "fixtures"
FER = FIXTURES / "fer_emotion_mini_xception_keras2.0.5.hdf5"
SAMPLE = resource_path("projects", "mnist.cnnstudio")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "made.cnnstudio"


@pytest.mark.parametrize("key", [one.key for one in TEMPLATES])
def test_new_writes_each_template_for_these_images_and_classes(key: str, out: Path) -> None:
    assert run(["new", "--template", key, "--input", "32,48,3", "--classes", "4", "-o", str(out)]) == 0
    project = open_project(out)
    assert project.network == template(key).build((32, 48, 3), 4)
    assert project.notes == template(key).description


def test_a_template_alone_is_for_the_digits_with_its_own_number_of_classes(out: Path) -> None:
    assert run(["new", "--template", "dense-3", "-o", str(out)]) == 0
    assert open_project(out).network == template("dense-3").build((28, 28, 1), 3)


def test_a_size_may_be_left_open(out: Path) -> None:
    assert run(["new", "--template", "resnet", "--input", "?, ?,3", "-o", str(out)]) == 0
    assert open_project(out).network.input_shape == (None, None, 3)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--template", "alexnet"], "Choose one of dense-3, dense-10, one-conv"),
        (["--template", "vgg", "--input", "28,wide,1"], "'28,wide,1' is no shape"),
        (["--template", "vgg", "--input", "28,28,"], "'28,28,' is no shape"),
        (["--template", "vgg", "--input", "0,28,1"], "sizes from 1 to 100,000"),
        (["--template", "vgg", "--input", "-28,28,1"], "sizes from 1 to 100,000"),
        (["--template", "vgg", "--input", "1000000,28,1"], "sizes from 1 to 100,000"),
        (["--template", "vgg", "--input", "9" * 5000], "is no shape"),
        (["--template", "vgg", "--input", "2,2,2,2,2"], "Write 1 to 4 sizes"),
        (["--template", "vgg", "--input", "28,28"], "takes images, height x width x channels"),
        (["--template", "dense-10", "--input", "?"], "needs images of a known size"),
        (["--template", "vgg", "--classes", "0"], "Invalid value for '--classes'"),
        (["--template", "vgg", "--classes", "ten"], "Invalid value for '--classes'"),
        (["--input", "28,28,1"], "--input and --classes go with --template"),
        (["--classes", "3"], "--input and --classes go with --template"),
    ],
)
def test_a_wrong_word_is_a_wrong_call_and_writes_nothing(
    words: list[str], sentence: str, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["new", *words, "-o", str(out)]) == 2
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert captured.out == ""
    assert not out.exists()


def test_templates_are_listed_with_what_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["templates"]) == 0
    lines = capsys.readouterr().out.splitlines()[1:]
    assert [line.split()[0] for line in lines] == [one.key for one in TEMPLATES]
    assert all(one.description in line for line, one in zip(lines, TEMPLATES, strict=True))


def test_templates_as_json_name_what_new_takes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["templates", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in listed] == [one.key for one in TEMPLATES]
    assert listed[0] == {
        "name": "dense-3",
        "title": TEMPLATES[0].title,
        "description": TEMPLATES[0].description,
        "classes": 3,
    }


def test_schema_is_printed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == project_schema()


def test_an_imported_model_becomes_a_project(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", str(FER), "-o", str(out)]) == 0
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")
    assert open_project(out).network == import_model(FER).network
    assert run(["summary", str(out), "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["totals"]["trainable"] + summary["totals"]["non_trainable"] == 58_423


def test_what_an_import_could_not_take_over_is_told_on_standard_error(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["import", str(FIXTURES / "mmsplice_acceptor_keras2.1.3.h5"), "-o", str(out)]) == 0
    captured = capsys.readouterr()
    assert captured.err == "convSpliceSite: ConvDNA is not in the catalogue; it is kept as it came.\n"
    assert captured.out == ""


def test_an_import_replaces_nothing_unasked(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out.write_text("precious")
    assert run(["import", str(FER), "-o", str(out)]) == 1
    assert "exists already" in capsys.readouterr().err
    assert out.read_text() == "precious"
    assert run(["import", str(FER), "-o", str(out), "--force"]) == 0
    assert open_project(out).network.layers


@pytest.mark.parametrize("words", [["import"], ["import", str(FER)], ["schema", "x"], ["templates", "x"]])
def test_a_wrong_call_exits_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == 2
    assert "Error: " in capsys.readouterr().err


def test_what_is_no_model_is_one_sentence_and_status_1(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "folder.keras").mkdir()
    (tmp_path / "cut.h5").write_bytes(FER.read_bytes()[:20_000])
    names = ["gone.keras", "pipe.json", "folder.keras", "cut.h5"]
    weights = FIXTURES / "tensorspace_mnist_weights_keras2.2.2.h5"
    for model in [*(tmp_path / name for name in names), weights, SAMPLE]:
        assert run(["import", str(model), "-o", str(out)]) == 1, model
        captured = capsys.readouterr()
        assert captured.err.count("\n") == 1, model
        assert captured.err.rstrip().endswith(".")
        assert "did not expect" not in captured.err
        assert not out.exists()


def test_summary_as_json_gives_bytes_and_receptive_fields(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["summary", str(SAMPLE), "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    layers = {layer["name"]: layer for layer in summary["layers"]}
    assert layers["input"]["receptive_field"] == [1, 1]
    assert (layers["conv1"]["bytes"], layers["conv1"]["activation_bytes"]) == (416 * 4, 28 * 28 * 16 * 4)
    assert layers["conv1"]["receptive_field"] == [5, 5]
    assert layers["conv2"]["receptive_field"] == [14, 14]
    assert layers["flatten"]["receptive_field"] is None
    assert layers["dense"]["activation_bytes"] == 10 * 4
    assert summary["totals"]["bytes"] == sum(layer["bytes"] for layer in summary["layers"])
    assert summary["totals"]["activation_bytes"] == sum(
        layer["activation_bytes"] for layer in summary["layers"]
    )
    assert summary["totals"]["bytes"] == analyze(sample_project().network).totals.parameters * 4


def test_an_open_size_has_no_activation_memory(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["new", "--template", "fully-convolutional", "-o", str(out)]) == 0
    assert run(["summary", str(out), "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["totals"]["activation_bytes"] is None
    assert summary["layers"][0]["activation_bytes"] is None


def test_a_network_is_checked_against_its_data(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["new", "--template", "one-conv", "--classes", "3", "-o", str(out)]) == 0
    assert run(["summary", str(out), "--json"]) == 0
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [(one["code"], one["layer"]) for one in findings] == [("C01", "output")]
    assert "10 classes" in findings[0]["message"]
