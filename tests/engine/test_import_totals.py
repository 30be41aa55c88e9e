"""The total of an imported model is that of Keras, from a file of any kind; what nobody knows is said."""

import json
from collections.abc import Callable
from pathlib import Path
from shutil import copyfile
from typing import Any

import h5py
import pytest

from cnnstudio.core.analysis import analyze
from cnnstudio.core.layers import Conv2D, CustomLayer, LeakyReLU
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.importers import from_keras, import_model
from cnnstudio.engine.keras.model import build_model
from cnnstudio.engine.training.start_weights import begin_with, fit_of_own
from tests.logs import ExpectedLog

FIXTURES = Path(__file__).parent.parent / "fixtures"


def _sequential(shape: tuple[int, ...], *layers: Any) -> Any:
    import keras

    return keras.Sequential([keras.Input(shape), *layers])


def _recurrent() -> Any:
    from keras import layers

    body = (layers.Conv1D(4, 3), layers.Bidirectional(layers.GRU(3, return_sequences=True)), layers.LSTM(5))
    return _sequential((20, 6), *body, layers.Dense(2))


def _over_time() -> Any:
    from keras import layers

    body = (layers.TimeDistributed(layers.Conv2D(3, 3)), layers.ConvLSTM2D(2, 3))
    return _sequential((4, 16, 16, 1), *body, layers.GlobalAveragePooling2D(), layers.Dense(2))


def _attention() -> Any:
    import keras
    from keras import layers

    image = keras.Input((8, 8, 4))
    rows = layers.Reshape((64, 4))(image)
    mixed = layers.MultiHeadAttention(2, 2)(rows, rows)
    return keras.Model(image, layers.Dense(2)(layers.GlobalAveragePooling1D()(mixed)))


def _masked() -> Any:
    from keras import layers

    return _sequential((20, 6), layers.Masking(), layers.Conv1D(4, 3), layers.LSTM(5), layers.Dense(2))


def _called_twice() -> Any:
    import keras
    from keras import layers

    image = keras.Input((16, 16, 1))
    shared = layers.Conv2D(2, 3, padding="same", name="shared")
    both = [layers.GlobalAveragePooling2D()(shared(one)) for one in (image, layers.MaxPooling2D()(image))]
    return keras.Model(image, layers.Dense(2)(layers.Concatenate()(both)))


def _model_called_twice() -> Any:
    import keras
    from keras import layers

    body = _sequential((8, 8, 3), layers.Conv2D(3, 3, padding="same"), layers.PReLU())
    image = keras.Input((8, 8, 3))
    return keras.Model(image, body(body(image)))


def _with_own_activation() -> Any:
    from keras import layers

    body = (layers.Conv2D(4, 3, activation=layers.LeakyReLU(negative_slope=0.1), name="c"), layers.Flatten())
    return _sequential((16, 16, 1), *body, layers.Dense(2))


MODELS = (
    _recurrent,
    _over_time,
    _attention,
    _masked,
    _called_twice,
    _model_called_twice,
    _with_own_activation,
)


def _saved(model: Any, path: Path) -> Path:
    model.save(path)
    return path


@pytest.mark.filterwarnings("ignore:.*does not support masking")
@pytest.mark.parametrize("make", MODELS)
def test_a_file_gives_the_total_of_keras(
    make: Callable[[], Any], tmp_path: Path, expected_log: ExpectedLog
) -> None:
    expected_log("saving your model as an HDF5 file")
    model = make()
    for path in (_saved(model, tmp_path / "model.keras"), _saved(model, tmp_path / "model.h5")):
        totals = analyze(import_model(path).network).totals
        assert (totals.parameters, totals.weights_known) == (model.count_params(), True)
    assert analyze(from_keras(model).network).totals.parameters == model.count_params()


def test_the_json_of_a_model_and_its_weights_are_joined(tmp_path: Path) -> None:
    model = _attention()
    (tmp_path / "model.json").write_text(model.to_json())
    model.save_weights(tmp_path / "model.weights.h5")
    alone = analyze(import_model(tmp_path / "model.json").network)
    joined = analyze(import_model(tmp_path / "model.json", tmp_path / "model.weights.h5").network)
    assert joined.totals.parameters == model.count_params()
    assert joined.totals.weights_known
    assert alone.totals.parameters == joined.totals.parameters or not alone.totals.weights_known


