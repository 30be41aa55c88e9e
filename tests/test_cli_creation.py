"""`cnnstudio new`, `templates`, `schema`, `import`, `export`, and the figures of `summary --json`."""

import json
import os
from pathlib import Path
from shutil import copyfile

import h5py
import pytest

from cnnstudio.cli import run
from cnnstudio.core.analysis import analyze
from cnnstudio.core.checks import run_checks
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.schema import project_schema
from cnnstudio.core.project.sources import Folder, Included
from cnnstudio.core.templates import TEMPLATES, template
from cnnstudio.engine.data import facts_of
from cnnstudio.engine.data.folder.scan import scan
from cnnstudio.engine.files.projects import open_project, sample_project, save_project
from cnnstudio.engine.files.resources import resource_path
from cnnstudio.engine.importers import import_model
from tests.folders import class_folders

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
    outputs = {"unet": 5, "autoencoder": 3}.get(key, 4)
    assert project.network == template(key).build((32, 48, 3), outputs)
    assert project.task == template(key).task
    assert project.data.source is None
    assert project.notes == template(key).description
    assert project.training.start_from == template(key).start_from


def test_a_template_alone_is_for_the_digits_with_its_own_number_of_classes(out: Path) -> None:
    assert run(["new", "--template", "dense-3", "-o", str(out)]) == 0
    assert open_project(out).network == template("dense-3").build((28, 28, 1), 3)


@pytest.mark.parametrize("key", ["", "resnet", "vgg"])
def test_a_template_follows_the_pictures_of_a_folder(key: str, out: Path, tmp_path: Path) -> None:
    pets = class_folders(tmp_path / "pets", {"cat": 12, "dog": 12, "emu": 3}, size=(30, 40))
    words = ["--template", key] if key else []
    assert run(["new", *words, "--data", str(pets), "-o", str(out)]) == 0
    project = open_project(out)
    assert project.network == template(key or "two-conv").build((30, 40, 3), 3)
    found = scan(pets)
    assert (project.data.source, project.data.preparation) == (found.source, found.preparation)
    facts = facts_of(project.data)
    findings = run_checks(project, analyze(project.network), facts)
    assert [one.code for one in findings if one.severity == "error"] == []


def test_the_shape_that_is_asked_for_is_what_the_pictures_are_brought_to(out: Path, tmp_path: Path) -> None:
    pets = class_folders(tmp_path / "pets", {"cat": 3, "dog": 3})
    assert run(["new", "--data", str(pets), "--input", "20,24,1", "-o", str(out)]) == 0
    project = open_project(out)
    assert project.network.input_shape == (20, 24, 1)
    facts = facts_of(project.data)
    assert facts is not None
    assert facts.sample_shape == (20, 24, 1)


