"""The project file: what is read, and one clear sentence for everything that is not."""

import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cnnstudio.core.layers import Add, Conv1D, Conv2D, Input, Layer
from cnnstudio.core.network import MAX_LAYERS, Network
from cnnstudio.core.project import FORMAT_VERSION, MAX_VALUES, Project, from_json, to_json
from cnnstudio.core.project.data import DataChoice, Preparation, Split
from cnnstudio.core.project.schema import project_schema
from cnnstudio.core.project.sources import Folder, Included
from cnnstudio.core.project.training import SGD, TrainingSettings
from cnnstudio.core.project.unknown import sentence_about
from cnnstudio.core.project.upgrades import UPGRADES
from cnnstudio.core.tasks import Classification, Segmentation
from cnnstudio.core.values.errors import StudioError

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
    "type": "folder",
    "path": "/pictures/pets",
    "class_names": ["cat", "dog"],
    "train_count": 90,
    "test_count": 10,
}
PREPARED = {"size": [48, 64], "fit": "stretch", "colors": "color"}


def _with_folder(**changes: Any) -> Edit:
    return lambda document: document["data"].update(source=FOLDER | changes, preparation=PREPARED)


def _prepared(**changes: Any) -> Edit:
    return lambda document: document["data"].update(source=FOLDER, preparation=PREPARED | changes)


def test_a_folder_of_pictures_is_kept_with_what_was_found_in_it() -> None:
    project = from_json(_edited(_with_folder()), "it")
    assert isinstance(project.data.source, Folder)
    assert (project.data.source.name, project.data.preparation.size) == ("pets", (48, 64))
    assert from_json(to_json(project), "it") == project
    written = json.loads(to_json(project))["data"]
    unsaid: dict[str, Any] = {"validation_count": None, "class_counts": [], "levels": None, "rules": 1}
    usual = {"resampling": "bicubic", "background": "#ffffff"}
    assert (written["source"], written["preparation"]) == (FOLDER | unsaid, PREPARED | usual)


def test_a_folder_with_parts_of_its_own_and_deep_pictures_is_kept() -> None:
    own = {
        "validation_count": 6,
        "class_counts": [[50, 4, 5], [40, 2, 5]],
        "levels": {"whole": [0, 4095], "real": None},
        "rules": 2,
    }
    project = from_json(_edited(_with_folder(**own)), "it")
    assert from_json(to_json(project), "it") == project
    assert json.loads(to_json(project))["data"]["source"] == FOLDER | own


@pytest.mark.parametrize(
    ("edit", "problem"),
    [
        (_prepared(size=None), "data: pictures in files have any size, so preparation.size"),
        (_prepared(colors=None), "data: pictures in files have any size"),
        (_with_folder(path=""), "data.source.path: '' was given; expected at least one character"),
        (_with_folder(path="x" * 5000), "data.source.path: 5,000 characters were given; at most 4,096"),
        (_with_folder(class_names=["cat"]), "data.source.class_names: ['cat'] was given; expected a list"),
        (_with_folder(class_names=["cat", "cat"]), "data.source.class_names: each class has a name"),
        (_with_folder(class_names=[str(n) for n in range(10_001)]), "a list with at most 10,000 in it"),
        (_with_folder(class_names=["cat", "x" * 256]), "data.source.class_names.1: 256 characters"),
        (_prepared(size=[64, 1025]), "data.preparation.size.1: 1025 was given; expected"),
        (_prepared(size=[0, 64]), "data.preparation.size.0: 0 was given; expected"),
        (_prepared(colors="sepia"), "data.preparation.colors: 'sepia' was given; expected 'gray' or 'color'"),
        (_prepared(fit="shrink"), "data.preparation.fit: 'shrink' was given; expected 'stretch'"),
        (_with_folder(train_count=-1), "data.source.train_count: -1 was given; expected at least 2"),
        (_with_folder(class_counts=[[1, 0, 0]]), "1 classes are counted and 2 named"),
        (_with_folder(rules=3), "data.source.rules: 3 was given; expected 1 or 2"),
        (_with_folder(type="cloud"), "'cloud' is no known type"),
    ],
)
def test_a_folder_that_cannot_be_is_refused(edit: Edit, problem: str) -> None:
    assert problem in _refusal(_edited(edit))


