"""Files that Keras itself writes in the test, compared with `layer.weights`."""

import zipfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from cnnstudio.engine.weights import WeightsFile, open_weights

# TensorFlow's tensors do not know NumPy's newest `copy` argument yet.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

SUFFIXES = (".weights.h5", ".keras")


def small_layers() -> list[Any]:
    """One of each kind of layer with weights, no two of a kind alike."""
    from keras import Input, layers

    return [
        Input((20, 20, 4)),
        layers.Conv2D(8, 3, name="stem", padding="same"),
        layers.BatchNormalization(),
        layers.Conv2D(4, 3, use_bias=False),
        layers.BatchNormalization(),
        layers.DepthwiseConv2D(3, depth_multiplier=2),
        layers.SeparableConv2D(6, 3, use_bias=False),
        layers.Dropout(0.1),
        layers.PReLU(),
        layers.GroupNormalization(2),
        layers.Conv2DTranspose(5, 3),
        layers.LayerNormalization(),
        layers.MaxPooling2D(),
        layers.Reshape((-1, 5)),
        layers.Conv1D(3, 3),
        layers.Flatten(),
        layers.Dense(7),
        layers.Dense(2, use_bias=False),
    ]


def randomised(model: Any) -> Any:
    rng = np.random.default_rng(1)
    model.set_weights([rng.normal(size=value.shape) for value in model.get_weights()])
    return model


def leaves(model: Any) -> list[Any]:
    """The layers that hold weights of their own, nested ones in their place, in the network's order."""
    inner = getattr(model, "layers", None)
    return [leaf for layer in inner for leaf in leaves(layer)] if inner else [model] * bool(model.weights)


def assert_holds(weights: WeightsFile, layers: list[Any]) -> None:
    for layer, found in zip(layers, weights.layers, strict=True):
        assert found.name.split("/")[-1] == layer.name
        assert [entry.name for entry in found.weights] == [variable.name for variable in layer.weights]
        for entry, value in zip(found.weights, layer.get_weights(), strict=True):
            assert entry.shape == value.shape
            assert entry.dtype == str(value.dtype)
            assert np.array_equal(weights.read(found.name, entry.name), value)


def saved(model: Any, tmp_path: Path, suffix: str) -> Path:
    path = tmp_path / f"model{suffix}"
    (model.save_weights if suffix == ".weights.h5" else model.save)(path)
    return path


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_sequential_model_is_read_in_its_order_with_keras_names(tmp_path: Path, suffix: str) -> None:
    import keras

    model = randomised(keras.Sequential(small_layers()))
    with open_weights(saved(model, tmp_path, suffix)) as weights:
        assert_holds(weights, leaves(model))
        assert [(item.weight, item.kind) for item in weights.kernels] == [
            ("kernel", "convolution"),
            ("kernel", "convolution"),
            ("kernel", "depthwise"),
            ("depthwise_kernel", "depthwise"),
            ("pointwise_kernel", "convolution"),
            ("kernel", "transpose"),
            ("kernel", "convolution"),
        ]


def test_formats_and_versions_are_told(tmp_path: Path) -> None:
    import keras

    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    with open_weights(saved(model, tmp_path, ".keras")) as weights:
        assert (weights.format, weights.keras_version) == ("keras-3-model", keras.__version__)
        assert weights.config is not None
        assert weights.config["class_name"] == "Sequential"
    with open_weights(saved(model, tmp_path, ".weights.h5")) as weights:
        assert (weights.format, weights.keras_version, weights.config) == ("keras-3-weights", None, None)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_trained_model_shows_no_optimizer(tmp_path: Path, suffix: str) -> None:
    import keras

    model = keras.Sequential([keras.Input((6, 6, 1)), keras.layers.Conv2D(2, 3), keras.layers.Flatten()])
    model.compile("adam", "mse", metrics=["mae"])
    model.fit(np.zeros((2, 6, 6, 1)), np.zeros((2, 32)), verbose=0)

    with open_weights(saved(model, tmp_path, suffix)) as weights:
        assert_holds(weights, [model.layers[0]])


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_many_convolutions_stay_in_order(tmp_path: Path, suffix: str) -> None:
    from keras import Input, Sequential, layers

    convolutions = [layers.Conv2D(1 + index, 1) for index in range(25)]
    between = [layer for item in convolutions for layer in (item, layers.BatchNormalization(), layers.ReLU())]
    model = randomised(Sequential([Input((4, 4, 2)), *between]))

    with open_weights(saved(model, tmp_path, suffix)) as weights:
        assert_holds(weights, leaves(model))
        assert [item.shape[-1] for item in weights.kernels] == list(range(1, 26))