def test_weights_of_another_model_leave_a_count_unknown(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text(_with_unknown().to_json())
    _called_twice().save_weights(tmp_path / "other.weights.h5")
    analysis = analyze(import_model(tmp_path / "model.json", tmp_path / "other.weights.h5").network)
    assert not analysis.row("mine").weights_known


def _with_unknown() -> Any:
    """A model with a layer of a person's own, which has weights."""
    import keras

    class Mine(keras.layers.Layer):  # type: ignore[misc]  # Keras carries no types
        def build(self, shape: Any) -> None:
            self.kernel = self.add_weight(shape=(shape[-1],), name="kernel")

        def call(self, values: Any) -> Any:
            return values * self.kernel

    image = keras.Input((6, 6, 3), name="image")
    scaled = Mine(name="mine")(image)
    return keras.Model(image, keras.layers.Conv2D(2, 3, name="conv")(scaled))


def test_a_layer_of_an_unknown_class_is_counted_from_the_file_and_else_is_not_known(tmp_path: Path) -> None:
    model = _with_unknown()
    file = analyze(import_model(_saved(model, tmp_path / "model.keras")).network)
    assert file.row("mine").parameters == 3
    assert (file.totals.parameters, file.totals.weights_known) == (model.count_params(), True)
    (tmp_path / "model.json").write_text(model.to_json())
    text = analyze(import_model(tmp_path / "model.json").network)
    assert (text.row("mine").weights_known, text.row("mine").macs_known) == (False, False)
    assert (text.totals.parameters, text.totals.weights_known) == (model.count_params() - 3, False)


def test_a_layer_that_is_called_twice_is_built_and_started_once(tmp_path: Path) -> None:
    import numpy as np

    model = _called_twice()
    path = _saved(model, tmp_path / "model.keras")
    result = import_model(path)
    assert result.network.layer("shared_2").weights_of == "shared"
    built = build_model(result.network)
    fit = begin_with(built, result.network, str(path))
    assert fit.random == ()
    pictures = np.random.default_rng(1).random((2, 16, 16, 1), "float32")
    assert np.array_equal(built(pictures), model(pictures))
    assert from_keras(built).network == result.network


def test_a_relu_that_is_called_twice_shares_nothing() -> None:
    import keras

    relu = keras.layers.ReLU(name="relu")
    image = keras.Input((4, 4, 1))
    result = from_keras(keras.Model(image, relu(keras.layers.Conv2D(1, 1)(relu(image)))))
    assert (result.network.layer("relu_2").weights_of, result.notes) == ("", ())


def test_an_activation_that_is_a_layer_becomes_one(tmp_path: Path) -> None:
    import numpy as np

    model = _with_own_activation()
    path = _saved(model, tmp_path / "model.keras")
    result = import_model(path)
    conv, leaky = result.network.layers[1:3]
    assert isinstance(conv, Conv2D)
    assert conv.activation == "linear"
    assert leaky == LeakyReLU(name="c_activation", negative_slope=0.1)
    assert result.notes == ("c: its activation, LeakyReLU, is a layer of its own: c_activation.",)
    built = build_model(result.network)
    assert begin_with(built, result.network, str(path)).random == ()
    pictures = np.random.default_rng(1).random((2, 16, 16, 1), "float32")
    assert np.array_equal(built(pictures), model(pictures))


def test_a_model_nested_two_deep_begins_from_its_file() -> None:
    path = FIXTURES / "nested_two_deep_tf24.h5"
    network = import_model(path).network
    fit = fit_of_own(network, path)
    assert fit is not None
    assert fit.trained == (
        "sequential_1/model1/Conv1",
        "sequential_1/model1/bn_Conv1",
        "sequential_3/dense_Dense1",
    )
    assert fit.random == ()


def test_1_and_0_are_true_and_false(tmp_path: Path, expected_log: ExpectedLog) -> None:
    from keras import layers

    expected_log("saving your model as an HDF5 file")
    model = _sequential((6, 6, 1), layers.Conv2D(2, 3), layers.BatchNormalization(), layers.Dense(2))
    path = _saved(model, tmp_path / "model.h5")
    with h5py.File(path, "r+") as file:
        config = json.loads(file.attrs["model_config"])
        for layer in config["config"]["layers"]:
            layer["config"] |= {key: int(value) for key, value in layer["config"].items() if value is True}
        assert '"scale": 1' in json.dumps(config)
        file.attrs["model_config"] = json.dumps(config)
    network = import_model(path).network
    assert network == from_keras(model).network


@pytest.mark.parametrize(
    ("ending", "name"), [(".keras", "a.h5"), (".h5", "a.keras"), (".h5", "a.he5"), (".keras", "a.bin")]
)
def test_content_tells_the_kind_of_a_file_not_its_ending(
    ending: str, name: str, tmp_path: Path, expected_log: ExpectedLog
) -> None:
    if ending == ".h5":
        expected_log("saving your model as an HDF5 file")
    model = _called_twice()
    copyfile(_saved(model, tmp_path / f"model{ending}"), tmp_path / name)
    assert import_model(tmp_path / name).network == from_keras(model).network


def test_json_is_told_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "a.keras").write_text("\ufeff " + _called_twice().to_json(), encoding="utf-8")
    assert analyze(import_model(tmp_path / "a.keras").network).totals.parameters == 30


def test_a_model_of_tensorflow_js_is_refused_by_name_with_a_way_out() -> None:
    with pytest.raises(StudioError, match=r"TensorFlow\.js model.*tensorflowjs_converter"):
        import_model(FIXTURES / "tfjs_model.json")


def test_a_graph_model_of_tensorflow_js_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text(
        '{"format": "graph-model", "modelTopology": {}, "weightsManifest": []}'
    )
    with pytest.raises(StudioError, match=r"TensorFlow\.js graph model"):
        import_model(tmp_path / "model.json")


def test_an_archive_states_the_shape_above_each_layer(tmp_path: Path) -> None:
    """A layer outside the catalogue in a chain, whose shape only the layer below it tells."""
    import keras

    class Halved(keras.layers.Layer):  # type: ignore[misc]  # Keras carries no types
        def call(self, values: Any) -> Any:
            return values[:, ::2]

        def compute_output_shape(self, shape: Any) -> Any:
            return (shape[0], shape[1] // 2, *shape[2:])

    model = _sequential((8, 6), Halved(name="halved"), keras.layers.Conv1D(4, 3), keras.layers.Flatten())
    analysis = analyze(import_model(_saved(model, tmp_path / "model.keras")).network)
    halved = analysis.row("halved").layer
    assert isinstance(halved, CustomLayer)
    assert analysis.row("halved").output_shape == (4, 6)
    assert analysis.totals.parameters == model.count_params()
