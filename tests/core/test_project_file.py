"""The project file: what is read, and one clear sentence for everything that is not."""

import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cnnstudio.core.layers import Add, Conv2D, Input, Layer
from cnnstudio.core.network import MAX_LAYERS, Network
from cnnstudio.core.project import FORMAT_VERSION, MAX_VALUES, Project, from_json, to_json
from cnnstudio.core.project import project as project_module
from cnnstudio.core.project.schema import project_schema
from cnnstudio.core.project.training import SGD, TrainingSettings
from cnnstudio.core.values.errors import StudioError
from tests.core.pictures import stack

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = (ROOT / "resources" / "projects" / "mnist.cnnstudio").read_text(encoding="utf-8")
Edit = Callable[[dict[str, Any]], object]


def _layer(document: dict[str, Any], index: int) -> dict[str, Any]:
    found: dict[str, Any] = document["network"]["layers"][index]
    return found


def _refusal(text: str | bytes) -> str:
    with pytest.raises(StudioError) as caught:
        from_json(text, "mine.cnnstudio")
    sentence = str(caught.value)
    assert sentence.startswith("mine.cnnstudio ")
    assert "\n" not in sentence
    assert len(sentence) < 1500
    return sentence


def _edited(edit: Edit) -> str:
    document = json.loads(SAMPLE)
    edit(document)
    return json.dumps(document)


def test_a_project_comes_back_as_it_was_saved() -> None:
    layers: tuple[Layer, ...] = (
        Input(name="in", shape=(None, None, 3)),
        Conv2D(name="a", trainable=False),
        Conv2D(name="b"),
        Add(name="s", inputs=("b", "a")),
    )
    settings = TrainingSettings(optimizer=SGD(momentum=0.9), patience=None)
    project = Project(network=Network(layers=layers), training=settings, notes="Größe „28“\n")
    assert from_json(to_json(project), "it") == project


FOLDER = {
    "path": "/pictures/pets",
    "class_names": ["cat", "dog"],
    "train_count": 90,
    "test_count": 10,
    "size": [48, 64],
    "colors": "color",
}


def _with_folder(**changes: Any) -> Edit:
    return lambda document: document["data"].update(kind="folder", folder=FOLDER | changes)


def test_a_folder_of_pictures_is_kept_with_what_was_found_in_it() -> None:
    project = from_json(_edited(_with_folder()), "it")
    assert project.data.folder is not None
    assert (project.data.folder.name, project.data.folder.sample_shape) == ("pets", (48, 64, 3))
    assert from_json(to_json(project), "it") == project
    assert json.loads(to_json(project))["data"]["folder"] == FOLDER


def test_a_file_without_a_folder_is_as_it_was_before_there_were_folders() -> None:
    assert "folder" not in json.loads(to_json(from_json(SAMPLE, "it")))["data"]


@pytest.mark.parametrize(
    ("edit", "problem"),
    [
        (
            lambda document: document["data"].update(kind="folder"),
            'data: the kind "folder" needs the setting',
        ),
        (
            lambda document: document["data"].update(folder=FOLDER),
            'data: the kind "folder" needs the setting',
        ),
        (_with_folder(path=""), "data.folder.path: '' was given; expected at least one character"),
        (_with_folder(path="x" * 5000), "data.folder.path: 5,000 characters were given; at most 4,096"),
        (
            _with_folder(class_names=["cat"]),
            "data.folder.class_names: ['cat'] was given; expected a list",
        ),
        (
            _with_folder(class_names=["cat", "cat"]),
            "data.folder.class_names: each class has a name",
        ),
        (
            _with_folder(class_names=[str(n) for n in range(10_001)]),
            "a list with at most 10,000 in it",
        ),
        (
            _with_folder(class_names=["cat", "x" * 256]),
            "data.folder.class_names.1: 256 characters",
        ),
        (_with_folder(size=[64, 1025]), "data.folder.size.1: 1025 was given; expected"),
        (_with_folder(size=[0, 64]), "data.folder.size.0: 0 was given; expected"),
        (_with_folder(colors="sepia"), "data.folder.colors: 'sepia' was given; expected 'gray' or 'color'"),
        (_with_folder(train_count=-1), "data.folder.train_count: -1 was given; expected at least 2"),
        (_with_folder(extra=1), "data.folder.extra: this setting is unknown here"),
    ],
)
def test_a_folder_that_cannot_be_is_refused(edit: Edit, problem: str) -> None:
    assert problem in _refusal(_edited(edit))


def test_the_same_project_gives_the_same_text() -> None:
    project = from_json(SAMPLE, "it")
    assert to_json(from_json(to_json(project), "it")) == to_json(project)


