"""Training starts from trained weights: those that fit by name and shape, and nothing else."""

import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest

from cnnstudio.core.layers import Dense
from cnnstudio.core.network import Network
from cnnstudio.core.project import Project
from cnnstudio.core.project.training import TrainingSettings
from cnnstudio.core.templates import template
from cnnstudio.core.templates.transfer import CLOTHES, GRAY
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.files.resources import resource_path
from cnnstudio.engine.importers import import_model
from cnnstudio.engine.keras.model import build_model
from cnnstudio.engine.runs.folder import read_run
from cnnstudio.engine.training.events import Failed, Finished, Started
from cnnstudio.engine.training.start_weights import (
    begin_with,
    fit_of,
    fit_of_own,
    included_weights,
    start_file,
)
from cnnstudio.engine.training.trainer import TrainingJob, train
from cnnstudio.engine.weights import open_weights
from tests.core.pictures import stack
from tests.engine.small import DIGITS, Listener, small_project, trained
from tests.logs import ExpectedLog

FIXTURES = Path(__file__).parents[1] / "fixtures"
NETWORK = stack("a=conv(4,3) n=bn b=conv(6,3) flatten d=dense(5)", (8, 8, 1))


def _saved(folder: Path, network: Network = NETWORK, name: str = "there.weights.h5") -> tuple[Path, Any]:
    """A file of the network's weights, all drawn anew, and the model that has them."""
    keras.utils.set_random_seed(1)
    model = build_model(network)
    numbers = np.random.default_rng(0)
    model.set_weights([numbers.uniform(0.1, 1, array.shape) for array in model.get_weights()])
    path = folder / name
    model.save_weights(path) if name.endswith(".weights.h5") else model.save(path)
    return path, model


def _arrays(model: Any, layer: str) -> list[Any]:
    arrays: list[Any] = model.get_layer(layer).get_weights()
    return arrays


def _same(one: list[Any], other: list[Any]) -> bool:
    return len(one) == len(other) and all(map(np.array_equal, one, other))


@pytest.mark.parametrize("name", ["there.weights.h5", "there.keras", "there.h5"])
def test_every_layer_that_fits_begins_with_exactly_the_weights_of_the_file(
    tmp_path: Path, name: str, expected_log: ExpectedLog
) -> None:
    if name == "there.h5":
        expected_log("saving your model as an HDF5 file")
    path, there = _saved(tmp_path, name=name)
    model = build_model(NETWORK)
    fit = begin_with(model, NETWORK, str(path))
    assert (fit.trained, fit.random) == (("a", "n", "b", "d"), ())
    assert _same(model.get_weights(), there.get_weights())


def test_arrays_that_keras_1_named_its_own_way_are_found(tmp_path: Path) -> None:
    """`a_W` and `a_b`; of batch normalization `n_running_mean`, and `n_running_std` for the variance."""
    _, there = _saved(tmp_path)
    names = {"n": ("gamma", "beta", "running_mean", "running_std")}
    path = tmp_path / "keras1.h5"
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [layer.name.encode() for layer in there.layers]
        for layer in there.layers:
            group = file.create_group(layer.name)
            written = [f"{layer.name}_{name}" for name in names.get(layer.name, ("W", "b"))][
                : len(layer.weights)
            ]
            group.attrs["weight_names"] = [name.encode() for name in written]
            for name, array in zip(written, layer.get_weights(), strict=True):
                group[name] = array
    model = build_model(NETWORK)
    fit = begin_with(model, NETWORK, str(path))
    assert (fit.trained, fit.random) == (("a", "n", "b", "d"), ())
    assert _same(model.get_weights(), there.get_weights())


def test_layers_of_another_name_or_shape_stay_at_random(tmp_path: Path) -> None:
    path, there = _saved(tmp_path)
    network = stack("a=conv(4,3) n=bn other=conv(6,3) flatten d=dense(7)", (8, 8, 1))
    model = build_model(network)
    before = {name: _arrays(model, name) for name in ("a", "other", "d")}
    fit = begin_with(model, network, str(path))
    assert (fit.trained, fit.random) == (("a", "n"), ("other", "d"))
    assert fit.sentence() == "With weights of there.weights.h5: a and n; at random: other and d."
    assert all(_same(_arrays(model, name), _arrays(there, name)) for name in ("a", "n"))
    assert all(_same(_arrays(model, name), before[name]) for name in ("other", "d"))
    assert not _same(_arrays(model, "a"), before["a"])


def test_a_disabled_layer_is_no_part_of_it(tmp_path: Path) -> None:
    path, _ = _saved(tmp_path)
    network = NETWORK.replaced("n", NETWORK.layer("n").updated(enabled=False))
    assert fit_of(network, str(path)).trained == ("a", "b", "d")


