"""Networks from Keras models, in memory and in files of all its versions."""

import json
import re
import zipfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import h5py
import pytest

from cnnstudio.core.analysis import analyze
from cnnstudio.core.keras_format.importing import network_from_config
from cnnstudio.core.keras_format.layer_names import keras_names
from cnnstudio.core.layers import CustomLayer
from cnnstudio.core.project import Project, from_json, to_json
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.importers import from_keras, import_model
from cnnstudio.engine.keras.model import build_model
from tests.engine.keras_models import cut_model, matches, nested_model, small_residual
from tests.logs import ExpectedLog

FIXTURES = Path(__file__).parent.parent / "fixtures"
QUICK = {"MobileNetV2": 3_538_984, "ResNet50": 25_636_712}
SLOW = {
    "VGG16": 138_357_544,
    "EfficientNetB0": 5_330_571,
    "DenseNet121": 8_062_504,
    "Xception": 22_910_480,
    "InceptionV3": 23_851_784,
    "InceptionResNetV2": 55_873_736,
    "NASNetMobile": 5_326_716,
    "MobileNet": 4_253_864,
    "MobileNetV3Small": 2_554_968,
    "EfficientNetV2B0": 7_200_312,
    "ResNet50V2": 25_613_800,
    "ConvNeXtTiny": 28_589_128,
}


def _check_application(name: str, parameters: int) -> None:
    import keras

    model = getattr(keras.applications, name)(weights=None)
    result = from_keras(model)
    assert analyze(result.network).totals.parameters == parameters == model.count_params()
    matches(model, result.network)
    _check_json(model)
    keras.backend.clear_session()


def _check_json(model: Any) -> None:
    """What Keras writes of a model is enough for its total and its result's shape."""
    result = network_from_config(json.loads(model.to_json()))
    analysis = analyze(result.network)
    assert (analysis.totals.parameters, analysis.totals.weights_known) == (model.count_params(), True)
    assert analysis.output_shape == model.output_shape[1:]
    assert not any(note.startswith("add") for note in result.notes)


@pytest.mark.parametrize("name", QUICK)
def test_an_application_has_the_shapes_and_counts_of_keras(name: str) -> None:
    _check_application(name, QUICK[name])


@pytest.mark.long
@pytest.mark.parametrize("name", SLOW)
def test_more_applications_have_the_shapes_and_counts_of_keras(name: str) -> None:
    _check_application(name, SLOW[name])


@pytest.mark.parametrize("name", ["ConvNeXtTiny", "MobileNetV3Small"])
def test_the_json_of_an_application_tells_its_total(name: str) -> None:
    import keras

    _check_json(getattr(keras.applications, name)(weights=None))
    keras.backend.clear_session()


def _all_applications() -> list[str]:
    """Read from the source, as Keras is not imported while tests are collected."""
    spec = find_spec("keras")
    assert spec is not None
    assert spec.origin is not None
    text = (Path(spec.origin).parent / "applications" / "__init__.py").read_text()
    return [name for name, _ in re.findall(r"\b([A-Z]\w+) as (\1)\b", text)]


@pytest.mark.long
@pytest.mark.parametrize("name", sorted({*_all_applications()} - SLOW.keys() - QUICK.keys()))
def test_all_other_applications_have_the_total_of_keras(name: str) -> None:
    import keras

    model = getattr(keras.applications, name)(weights=None)
    assert analyze(from_keras(model).network).totals.parameters == model.count_params()
    _check_json(model)
    keras.backend.clear_session()


def test_there_are_forty_applications() -> None:
    assert len(_all_applications()) >= 40


def test_a_network_built_again_is_imported_as_the_same_network() -> None:
    network = from_keras(small_residual()).network
    assert from_keras(build_model(network)).network == network


def _check_round_trip(name: str) -> None:
    """Built again it is the same network; only names that Keras does not take change, and only once."""
    import keras

    model = getattr(keras.applications, name)(weights=None)
    network = from_keras(model).network
    built = build_model(network)
    assert (built.count_params(), built.output_shape) == (model.count_params(), model.output_shape)
    renamed = network
    for old, new in keras_names(network).items():
        renamed = renamed.renamed(old, new)
    assert from_keras(built).network == renamed
    keras.backend.clear_session()


@pytest.mark.parametrize("name", QUICK)
def test_an_application_built_again_is_imported_as_the_same_network(name: str) -> None:
    _check_round_trip(name)


@pytest.mark.long
@pytest.mark.parametrize("name", SLOW)
def test_more_applications_built_again_are_imported_as_the_same_network(name: str) -> None:
    _check_round_trip(name)