REFUSED: list[tuple[str, Edit]] = [
    (
        "network.layers.2.filters: -10 was given; expected 1 to 1,000,000.",
        lambda d: _layer(d, 2).update(filters=-10),
    ),
    (
        "network.layers.2.filters: '8' was given; expected a whole number.",
        lambda d: _layer(d, 2).update(filters="8"),
    ),
    (
        "network.layers.2.filters: 1.5 was given; expected a whole number.",
        lambda d: _layer(d, 2).update(filters=1.5),
    ),
    (
        "network.layers.2.filters: True was given; expected a whole number.",
        lambda d: _layer(d, 2).update(filters=True),
    ),
    (
        "network.layers.2.filters: None was given; expected a whole number.",
        lambda d: _layer(d, 2).update(filters=None),
    ),
    (
        "network.layers.2.kernel_size.0: 0 was given; expected 1 to 1,024.",
        lambda d: _layer(d, 2).update(kernel_size=[0, 3]),
    ),
    (
        "network.layers.2.kernel_size: 'x' was given; expected a list.",
        lambda d: _layer(d, 2).update(kernel_size="x"),
    ),
    ("network.layers.2.kernel_size.1: only 1", lambda d: _layer(d, 2).update(kernel_size=[3])),
    (
        "network.layers.3.strides.0: 0 was given; expected 1 to 1,024.",
        lambda d: _layer(d, 3).update(strides=[0, 1]),
    ),
    (
        "network.layers.2.color: this setting is unknown here.",
        lambda d: _layer(d, 2).update(color="red"),
    ),
    ("network.layers.2.name: this setting is missing.", lambda d: _layer(d, 2).pop("name")),
    ("network.layers.2.name: '' was given", lambda d: _layer(d, 2).update(name="")),
    ('network.layers.2: the setting "type" is missing.', lambda d: _layer(d, 2).pop("type")),
    (
        "'Conv2d' is no known type. Did you mean 'Conv2D' or 'Conv1D'?",
        lambda d: _layer(d, 2).update(type="Conv2d"),
    ),
    ("'Quux' is no known type. Use a known one, such as", lambda d: _layer(d, 2).update(type="Quux")),
    ("network.layers.2.activation: 'foo' was given", lambda d: _layer(d, 2).update(activation="foo")),
    (
        "network.layers.0.shape.0: a number of more than 40 digits was given; expected 1 to 100,000.",
        lambda d: _layer(d, 0).update(shape=[10**60, 28, 1]),
    ),
    ("network.layers.0.shape: [] was given", lambda d: _layer(d, 0).update(shape=[])),
    ("network: 'conv1' takes 'zz', and no layer has that name", lambda d: _layer(d, 2).update(inputs=["zz"])),
    ("network: 'conv1' takes 'conv2', which is not above", lambda d: _layer(d, 2).update(inputs=["conv2"])),
    ("network: 'conv1' takes 'conv1', which is not above", lambda d: _layer(d, 2).update(inputs=["conv1"])),
    ("network: two layers are named 'conv1'", lambda d: _layer(d, 4).update(name="conv1")),
    ("network.layers: 5 was given; expected a list.", lambda d: d["network"].update(layers=5)),
    ("network: the first layer must be an Input", lambda d: d["network"].update(layers=[])),
    ("network: 'x' was given; expected an object.", lambda d: d.update(network="x")),
    ("network: this setting is missing.", lambda d: d.pop("network")),
    ("extra: this setting is unknown here.", lambda d: d.update(extra=1)),
    ("notes: 100,001 characters were given", lambda d: d.update(notes="x" * 100_001)),
    (
        "data.validation_share: 0 was given; expected above 0, at",
        lambda d: d["data"].update(validation_share=0),
    ),
    (
        "training.optimizer.learning_rate: -1.0 was given; expected above 0, at most 100.",
        lambda d: d["training"]["optimizer"].update(learning_rate=-1.0),
    ),
    ("training.patience: 0 was given; expected 1 to 10,000.", lambda d: d["training"].update(patience=0)),
    ("version: '1' was given; expected 1.", lambda d: d.update(version="1")),
    ("version: 0 was given; expected 1.", lambda d: d.update(version=0)),
    ("has format version 99", lambda d: d.update(version=99)),
    ("is no CNN Studio project", lambda d: d.update(format="other")),
]


@pytest.mark.parametrize(("sentence", "edit"), REFUSED, ids=[sentence[:40] for sentence, _ in REFUSED])
def test_a_wrong_value_is_refused_with_its_path_and_what_is_expected(sentence: str, edit: Edit) -> None:
    assert sentence in _refusal(_edited(edit))


def _long(count: int) -> str:
    layer = {"type": "Conv2D", "name": "x"}
    return _edited(lambda d: d["network"].update(layers=[layer] * count))