def test_many_names_are_cut_short(tmp_path: Path) -> None:
    network = stack(" ".join(f"c{at}=conv(2,1)" for at in range(9)), (8, 8, 2))
    path, _ = _saved(tmp_path, network)
    assert fit_of(network, str(path)).sentence().endswith("c0, c1, c2, c3, c4, c5 and 3 more.")


def test_a_file_that_fits_no_layer_is_refused(tmp_path: Path) -> None:
    path, _ = _saved(tmp_path)
    network = stack("x=conv(4,3) flatten", (8, 8, 1))
    with pytest.raises(StudioError, match=r"No layer of this network .* in there\.weights\.h5\."):
        begin_with(build_model(network), network, str(path))


@pytest.mark.parametrize("name", ["shoes", "x" * 4_000, "../../secret"])
def test_weights_that_do_not_come_with_the_studio_are_refused(name: str) -> None:
    with pytest.raises(StudioError, match=r"does not come with the studio\. Choose included:clothes, or"):
        start_file(f"included:{name}")


@pytest.mark.parametrize("path", ["best.weights.h5", "~/best.weights.h5", "runs/best.weights.h5"])
def test_half_a_path_is_refused_for_it_would_mean_another_file_elsewhere(path: str) -> None:
    with pytest.raises(StudioError, match="is no whole path"):
        start_file(path)


def test_names_are_those_of_what_is_built(tmp_path: Path) -> None:
    network = stack("x=conv(4,3) conv_1=conv(4,3) flatten", (8, 8, 1)).renamed("x", "conv 1")
    network = network.replaced("conv_1", network.layer("conv_1").updated(enabled=False))
    path, there = _saved(tmp_path, network)
    model = build_model(network)
    assert begin_with(model, network, str(path)).trained == ("conv 1",)
    assert _same(model.get_weights(), there.get_weights())


@pytest.mark.parametrize("name", ["there.keras", "there.h5"])
def test_a_model_within_a_model_is_found_by_its_path(
    tmp_path: Path, name: str, expected_log: ExpectedLog
) -> None:
    if name == "there.h5":
        expected_log("saving your model as an HDF5 file")
    layers = keras.layers
    inner = [keras.Input((8, 8, 1)), layers.Conv2D(3, 3, name="c"), layers.Conv2D(3, 3, name="d")]
    base = keras.Sequential(inner, name="base")
    base.trainable = False
    outer = [keras.Input((8, 8, 1)), base, layers.Flatten(), layers.Dense(2, name="d")]
    keras.Sequential(outer).save(tmp_path / name)
    network = import_model(tmp_path / name).network
    fit = fit_of_own(network, tmp_path / name)
    assert fit is not None
    assert (fit.trained, fit.random) == (("base/c", "base/d", "d"), ())
    model = build_model(network)
    begin_with(model, network, fit.reference)
    assert np.array_equal(_arrays(model, "base_d")[0], base.get_layer("d").get_weights()[0])


def test_a_depthwise_kernel_of_keras_2_is_found(tmp_path: Path, expected_log: ExpectedLog) -> None:
    expected_log("saving your model as an HDF5 file")
    there = keras.Sequential([keras.Input((8, 8, 2)), keras.layers.DepthwiseConv2D(3, name="dw")])
    path = tmp_path / "older.h5"
    there.save(path)
    network = import_model(path).network
    with h5py.File(path, "r+") as file:
        group = file["model_weights/dw"]
        (kernel,) = [name for name in _datasets(group) if name.endswith("kernel")]
        older = kernel.replace("kernel", "depthwise_kernel")
        group.move(kernel, older)
        group.attrs["weight_names"] = np.array([older, *group.attrs["weight_names"][1:]], "S")
    model = build_model(network)
    assert begin_with(model, network, str(path)).trained == ("dw",)
    assert _same(_arrays(model, "dw"), _arrays(there, "dw"))


def _datasets(group: Any) -> list[str]:
    names: list[str] = []
    group.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
    return names


def test_a_layer_the_studio_cannot_look_into_is_said_to_begin_at_random(tmp_path: Path) -> None:
    memory = keras.layers.RNN(keras.layers.LSTMCell(4), name="memory")
    layers = [keras.Input((5, 3)), keras.layers.Dense(2, name="d"), memory]
    path = tmp_path / "there.keras"
    keras.Sequential(layers).save(path)
    fit = fit_of_own(import_model(path).network, path)
    assert fit is not None
    assert (fit.trained, fit.random) == (("d",), ("memory",))


def test_a_path_that_no_project_file_can_hold_is_no_start(tmp_path: Path) -> None:
    path, _ = _saved(tmp_path)
    odd = tmp_path / os.fsdecode(b"\xff.weights.h5")
    path.rename(odd)
    assert fit_of_own(NETWORK, odd) is None