def test_a_file_without_data_has_none() -> None:
    assert from_json(_edited(lambda document: document.pop("data")), "it").data.source is None


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
    ("network.layers.2.name: this setting is missing.", lambda d: _layer(d, 2).pop("name")),
    ("network.layers.2.name: '' was given", lambda d: _layer(d, 2).update(name="")),
    ('network.layers.2: the setting "type" is missing.', lambda d: _layer(d, 2).pop("type")),
    (
        "'Conv2d' is no known type. Did you mean 'Conv2D', 'Conv3D' or 'Conv1D'?",
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
    ("notes: 100,001 characters were given", lambda d: d.update(notes="x" * 100_001)),
    (
        "data.split.validation_share: 0 was given; expected above 0, at",
        lambda d: d["data"].update(split={"validation_share": 0}),
    ),
    (
        "training.optimizer.learning_rate: -1.0 was given; expected above 0, at most 100.",
        lambda d: d["training"]["optimizer"].update(learning_rate=-1.0),
    ),
    ("training.patience: 0 was given; expected 1 to 10,000.", lambda d: d["training"].update(patience=0)),
    ("version: '2' was given; expected 2.", lambda d: d.update(version="2")),
    ("version: 0 was given; expected 2.", lambda d: d.update(version=0)),
    ("task: 'x' was given", lambda d: d.update(task="x")),
    ("'dream' is no known type", lambda d: d.update(task={"type": "dream"})),
    ("data.limit: 1 was given; expected", lambda d: d["data"].update(limit=1)),
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

    monkeypatch.setitem(UPGRADES, 0, with_notes)
    monkeypatch.setitem(UPGRADES, 1, lambda document: document)
    assert from_json(_edited(old), "it") == from_json(SAMPLE, "it")


def test_the_schema_names_its_dialect_title_and_version() -> None:
    schema = project_schema()
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert schema["title"] == f"CNN Studio project, format version {FORMAT_VERSION}"
    assert {"format", "version", "network", "task", "data", "training", "notes"} == set(schema["properties"])
    assert json.loads(json.dumps(schema)) == schema


def test_the_example_of_the_documentation_is_a_project() -> None:
    text = (ROOT / "docs" / "project-format.md").read_text(encoding="utf-8")
    example = text.split("```json\n")[1].split("```")[0]
    project = from_json(example, "the example")
    assert [layer.name for layer in project.network.layers][:2] == ["input", "conv1"]


def test_the_documentation_lists_every_range_of_the_training_settings() -> None:
    text = (ROOT / "docs" / "project-format.md").read_text(encoding="utf-8")
    for part in ("TrainingSettings", "DataChoice"):
        for name in project_schema()["$defs"][part]["properties"]:
            assert f"`{name}`" in text


def test_the_trained_weights_to_start_from_are_kept() -> None:
    project = from_json(SAMPLE, "it")
    assert project.training.start_from is None
    trained = project.with_training(TrainingSettings(start_from="/there/best.weights.h5"))
    assert from_json(to_json(trained), "it").training.start_from == "/there/best.weights.h5"


OLD = ROOT / "tests" / "fixtures" / "projects"


def test_a_real_file_of_version_1_over_the_digits_means_what_it_meant() -> None:
    text = (OLD / "version1_mnist.cnnstudio").read_text(encoding="utf-8")
    assert json.loads(text)["version"] == 1
    assert from_json(text, "old") == from_json(SAMPLE, "new")
    assert json.loads(to_json(from_json(text, "old")))["version"] == FORMAT_VERSION


def test_a_real_file_of_version_1_over_a_folder_means_what_it_meant() -> None:
    text = (OLD / "version1_folder.cnnstudio").read_text(encoding="utf-8")
    project = from_json(text, "old")
    assert project.task == Classification(labels="integer")
    assert project.data.source == Folder(
        path="/pictures/pets", class_names=("cat", "dog"), train_count=90, test_count=10
    )
    assert project.data.preparation == Preparation(size=(48, 64), colors="color")
    assert project.data.split == Split(validation_share=0.3, seed=7)
    assert project.training.loss == "sparse_categorical_crossentropy"
    assert from_json(to_json(project), "new") == project


def _of_version_1(**data: Any) -> str:
    """The sample with this table of data, in the old form."""
    document = json.loads((OLD / "version1_mnist.cnnstudio").read_text(encoding="utf-8"))
    return json.dumps({**document, "data": data})


def test_a_file_of_version_1_without_data_was_over_the_digits() -> None:
    document = json.loads(_of_version_1())
    del document["data"]
    assert from_json(json.dumps(document), "old").data.source == Included(set="mnist")
    assert from_json(_of_version_1(), "old").data.source == Included(set="mnist")


def test_a_file_of_version_1_over_the_clothes_stays_over_them() -> None:
    project = from_json(_of_version_1(kind="fashion_mnist", seed=4), "old")
    assert project.data == DataChoice(source=Included(set="fashion_mnist"), split=Split(seed=4))


def test_what_version_1_did_not_know_is_kept_beside_what_was_upgraded() -> None:
    project = from_json(_of_version_1(kind="mnist", folder={"path": "/x"}, mixup=0.5), "old")
    assert {setting.place for setting in project.unknown} == {"data.folder", "data.mixup"}
    written = json.loads(to_json(project))
    assert (written["version"], written["data"]["folder"]) == (FORMAT_VERSION, {"path": "/x"})
    assert written["data"]["mixup"] == 0.5


def test_a_file_without_its_version_keeps_the_task_it_names() -> None:
    def edit(document: dict[str, Any]) -> None:
        del document["version"]
        document["task"] = {"type": "segmentation"}

    project = from_json(_edited(edit), "it")
    assert project.task == Segmentation()
    assert project.data == from_json(SAMPLE, "it").data


@pytest.mark.parametrize(
    "edit",
    [
        lambda d: d.update(data=5),
        lambda d: d.update(data={"kind": "folder"}),
        lambda d: d.update(data={"kind": "folder", "folder": 5}),
        lambda d: d.update(data={"kind": "faces"}),
        lambda d: d.update(data={"kind": ["mnist"]}),
    ],
)
def test_a_wrong_file_of_version_1_is_one_sentence_too(edit: Edit) -> None:
    document = json.loads(_of_version_1())
    edit(document)
    assert _refusal(json.dumps(document))


def _with_unknown(document: dict[str, Any]) -> None:
    _layer(document, 2)["gain"] = {"by": [1, 2]}
    document["training"]["warmup"] = 3
    document["plugins"] = ["x"]


def test_settings_that_nobody_knows_are_kept_and_told_by_their_place() -> None:
    project = from_json(_edited(_with_unknown), "it")
    assert project.network == from_json(SAMPLE, "it").network
    sentence = sentence_about(project.unknown)
    for place in ("network.layers.conv1.gain", "training.warmup", "plugins"):
        assert place in sentence
    written = json.loads(to_json(project))
    assert (written["plugins"], written["training"]["warmup"]) == (["x"], 3)
    assert _layer(written, 2)["gain"] == {"by": [1, 2]}
    assert from_json(to_json(project), "it") == project


def test_what_is_not_known_of_a_layer_follows_it_and_goes_with_it() -> None:
    project = from_json(_edited(_with_unknown), "it")
    moved = project.with_network(project.network.moved_together(("conv1",), 4))
    assert moved.network.position("conv1") == 3
    assert _layer(json.loads(to_json(moved)), 3)["gain"] == {"by": [1, 2]}
    renamed = moved.with_network(moved.network.renamed("conv1", "lines"))
    assert _layer(json.loads(to_json(renamed)), 3)["gain"] == {"by": [1, 2]}
    gone = json.loads(to_json(project.with_network(project.network.removed("conv1"))))
    assert "gain" not in json.dumps(gone)
    assert gone["training"]["warmup"] == 3


def test_what_is_not_known_stays_while_other_settings_change() -> None:
    project = from_json(_edited(_with_unknown), "it")
    conv = project.network.layer("conv1")
    project = project.with_network(project.network.replaced("conv1", conv.updated(filters=4)))
    project = project.with_training(project.training.model_copy(update={"epochs": 9}))
    project = project.with_data(project.data.with_split(Split(seed=3))).with_task(Segmentation())
    written = json.loads(to_json(project))
    assert (_layer(written, 2)["filters"], _layer(written, 2)["gain"]) == (4, {"by": [1, 2]})
    assert (written["training"]["epochs"], written["training"]["warmup"]) == (9, 3)
    assert written["plugins"] == ["x"]


def test_what_is_not_known_of_one_kind_is_not_written_into_another() -> None:
    def edit(document: dict[str, Any]) -> None:
        document["training"]["optimizer"]["amsgrad"] = True
        document["data"]["source"]["subset"] = "letters"
        _layer(document, 2)["kernel_initializer"] = {"type": "RandomNormal", "clip": 1}

    project = from_json(_edited(edit), "it")
    written = json.loads(to_json(project))
    assert written["training"]["optimizer"]["amsgrad"] is True
    assert written["data"]["source"]["subset"] == "letters"
    assert _layer(written, 2)["kernel_initializer"]["clip"] == 1
    settings = project.training.model_copy(update={"optimizer": SGD()})
    folder = Folder(path="/pets", class_names=("cat", "dog"), train_count=9, test_count=0)
    data = project.data.with_source(folder, Preparation(size=(8, 8), colors="gray"))
    layer = Conv1D(name="conv1")
    other = project.with_training(settings).with_data(data)
    text = to_json(other.with_network(other.network.replaced("conv1", layer)))
    assert not any(name in text for name in ("amsgrad", "subset", "clip"))


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (lambda d: _layer(d, 2).update(filters=-1), "network.layers.2.filters: -1 was given"),
        (lambda d: _layer(d, 2).update(inputs=["zz"]), "'conv1' takes 'zz', and no layer has that name"),
        # Arcs are looked at only once all layers are understood.
        (lambda d: _layer(d, 2).update(inputs=["zz"], gain=1), "'conv1' takes 'zz', and no layer has that"),
        (lambda d: d["training"].pop("optimizer") and d["training"].update(loss="hope"), "'hope' was given"),
    ],
)
def test_an_unknown_setting_does_not_hide_another_fault(fault: Edit, sentence: str) -> None:
    def both(document: dict[str, Any]) -> None:
        document["plugins"] = []
        fault(document)

    refused = _refusal(_edited(both))
    assert sentence in refused or "plugins: this setting is unknown here" in refused