HOSTILE: list[tuple[str, Callable[[], str | bytes]]] = [
    ("100,000 layers were given; expected at most 10,000", lambda: _long(100_000)),
    ("at most 10,000", lambda: '{"format":"cnnstudio","network":{"layers":[' + "1," * 900_000 + "1]}}"),
    ("more than 2,000,000 values", lambda: '{"format":"cnnstudio","x":[' + "{}," * 3_000_000 + "1]}"),
    ("JSON text", lambda: "[" * 1_000_000),
    ("JSON text", lambda: '{"a":' * 200_000),
    ("JSON text", lambda: '{"format":"cnnstudio","network":' + "[" * 900 + "]" * 900 + "}"),
    ("NaN is no number", lambda: SAMPLE.replace('"filters": 16', '"filters": NaN')),
    ("Infinity is no number", lambda: SAMPLE.replace('"rate": 0.25', '"rate": -Infinity')),
    ("not infinite", lambda: SAMPLE.replace('"rate": 0.25', '"rate": 1e999')),
    ("digits", lambda: SAMPLE.replace('"filters": 16', '"filters": ' + "9" * 1_000_000)),
    ("'filters' stands twice", lambda: SAMPLE.replace('"filters": 16', '"filters": 16, "filters": 8')),
    ("JSON text", lambda: SAMPLE[: len(SAMPLE) // 2]),
    ("JSON text", lambda: b"\xff\xfe\x00\x01"),
    ("JSON text", lambda: ""),
    ("is no CNN Studio project", lambda: "[]"),
    ("is no CNN Studio project", lambda: "null"),
    ("JSON text", lambda: SAMPLE.replace('"name": "conv1"', '"name": "\\ud800"')),
    ("no known type", lambda: SAMPLE.replace('"type": "Conv2D"', f'"type": "{"C" * 500_000}"')),
    ("unknown here", lambda: SAMPLE.replace('"filters"', f'"{"f" * 500_000}"')),
    ("unknown here", lambda: SAMPLE.replace('"filters"', '"a\\nb"')),
]


@pytest.mark.parametrize(("sentence", "text"), HOSTILE, ids=[f"{i}-{s}" for i, (s, _) in enumerate(HOSTILE)])
def test_a_hostile_file_is_one_sentence_and_little_memory(
    sentence: str, text: Callable[[], str | bytes]
) -> None:
    given = text()
    tracemalloc.start()
    try:
        assert sentence in _refusal(given)
        assert tracemalloc.get_traced_memory()[1] < 300 * 2**20
    finally:
        tracemalloc.stop()


def test_the_longest_network_that_fits_is_read() -> None:
    layers = [Input(name="in"), *(Conv2D(name=f"c{i}", filters=1) for i in range(MAX_LAYERS - 1))]
    text = to_json(Project(network=Network(layers=tuple(layers))))
    assert sum(text.count(sign) for sign in ",{[") < MAX_VALUES
    assert len(from_json(text, "it").network.layers) == MAX_LAYERS


def test_an_older_version_goes_through_the_table_of_upgrades(monkeypatch: pytest.MonkeyPatch) -> None:
    def with_notes(document: dict[str, Any]) -> dict[str, Any]:
        rest = {key: value for key, value in document.items() if key != "remarks"}
        return {**rest, "notes": document["remarks"]}

    def old(document: dict[str, Any]) -> None:
        document.update(version=0, remarks=document.pop("notes"))

    monkeypatch.setitem(project_module.UPGRADES, 0, with_notes)
    assert from_json(_edited(old), "it") == from_json(SAMPLE, "it")


def test_the_schema_names_its_dialect_title_and_version() -> None:
    schema = project_schema()
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert schema["title"] == f"CNN Studio project, format version {FORMAT_VERSION}"
    assert {"format", "version", "network", "data", "training", "notes"} == set(schema["properties"])
    assert json.loads(json.dumps(schema)) == schema


def test_the_example_of_the_documentation_is_a_project() -> None:
    text = (ROOT / "docs" / "project-format.md").read_text(encoding="utf-8")
    example = text.split("```json\n")[1].split("```")[0]
    project = from_json(example, "the example")
    assert [layer.name for layer in project.network.layers][:2] == ["input", "conv1"]


def test_a_project_that_starts_at_random_is_read_by_older_programs_too() -> None:
    project = Project(network=stack("flatten dense(3)"))
    assert "start_from" not in to_json(project)
    trained = project.with_training(TrainingSettings(start_from="/there/best.weights.h5"))
    assert from_json(to_json(trained), "it").training.start_from == "/there/best.weights.h5"


def test_the_documentation_lists_every_range_of_the_training_settings() -> None:
    text = (ROOT / "docs" / "project-format.md").read_text(encoding="utf-8")
    for part in ("TrainingSettings", "DataChoice"):
        for name in project_schema()["$defs"][part]["properties"]:
            assert f"`{name}`" in text