def _starting_from(reference: str, *, frozen: bool = False) -> Project:
    project = small_project(epochs=1, start_from=reference)
    network = project.network
    conv = network.layer("conv1").updated(trainable=not frozen)
    return project.with_network(network.replaced("conv1", conv))


def test_a_frozen_layer_still_has_the_weights_of_the_file_after_training(tmp_path: Path) -> None:
    path, there = _saved(tmp_path, small_project().network)
    listener = trained(_starting_from(str(path), frozen=True), tmp_path / "run")
    assert listener.all_of(Started)[0].start == "With weights of there.weights.h5: conv1 and dense."
    record = read_run(tmp_path / "run").record
    assert record.start_fingerprint == sha256(path.read_bytes()).hexdigest()
    assert isinstance(listener.ending, Finished)
    with open_weights(tmp_path / "run" / "best.weights.h5") as best:
        assert np.array_equal(best.read("conv1", "kernel"), _arrays(there, "conv1")[0])
        assert not np.array_equal(best.read("dense", "kernel"), _arrays(there, "dense")[0])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "There is no file"),
        (lambda path: path.write_bytes(b"no weights"), "neither HDF5 nor a .keras archive"),
    ],
)
def test_a_training_whose_start_cannot_be_read_fails_with_a_sentence(
    tmp_path: Path, make: Any, words: str
) -> None:
    path = tmp_path / "gone.weights.h5"
    make(path)
    ending = trained(_starting_from(str(path)), tmp_path / "run").ending
    assert isinstance(ending, Failed)
    assert words in ending.message
    assert ending.details == ""
    # Nothing was read or written for it.
    assert list((tmp_path / "run").iterdir()) == []


def test_where_all_begin_at_random_nothing_is_said(tmp_path: Path) -> None:
    assert trained(small_project(epochs=1), tmp_path).all_of(Started)[0].start == ""


def test_an_imported_model_starts_from_its_own_weights() -> None:
    model = FIXTURES / "fer_emotion_mini_xception_keras2.0.5.hdf5"
    network = import_model(model).network
    fit = fit_of_own(network, model)
    assert fit is not None
    assert (fit.reference, fit.random) == (str(model), ())
    built = build_model(network)
    begin_with(built, network, str(model))
    with open_weights(model) as file:
        kernel = next(one for one in file.kernels if one.layer in fit.trained)
        assert np.array_equal(_arrays(built, kernel.layer)[0], file.read(kernel.layer, kernel.weight))


def test_a_description_without_weights_starts_from_none(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_text(build_model(NETWORK).to_json(), encoding="utf-8")
    assert fit_of_own(NETWORK, path) is None


@pytest.mark.parametrize("channels", [1, 3])
def test_the_transfer_network_finds_all_but_its_head_in_the_included_weights(channels: int) -> None:
    network = template("transfer").build((28, 28, channels), 10)
    fit = fit_of(network, CLOTHES)
    assert fit.random == ("output",)
    assert all(not network.layer(name).trainable for name in fit.trained)
    assert included_weights() == [CLOTHES]


def test_a_gray_picture_in_three_channels_gives_what_it_gives_in_one() -> None:
    pictures = np.random.default_rng(0).uniform(0, 255, (4, 28, 28, 1)).astype("float32")
    outcomes = []
    for channels in (1, 3):
        network = template("transfer").build((28, 28, channels), 10)
        model = build_model(network)
        begin_with(model, network, CLOTHES)
        trunk = keras.Model(model.inputs[0], model.get_layer("global_pool").output)
        outcomes.append(np.asarray(trunk(np.repeat(pictures, channels, axis=-1))))
    assert outcomes[0].std() > 0
    np.testing.assert_allclose(outcomes[0], outcomes[1], rtol=1e-3, atol=1e-5)
    with open_weights(resource_path("models", "clothes.weights.h5")) as file:
        assert file.read(GRAY, "kernel").ravel().tolist() == pytest.approx([0.299, 0.587, 0.114])


@pytest.mark.long
def test_kernels_learned_on_clothes_tell_digits_apart_and_random_ones_hardly(tmp_path: Path) -> None:
    best = {}
    for name, start in (("learned", CLOTHES), ("random", None)):
        network = template("transfer").build((28, 28, 1), 10)
        project = Project(network=network, data=DIGITS, training=TrainingSettings(epochs=5, start_from=start))
        listener = Listener()
        (tmp_path / name).mkdir()
        train(TrainingJob(project, tmp_path / name), listener.emit, listener.should_stop)
        assert isinstance(listener.ending, Finished)
        best[name] = listener.ending.best_value
    assert best["learned"] < 0.5 * best["random"]


def test_the_head_is_the_only_part_that_learns() -> None:
    network = template("transfer").build((28, 28, 1), 10)
    free = [layer.name for layer in network.layers if layer.may_have_weights and layer.trainable]
    assert free == [network.layers[-1].name]
    assert isinstance(network.layers[-1], Dense)