def test_a_folder_given_by_a_relative_path_is_found_again_from_elsewhere(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class_folders(tmp_path / "pets", {"cat": 3, "dog": 3})
    monkeypatch.chdir(tmp_path)
    assert run(["new", "--data", "pets", "-o", str(out)]) == 0
    source = open_project(out).data.source
    assert isinstance(source, Folder)
    assert source.path == str(tmp_path / "pets")


def test_a_project_on_a_folder_is_trained(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pets = class_folders(tmp_path / "shades", {"dark": 30, "light": 30})
    assert run(["new", "--data", str(pets), "-o", str(out)]) == 0
    folder = tmp_path / "run"
    assert run(["train", str(out), "--out", str(folder), "--epochs", "2", "--json"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert events[0]["training_images"] + events[0]["validation_images"] == 54
    assert (folder / "best.weights.h5").is_file()


def test_a_folder_without_class_folders_is_one_sentence_and_writes_nothing(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["new", "--data", str(tmp_path), "-o", str(out)]) == 1
    assert "holds no class folders" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize("shape", ["28,28", "?,28,3", "28,28,2", "28,1025,3"])
def test_a_shape_that_no_picture_can_have_is_a_wrong_call(
    shape: str, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pets = class_folders(tmp_path / "pets", {"cat": 3, "dog": 3})
    assert run(["new", "--data", str(pets), "--input", shape, "-o", str(out)]) == 2
    assert "such as 64,64,3" in " ".join(capsys.readouterr().err.split())
    assert not out.exists()


def test_a_network_without_data_is_compared_with_none(
    out: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(["new", "--template", "one-conv", "--classes", "3", "-o", str(out)]) == 0
    assert run(["summary", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["findings"] == []
    assert run(["train", str(out), "--out", str(tmp_path / "run")]) == 1
    assert capsys.readouterr().err == "No data are chosen. Choose some on the Data page first.\n"
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("words", "task", "shape", "outputs"),
    [
        (["--data", "shapes"], "classification", (48, 48, 3), 8),
        (["--data", "shapes", "--only", "circle,star"], "classification", (48, 48, 3), 2),
        (["--data", "shapes", "--template", "unet"], "segmentation", (48, 48, 3), 9),
        (
            ["--data", "shapes", "--task", "segmentation", "--only", "ring,heart"],
            "segmentation",
            (48, 48, 3),
            3,
        ),
        (["--data", "mnist", "--task", "reconstruction"], "reconstruction", (28, 28, 1), 1),
        (["--data", "fashion_mnist", "--input", "32,32,3"], "classification", (32, 32, 3), 10),
    ],
)
def test_a_network_suits_its_data_and_its_task(
    words: list[str], task: str, shape: tuple[int, ...], outputs: int, out: Path
) -> None:
    assert run(["new", *words, "-o", str(out)]) == 0
    project = open_project(out)
    analysis = analyze(project.network)
    last = analysis.rows[-1].output_shape or ()
    assert (project.task.type, project.network.input_shape, last[-1]) == (task, shape, outputs)
    findings = run_checks(project, analysis, facts_of(project.data))
    assert [one.message for one in findings if one.severity == "error"] == []


def test_the_three_digits_of_the_course_come_with_fifty_images(out: Path) -> None:
    assert run(["new", "--template", "dense-3", "-o", str(out)]) == 0
    data = open_project(out).data
    assert (data.source, data.classes, data.limit) == (Included(), ("0", "1", "2"), 50)


def test_a_task_that_the_data_cannot_teach_is_one_sentence(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["new", "--data", "mnist", "--task", "segmentation", "-o", str(out)]) == 1
    assert "MNIST has no masks" in capsys.readouterr().err
    assert not out.exists()


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
        (["--data", "pets", "--classes", "3"], "The classes are those of the data"),
        (["--classes", "3"], "--input and --classes go with --template"),
        (["--data", "shapes", "--only", "circle,blob"], "Shapes has no class 'blob'"),
        (["--data", "shapes", "--only", "circle"], "Name at least two classes"),
        (["--data", "shapes", "--limit", "1"], "Invalid value for '--limit'"),
        (["--limit", "10"], "--only and --limit choose among data"),
        (["--data", "shapes", "--task", "dreaming"], "Choose one of classification, segmentation"),
        (
            ["--data", "shapes", "--task", "segmentation", "--template", "vgg"],
            "vgg is made for classification",
        ),
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
        "task": "classification",
    }


def test_schema_is_printed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == project_schema()


def test_an_imported_model_becomes_a_project(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", str(FER), "-o", str(out)]) == 0
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")
    assert open_project(out).network == import_model(FER).network
    assert open_project(out).training.start_from == str(FER)
    assert run(["summary", str(out), "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["totals"]["trainable"] + summary["totals"]["non_trainable"] == 58_423


def test_what_begins_at_random_in_an_import_is_told(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / "part.hdf5"
    copyfile(FER, model)
    with h5py.File(model, "r+") as file:
        file["model_weights"].move("conv2d_1", "another")
        names = [b"another" if name == b"conv2d_1" else name for name in _bytes(file["model_weights"])]
        file["model_weights"].attrs["layer_names"] = names
    assert run(["import", str(model), "-o", str(out)]) == 0
    told = capsys.readouterr().err
    assert "Training starts: With weights of part.hdf5: " in told
    assert "at random: conv2d_1." in told


def _bytes(group: h5py.Group) -> list[bytes]:
    return [name if isinstance(name, bytes) else name.encode() for name in group.attrs["layer_names"]]


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
    chosen = open_project(out)
    save_project(chosen.with_data(DataChoice(source=Included())), out)
    assert run(["summary", str(out), "--json"]) == 0
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [(one["code"], one["layer"]) for one in findings] == [("C01", "output")]
    assert "10 classes" in findings[0]["message"]


@pytest.mark.parametrize(
    ("name", "words", "begins"),
    [
        ("net.py", [], "import keras"),
        ("net.svg", [], "<?xml"),
        ("net.svg", ["--format", "volumes"], "<?xml"),
        ("net.txt", ["--format", "keras"], "import keras"),
    ],
)
def test_export_writes_code_and_diagrams(name: str, words: list[str], begins: str, tmp_path: Path) -> None:
    assert run(["export", str(SAMPLE), "-o", str(tmp_path / name), *words]) == 0
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert text.startswith(begins)
    assert "conv1" in text


def test_the_two_diagrams_differ(tmp_path: Path) -> None:
    for form in ("stack", "volumes"):
        assert run(["export", str(SAMPLE), "-o", str(tmp_path / form), "--format", form]) == 0
    assert (tmp_path / "stack").read_bytes() != (tmp_path / "volumes").read_bytes()


def test_export_refuses_an_unknown_ending_and_a_file_that_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["export", str(SAMPLE), "-o", str(tmp_path / "net.docx")]) == 1
    assert "Let the name end in one of .py, .svg" in capsys.readouterr().err
    (tmp_path / "net.py").write_text("mine", encoding="utf-8")
    assert run(["export", str(SAMPLE), "-o", str(tmp_path / "net.py")]) == 1
    assert (tmp_path / "net.py").read_text(encoding="utf-8") == "mine"


def test_what_is_not_known_is_null_in_json_and_a_lower_bound_for_a_person(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    custom = {"name": "mine", "batch_input_shape": [None, 4, 4, 1]}
    dense = {"name": "dense", "units": 3}
    layers = [{"class_name": "Mine", "config": custom}, {"class_name": "Dense", "config": dense}]
    model = out.with_name("model.json")
    model.write_text(json.dumps({"class_name": "Sequential", "config": {"layers": layers}}))
    assert run(["import", str(model), "-o", str(out)]) == 0
    capsys.readouterr()
    assert run(["summary", str(out), "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    unknown = {"trainable": None, "non_trainable": None, "bytes": None, "macs": None}
    assert summary["totals"] == {
        **unknown,
        "activation_bytes": None,
        "at_least": dict.fromkeys(unknown, 0),
    }
    for layer in summary["layers"][1:]:
        assert {key: layer[key] for key in unknown} == unknown
    assert run(["summary", str(out)]) == 0
    told = capsys.readouterr().out
    assert "at least 0 parameters" in told
    assert "at least 0 MACs an image" in told


def test_the_weights_of_a_json_model_are_joined_to_it(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = FIXTURES / "tensorspace_mnist_weights_keras2.2.2.topology.json"
    weights = FIXTURES / "tensorspace_mnist_weights_keras2.2.2.h5"
    assert run(["import", str(model), "--weights", str(weights), "-o", str(out)]) == 0
    assert capsys.readouterr().err == ""
    project = open_project(out)
    assert project.training.start_from == str(weights)
    assert project.network == import_model(model).network
    capsys.readouterr()
    assert run(["import", str(model), "--weights", str(FER), "-o", str(out), "--force"]) == 1
    assert "No layer of this network has the name and the shapes" in capsys.readouterr().err
    gone = str(out.with_name("gone.h5"))
    assert run(["import", str(model), "--weights", gone, "-o", str(out), "--force"]) == 1
    assert f"There is no file {gone}" in capsys.readouterr().err