def test_nested_models_are_laid_open_with_their_names_kept() -> None:
    model = nested_model()
    network = from_keras(model).network
    names = [layer.name for layer in network.layers]
    assert names == ["image", "body/c1", "body/c1_act", "body/inner/d1", "body/joined", "gap", "scores"]
    analysis = analyze(network)
    assert analysis.totals.parameters == model.count_params()
    assert analysis.output_shape == model.output_shape[1:]


def test_operations_that_no_layer_does_are_kept_with_their_shapes() -> None:
    model = cut_model()
    result = from_keras(model)
    custom = [layer for layer in result.network.layers if isinstance(layer, CustomLayer)]
    assert [layer.class_name for layer in custom] == ["GetItem", "Roll"]
    assert [layer.known_output_shape for layer in custom] == [(4, 8, 3), (4, 8, 3)]
    assert custom[0].call is not None
    assert analyze(result.network).output_shape == model.output_shape[1:]
    assert len(result.notes) == 2


def test_a_known_shape_of_a_custom_layer_holds_only_for_the_input_it_was_seen_with() -> None:
    network = from_keras(cut_model()).network
    other = network.replaced("image", network.input.updated(shape=(9, 9, 3)))
    problem = analyze(other).findings[0]
    assert problem.code == "S10"


def test_a_custom_layer_passes_through_a_project_file_untouched() -> None:
    network = from_keras(cut_model()).network
    assert from_json(to_json(Project(network=network)), "file").network == network


def test_a_layer_used_twice_becomes_two_that_share_its_weights() -> None:
    import keras

    image = keras.Input((8, 8, 3), name="image")
    shared = keras.layers.Conv2D(3, 3, padding="same", name="shared")
    result = from_keras(keras.Model(image, shared(shared(image))))
    assert [layer.name for layer in result.network.layers] == ["image", "shared", "shared_2"]
    assert result.network.layer("shared_2").weights_of == "shared"
    assert result.notes == ("shared_2: it is shared, called again, and uses its weights.",)


@pytest.mark.parametrize("inputs", [1, 2])
def test_models_with_several_ends_are_refused_in_one_sentence(inputs: int) -> None:
    import keras

    entrances = [keras.Input((4,)) for _ in range(inputs)]
    joined = keras.layers.Concatenate()(entrances) if inputs > 1 else keras.layers.ReLU()(entrances[0])
    model = keras.Model(entrances, joined if inputs > 1 else [joined, keras.layers.Dense(2)(joined)])
    with pytest.raises(StudioError, match="2 inputs" if inputs > 1 else "2 outputs"):
        from_keras(model)


def _saved_archive(model: Any, folder: Path) -> Path:
    model.save(folder / "model.keras")
    return folder / "model.keras"


def _saved_hdf5(model: Any, folder: Path) -> Path:
    with h5py.File(folder / "model.h5", "w") as file:
        file.attrs["model_config"] = model.to_json()
    return folder / "model.h5"


def _saved_whole_hdf5(model: Any, folder: Path) -> Path:
    model.save(folder / "whole.h5")
    return folder / "whole.h5"


def _saved_json(model: Any, folder: Path) -> Path:
    (folder / "model.json").write_text(model.to_json())
    return folder / "model.json"


@pytest.mark.parametrize("save", [_saved_archive, _saved_hdf5, _saved_json])
def test_a_file_gives_the_network_of_the_model(save: Callable[[Any, Path], Path], tmp_path: Path) -> None:
    model = small_residual()
    assert import_model(save(model, tmp_path)) == from_keras(model)


def test_the_weights_of_a_layer_outside_the_catalogue_are_counted_in_its_file(
    tmp_path: Path, expected_log: ExpectedLog
) -> None:
    import keras

    expected_log("saving your model as an HDF5 file")

    image = keras.Input((4, 4, 2), name="image")
    mixed = keras.layers.EinsumDense("abcd,de->abce", (4, 4, 3), bias_axes="e", name="mix")(image)
    model = keras.Model(image, keras.layers.Flatten()(mixed))
    for save in (_saved_archive, _saved_whole_hdf5):
        analysis = analyze(import_model(save(model, tmp_path)).network)
        assert analysis.row("mix").trainable == 2 * 3 + 3
        assert analysis.totals.parameters == model.count_params()


WITH_ARCHITECTURE = [
    "fer_emotion_mini_xception_keras2.0.5.hdf5",
    "mmsplice_donor_dense_only_keras2.2.2.h5",
    "tensorspace_mnist_keras2.1.6.h5",
    "tensorspace_mnist_tfkeras2.1.6-tf.h5",
]


def _stored_shapes(path: Path) -> dict[str, list[tuple[int, ...]]]:
    """Each layer's weights in a file of Keras 2, in its order."""
    with h5py.File(path) as file:
        groups = file["model_weights"]
        names = {name: [_text(weight) for weight in groups[name].attrs["weight_names"]] for name in groups}
        return {
            layer: [groups[layer][weight].shape for weight in weights] for layer, weights in names.items()
        }


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