def test_a_repacked_file_falls_back_to_counting(tmp_path: Path) -> None:
    from keras import Input, Sequential, layers

    model = randomised(Sequential([Input((4, 4, 2)), *(layers.Conv2D(1 + n, 1) for n in range(12))]))
    with (
        h5py.File(saved(model, tmp_path, ".weights.h5")) as original,
        h5py.File(tmp_path / "repacked.h5", "w") as copy,
    ):
        for name in sorted(original["layers"]):
            original.copy(f"layers/{name}", copy.require_group("layers"))

    with open_weights(tmp_path / "repacked.h5") as weights:
        assert_holds(weights, leaves(model))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_nested_models_are_searched_and_double_names_get_their_path(tmp_path: Path, suffix: str) -> None:
    from keras import Input, Model, Sequential, layers

    inner = Sequential([Input((8, 8, 3)), layers.Conv2D(2, 3, name="first"), layers.PReLU()], name="inner")
    outer = Sequential([Input((8, 8, 3)), inner, layers.Conv2D(5, 3, name="last")], name="outer")
    image = Input((8, 8, 3))
    branch = layers.Conv2D(5, 5, name="first")(image)
    model = randomised(Model(image, layers.Add()([outer(image), branch])))

    with open_weights(saved(model, tmp_path, suffix)) as weights:
        assert_holds(weights, leaves(model))
        names = [layer.name for layer in weights.layers]

    assert sorted(names) == sorted(["first", "outer/inner/first", inner.layers[-1].name, "last"])


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_subclassed_model_is_searched(tmp_path: Path, suffix: str) -> None:
    import keras

    class Subclassed(keras.Model):  # type: ignore[misc]  # Keras has no types
        def __init__(self) -> None:
            super().__init__()
            self.stem = keras.layers.Conv2D(3, 3, name="entry")
            self.blocks = [keras.layers.Conv2D(4, 3), keras.layers.Conv2D(5, 3, use_bias=False)]
            self.attention = keras.layers.MultiHeadAttention(2, 3)

        def call(self, x: Any) -> Any:
            for layer in (self.stem, *self.blocks):
                x = layer(x)
            return self.attention(x, x)

    model = Subclassed()
    model(np.zeros((1, 9, 9, 2), dtype=np.float32))
    randomised(model)

    with open_weights(saved(model, tmp_path, suffix)) as weights:
        for layer in (model.stem, *model.blocks):
            arrays = [weights.read(layer.name, entry.name) for entry in weights.layer(layer.name).weights]
            assert all(map(np.array_equal, arrays, layer.get_weights()))
        assert {item.layer for item in weights.kernels} == {
            layer.name for layer in (model.stem, *model.blocks)
        }
        parts = {"query", "key", "value", "attention_output"}
        assert parts < {layer.name for layer in weights.layers}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_recurrent_and_wrapped_layers_show_what_is_inside(tmp_path: Path, suffix: str) -> None:
    from keras import Input, Sequential, layers

    wrapped = layers.TimeDistributed(layers.Conv2D(2, 3, name="each"))
    model = randomised(
        Sequential(
            [Input((3, 5, 5, 1)), wrapped, layers.Reshape((3, -1)), layers.Bidirectional(layers.GRU(2))]
        )
    )
    with open_weights(saved(model, tmp_path, suffix)) as weights:
        arrays = [weights.read(layer.name, entry.name) for layer in weights.layers for entry in layer.weights]
        names = [entry.name for layer in weights.layers for entry in layer.weights]
        kernels = [item.layer for item in weights.kernels]

    assert names == ["kernel", "bias", *["kernel", "recurrent_kernel", "bias"] * 2]
    assert sum(array.size for array in arrays) == model.count_params()
    assert kernels == ["each"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_a_normalisation_left_out_is_named_only_where_it_is_known(tmp_path: Path, suffix: str) -> None:
    from keras import Input, Sequential, layers

    model = Sequential(
        [
            Input((4, 4, 2)),
            layers.BatchNormalization(scale=False, name="no_scale"),
            layers.BatchNormalization(center=False, name="no_center"),
            layers.BatchNormalization(scale=False, center=False, name="neither"),
        ]
    )
    with open_weights(saved(model, tmp_path, suffix)) as weights:
        names = {layer.name: [entry.name for entry in layer.weights] for layer in weights.layers}

    known = suffix == ".keras"
    moving = ["moving_mean", "moving_variance"]
    assert names == {
        "no_scale": ["beta" if known else "0", *moving],
        "no_center": ["gamma" if known else "0", *moving],
        "neither": moving,
    }


def test_without_real_names_the_groups_serve(tmp_path: Path) -> None:
    """Keras 3.0 to 3.3 wrote no names."""
    from keras import Input, Sequential, layers

    model = Sequential([Input((8, 8, 1)), *(layers.Conv2D(1, 1, name=f"layer{n}") for n in range(3))])
    path = saved(model, tmp_path, ".weights.h5")
    with h5py.File(path, "r+") as file:
        file.visititems(lambda _, item: item.attrs.pop("name", None) and None)

    with open_weights(path) as weights:
        assert [layer.name for layer in weights.layers] == ["conv2d", "conv2d_1", "conv2d_2"]
        assert [item.weight for item in weights.kernels] == ["kernel"] * 3


def test_an_archive_knows_real_names_by_its_config(tmp_path: Path) -> None:
    from keras import Input, Sequential, layers

    model = randomised(
        Sequential([Input((8, 8, 1)), *(layers.Conv2D(1, 1, name=f"n{n}") for n in range(12))])
    )
    path = saved(model, tmp_path, ".keras")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    (tmp_path / "bare.h5").write_bytes(parts["model.weights.h5"])
    with h5py.File(tmp_path / "bare.h5", "r+") as file:
        file.visititems(lambda _, item: item.attrs.pop("name", None) and None)
        file.move("layers", "_layer_checkpoint_dependencies")
    parts["model.weights.h5"] = (tmp_path / "bare.h5").read_bytes()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)

    with open_weights(path) as weights:
        assert_holds(weights, model.layers)