@pytest.mark.parametrize(
    ("edit", "places"),
    [
        (lambda d: _layer(d, 2).update(Conv2D={"a": 1}), {"network.layers.conv1.Conv2D"}),
        (
            lambda d: _layer(d, 2).update(Conv2D={"Conv2D": {"filters": 1}}, gain=1),
            {"network.layers.conv1.Conv2D", "network.layers.conv1.gain"},
        ),
        (
            lambda d: d["training"]["optimizer"].update(Adam=[{}], nesterov=True),
            {"training.optimizer.Adam", "training.optimizer.nesterov"},
        ),
        (lambda d: d["task"].update(classification={"labels": "integer"}), {"task.classification"}),
    ],
)
def test_a_setting_named_as_the_type_it_stands_in_is_kept_like_any_other(
    edit: Edit, places: set[str]
) -> None:
    project = from_json(_edited(edit), "it")
    assert {setting.place for setting in project.unknown} == places
    assert from_json(to_json(project), "it").unknown == project.unknown


def test_a_file_of_nothing_but_unknown_settings_is_one_sentence() -> None:
    text = _edited(lambda d: d.update({f"k{number}": 1 for number in range(60_000)}))
    assert "k0: this setting is unknown here" in _refusal(text)


def test_a_setting_that_each_of_many_layers_has_is_kept_in_each() -> None:
    def edit(document: dict[str, Any]) -> None:
        layers = [{"type": "ReLU", "name": f"r{number}", "gain": number} for number in range(3_000)]
        document["network"]["layers"][1:] = layers

    written = json.loads(to_json(from_json(_edited(edit), "it")))
    assert [layer["gain"] for layer in written["network"]["layers"][1:]] == list(range(3_000))


def test_a_few_unknown_settings_are_named_and_the_rest_counted() -> None:
    one = from_json(_edited(lambda d: d.update(plugins=1)), "it").unknown
    assert sentence_about(one).startswith("1 setting of the file is unknown here, kept as written")
    six = from_json(_edited(lambda d: d.update({f"k{number}": 1 for number in range(6)})), "it").unknown
    assert sentence_about(six).startswith("6 settings of the file are unknown here")
    assert "k0, k1, k2, k3 and 2 more. " in sentence_about(six)
    assert sentence_about(()) == ""


@pytest.mark.parametrize("name", ["f" * 500_000, "a\nb"])
def test_a_hostile_name_of_an_unknown_setting_is_told_in_short(name: str) -> None:
    project = from_json(_edited(lambda d: _layer(d, 2).update({name: 1})), "it")
    sentence = sentence_about(project.unknown)
    assert len(sentence) < 500
    assert "\n" not in sentence
    assert _layer(json.loads(to_json(project)), 2)[name] == 1
