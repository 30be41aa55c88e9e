"""Weights that Keras keeps in layers inside a layer: cells, both ways of a sequence, parts of attention."""

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from cnnstudio.core.analysis import analyze
from cnnstudio.core.network import Network
from cnnstudio.engine.importers import import_model
from cnnstudio.engine.keras.library import KERAS_LOCK
from cnnstudio.engine.keras.model import build_model
from cnnstudio.engine.training.start_weights import begin_with
from cnnstudio.engine.weights import open_weights


def recurrent_model() -> Any:
    """Attention, both ways of an LSTM of equal shapes, one Dense a step, and a GRU."""
    import keras
    from keras import layers

    sequence = keras.Input((6, 8), name="sequence")
    attended = layers.MultiHeadAttention(2, 4, use_gate=True, name="attention")(sequence, sequence)
    both = layers.Bidirectional(layers.LSTM(4, return_sequences=True, name="reader"), name="both")(attended)
    each = layers.TimeDistributed(layers.Dense(5, name="step"), name="each")(both)
    last = layers.GRU(3, name="last")(each)
    return keras.Model(sequence, layers.Dense(2, name="scores")(last))


def film_model() -> Any:
    """A convolution a frame, a ConvLSTM, and a convolution whose kernel is kept in bounds."""
    import keras
    from keras import layers

    return keras.Sequential(
        [
            keras.Input((3, 8, 8, 2), name="film"),
            layers.TimeDistributed(layers.Conv2D(3, 3, name="frame"), name="each"),
            layers.ConvLSTM2D(4, 3, name="memory"),
            layers.SpectralNormalization(layers.Conv2D(3, 2, name="bounded"), name="spectral"),
            layers.Flatten(name="flat"),
            layers.Dense(2, name="scores"),
        ]
    )


def _drawn_again(model: Any) -> Any:
    """The model with other numbers in every weight, zeros of biases included."""
    rng = np.random.default_rng(3)
    model.set_weights([rng.normal(size=weight.shape).astype("float32") for weight in model.get_weights()])
    return model


def _begun(network: Network, path: Path) -> Any:
    with KERAS_LOCK:
        model = build_model(network)
        fit = begin_with(model, network, str(path))
    assert fit.random == ()
    return model


def _same_weights(model: Any, other: Any) -> None:
    for layer in model.layers:
        for one, two in zip(layer.get_weights(), other.get_layer(layer.name).get_weights(), strict=True):
            np.testing.assert_array_equal(one, two, err_msg=layer.name)


@pytest.mark.parametrize("make", [recurrent_model, film_model], ids=lambda make: make.__name__)
@pytest.mark.parametrize("name", ["model.keras", "model.h5", "model.weights.h5"])
@pytest.mark.filterwarnings("ignore:.*HDF5 file.*")
def test_every_weight_inside_is_counted_and_begins_with_its_own_numbers(
    make: Any, name: str, tmp_path: Path, expected_log: Any
) -> None:
    model = _drawn_again(make())
    model.save(tmp_path / "whole.keras")
    if name.endswith(".weights.h5"):
        model.save_weights(tmp_path / name)
    else:
        if name.endswith("model.h5"):
            expected_log("HDF5")
        model.save(tmp_path / name)
    network = import_model(tmp_path / "whole.keras").network
    assert not [row.name for row in analyze(network).rows if row.layer.family == "custom"]
    assert analyze(network).totals.parameters == model.count_params()
    _same_weights(model, _begun(network, tmp_path / name))


def test_both_ways_are_told_apart_in_a_file_without_names(tmp_path: Path) -> None:
    model = _drawn_again(recurrent_model())
    model.save(tmp_path / "whole.keras")
    path = tmp_path / "bare.weights.h5"
    model.save_weights(path)
    with h5py.File(path, "r+") as file:
        layers = file["layers"]
        for group, own in (("bidirectional", "both"), ("multi_head_attention", "attention")):
            layers.move(group, own)
        for group, own in (("time_distributed", "each"), ("gru", "last"), ("dense", "scores")):
            layers.move(group, own)
        layers.visititems(lambda _, item: item.attrs.pop("name", None) and None)
    network = import_model(tmp_path / "whole.keras").network
    _same_weights(model, _begun(network, path))


def test_a_file_in_which_two_arrays_could_be_meant_is_not_guessed_at(tmp_path: Path) -> None:
    path = tmp_path / "odd.weights.h5"
    model = _drawn_again(recurrent_model())
    model.save(tmp_path / "whole.keras")
    model.save_weights(path)
    with h5py.File(path, "r+") as file:
        both = file["layers/bidirectional"]
        for way, name in (("forward_layer", "a"), ("backward_layer", "b")):
            both[way]["vars"].attrs["name"] = name
    network = import_model(tmp_path / "whole.keras").network
    with KERAS_LOCK:
        fit = begin_with(build_model(network), network, str(path))
    assert fit.random == ("both",)


def test_what_is_inside_is_listed_with_its_way(tmp_path: Path) -> None:
    path = tmp_path / "model.weights.h5"
    recurrent_model().save_weights(path)
    with open_weights(path) as file:
        ways = {"/".join(layer.path): [one.name for one in layer.weights] for layer in file.layers}
    assert ways["both/backward_reader/lstm_cell"] == ["kernel", "recurrent_kernel", "bias"]
    assert ways["attention/gate"] == ["kernel", "bias"]


@pytest.mark.parametrize("make", [recurrent_model, film_model], ids=lambda make: make.__name__)
def test_what_is_built_gives_the_same_results_before_and_after_a_step_of_training(
    make: Any, tmp_path: Path
) -> None:
    import keras

    model = _drawn_again(make())
    model.save(tmp_path / "whole.keras")
    again = _begun(import_model(tmp_path / "whole.keras").network, tmp_path / "whole.keras")
    rng = np.random.default_rng(5)
    samples = rng.normal(size=(4, *model.input_shape[1:])).astype("float32")
    answers = rng.normal(size=(4, 2)).astype("float32")
    np.testing.assert_allclose(
        again.predict(samples, verbose=0), model.predict(samples, verbose=0), rtol=1e-5
    )
    for one in (model, again):
        one.compile(keras.optimizers.SGD(0.01), "mse")
        one.train_on_batch(samples, answers)
    for one, two in zip(again.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-4, atol=1e-6)