@pytest.mark.parametrize("name", WITH_ARCHITECTURE)
def test_an_old_file_gives_layers_whose_weights_are_those_it_stores(name: str) -> None:
    analysis = analyze(import_model(FIXTURES / name).network)
    assert not analysis.findings
    ours = {row.name: [weight.shape for weight in row.weights] for row in analysis.rows if row.weights}
    theirs = {layer: shapes for layer, shapes in _stored_shapes(FIXTURES / name).items() if shapes}
    assert ours == theirs


def test_a_topology_in_json_fits_the_weights_of_its_file() -> None:
    result = import_model(FIXTURES / "tensorspace_mnist_weights_keras2.2.2.topology.json")
    rows = analyze(result.network).rows
    with h5py.File(FIXTURES / "tensorspace_mnist_weights_keras2.2.2.h5") as file:
        for row in rows:
            names = [_text(weight) for weight in file[row.name].attrs["weight_names"]] if row.weights else []
            assert [weight.shape for weight in row.weights] == [
                file[row.name][weight].shape for weight in names
            ]


def test_a_layer_of_an_unknown_class_in_an_old_file_is_kept_and_says_that_its_shape_is_unknown() -> None:
    result = import_model(FIXTURES / "mmsplice_acceptor_keras2.1.3.h5")
    assert result.network.layers[1].type == "CustomLayer"
    assert "ConvDNA" in result.notes[0]
    assert [finding.code for finding in analyze(result.network).findings] == ["S10"]


def test_weights_without_an_architecture_are_refused_with_a_way_out() -> None:
    with pytest.raises(StudioError, match="without an architecture"):
        import_model(FIXTURES / "tensorspace_mnist_weights_keras2.2.2.h5")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("model.keras", b""),
        ("model.keras", b"PK\x03\x04 no archive"),
        ("model.h5", b"\x89HDF\r\n\x1a\n cut off"),
        ("model.json", b"[" * 100_000),
        ("model.json", b"{}"),
        ("model.json", b"\xff\xfe"),
        ("model.txt", b"{}"),
    ],
)
def test_a_damaged_file_is_one_clear_error(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(StudioError):
        import_model(tmp_path / name)


def test_a_missing_file_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="There is no file"):
        import_model(tmp_path / "none.json")


def test_an_archive_that_would_swell_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "model.keras", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", b" " * (65 * 2**20))
    with pytest.raises(StudioError, match="bytes"):
        import_model(tmp_path / "model.keras")


def test_attention_and_recurrent_layers_are_taken_over_as_they_are_called() -> None:
    import keras
    from keras import layers

    image = keras.Input((6, 4), name="sequence")
    other = layers.Conv1D(5, 3, padding="same", name="other")(image)
    both = layers.MultiHeadAttention(2, 3, name="both")(image, other)
    named = layers.MultiHeadAttention(2, 3, name="named")(query=both, value=both, key=both)
    masked = layers.MultiHeadAttention(2, 3, name="causal")(named, named, use_causal_mask=True)
    state = layers.Dense(3, name="state")(layers.Flatten(name="flat")(other))
    begun = layers.GRU(3, name="begun")(masked, initial_state=state)
    network = from_keras(keras.Model(image, begun)).network
    kinds = {layer.name: layer.type for layer in network.layers}
    assert kinds["both"] == kinds["named"] == "MultiHeadAttention"
    assert kinds["causal"] == kinds["begun"] == "CustomLayer"
    assert network.layer("both").inputs == ("sequence", "other")
    assert network.layer("named").inputs == ()
    again = build_model(network)
    assert from_keras(again).network == network


def test_a_call_as_older_versions_write_it_names_its_value() -> None:
    attention = {"num_heads": 2, "key_dim": 3, "name": "look"}
    entrance = {"batch_input_shape": [None, 6, 4], "name": "sequence"}
    document = {
        "class_name": "Functional",
        "config": {
            "name": "model",
            "layers": [
                {"class_name": "InputLayer", "name": "sequence", "config": entrance, "inbound_nodes": []},
                {
                    "class_name": "MultiHeadAttention",
                    "name": "look",
                    "config": attention,
                    "inbound_nodes": [[["sequence", 0, 0, {"value": ["sequence", 0, 0], "key": None}]]],
                },
            ],
            "input_layers": [["sequence", 0, 0]],
            "output_layers": [["look", 0, 0]],
        },
    }
    network = network_from_config(document).network
    assert [layer.type for layer in network.layers] == ["Input", "MultiHeadAttention"]
    assert network.layers[1].inputs == ()