def test_bfloat16_is_read_as_float32(tmp_path: Path) -> None:
    from keras import Input, Sequential, layers

    model = randomised(
        Sequential([Input((4, 4, 1), dtype="bfloat16"), layers.Conv2D(2, 3, dtype="bfloat16")])
    )
    with open_weights(saved(model, tmp_path, ".weights.h5")) as weights:
        name = weights.layers[0].name
        assert weights.layers[0].weights[0].dtype == "bfloat16"
        kernel = weights.read(name, "kernel")

    assert kernel.dtype == np.float32
    assert np.array_equal(kernel, model.get_weights()[0].astype(np.float32))


def test_a_file_may_be_replaced_while_it_is_open(tmp_path: Path) -> None:
    import keras

    model = randomised(keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]))
    path = saved(model, tmp_path, ".weights.h5")
    before = model.get_weights()[0]
    with open_weights(path) as weights:
        model.save_weights(tmp_path / "next.weights.h5")
        (tmp_path / "next.weights.h5").replace(path)
        assert np.array_equal(weights.read(weights.layers[0].name, "kernel"), before)


def test_a_legacy_file_of_keras_3_agrees(tmp_path: Path, expected_log: Any) -> None:
    import keras
    from keras import Input, Sequential, layers

    expected_log("HDF5 file via")
    inner = Sequential([Input((8, 8, 3)), layers.Conv2D(2, 3, name="only")], name="inner")
    model = randomised(keras.Sequential([Input((8, 8, 3)), inner, layers.BatchNormalization(scale=False)]))
    model.save(tmp_path / "model.h5")

    with open_weights(tmp_path / "model.h5") as weights:
        assert weights.format == "keras-legacy-model"
        assert weights.keras_version == keras.__version__
        assert_holds(weights, leaves(model))
