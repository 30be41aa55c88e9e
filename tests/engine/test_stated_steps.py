"""How a layer moves its kernel, read from the configs of all versions of Keras."""

import json
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from cnnstudio.core.layers import Conv1D, Conv2D, Input, Layer
from cnnstudio.core.network import Network
from cnnstudio.core.project import Project
from cnnstudio.engine.files.projects import save_project
from cnnstudio.engine.files.resources import resource_path
from cnnstudio.engine.interpret.convolve import convolve_with_file
from cnnstudio.engine.interpret.response import Steps
from cnnstudio.engine.interpret.stated import Stated, stated_of
from cnnstudio.engine.runs.folder import BEST_FILE, LAST_FILE, PROJECT_FILE
from cnnstudio.engine.weights import open_weights


def legacy(path: Path, class_name: str, settings: dict[str, Any]) -> Path:
    layer = {"class_name": class_name, "config": {"name": "conv", **settings}}
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": [layer]})
        group = file.create_group("model_weights")
        group.attrs["layer_names"] = ["conv"]
        group.create_group("conv").attrs["weight_names"] = ["conv/kernel:0"]
        group["conv/conv/kernel:0"] = np.ones((3, 3, 1, 2), np.float32)
    return path


@pytest.mark.parametrize(
    ("class_name", "settings", "expected"),
    [
        ("Conv2D", {}, Stated()),
        ("Conv2D", {"strides": [2, 2], "padding": "same"}, Stated((2, 2), (1, 1), "same")),
        ("Conv2D", {"strides": [2, 1], "dilation_rate": [1, 3]}, Stated((2, 1), (1, 3))),
        (
            "Conv1D",
            {"strides": [2], "dilation_rate": 4, "padding": "causal"},
            Stated((2, 2), (4, 4), "causal"),
        ),
        ("Convolution2D", {"subsample": [3, 3], "border_mode": "same"}, Stated((3, 3), (1, 1), "same")),
        ("AtrousConvolution2D", {"atrous_rate": [2, 2]}, Stated((1, 1), (2, 2))),
        ("Conv2D", {"strides": "wide", "dilation_rate": None}, Stated()),
    ],
)
def test_every_spelling_is_understood(
    tmp_path: Path, class_name: str, settings: dict[str, Any], expected: Stated
) -> None:
    with open_weights(legacy(tmp_path / "a.h5", class_name, settings)) as file:
        assert stated_of(file, file.kernels[0]) == expected


def test_layers_deep_in_an_archive_are_found(tmp_path: Path) -> None:
    from keras import Input, Sequential, layers

    separable = layers.SeparableConv2D(2, 3, strides=2, padding="same", name="separable")
    inner = Sequential([Input((8, 8, 1)), separable], name="inner")
    model = Sequential([Input((8, 8, 1)), Sequential([inner], name="outer")])
    model.save(tmp_path / "a.keras")

    with open_weights(tmp_path / "a.keras") as file:
        found = {kernel.weight: stated_of(file, kernel) for kernel in file.kernels}

    assert found == {
        "depthwise_kernel": Stated((2, 2), (1, 1), "same"),
        "pointwise_kernel": Stated((1, 1), (1, 1), "same"),
    }


def weights_alone(path: Path) -> Path:
    with h5py.File(legacy(path, "Conv2D", {}), "r+") as file:
        del file.attrs["model_config"]
    return path


def test_weights_alone_state_nothing(tmp_path: Path) -> None:
    with open_weights(weights_alone(tmp_path / "a.h5")) as weights:
        assert stated_of(weights, weights.kernels[0]) is None


@pytest.mark.parametrize(
    ("name", "layer", "expected"),
    [
        (BEST_FILE, Conv2D(name="conv", strides=(2, 2), padding="same"), Stated((2, 2), (1, 1), "same")),
        (LAST_FILE, Conv2D(name="conv", dilation_rate=(2, 2), padding="valid"), Stated((1, 1), (2, 2))),
        (BEST_FILE, Conv1D(name="conv", strides=(3,), padding="causal"), Stated((3, 3), (1, 1), "causal")),
        (BEST_FILE, Conv2D(name="other", strides=(2, 2)), None),
        ("a.h5", Conv2D(name="conv", strides=(2, 2)), None),
    ],
)
def test_of_the_weights_of_a_run_its_project_states_the_steps(
    tmp_path: Path, name: str, layer: Layer, expected: Stated | None
) -> None:
    network = Network(layers=(Input(name="input", shape=(28, 28, 1)), layer))
    save_project(Project(network=network), tmp_path / PROJECT_FILE)
    with open_weights(weights_alone(tmp_path / name)) as weights:
        assert stated_of(weights, weights.kernels[0]) == expected


def test_a_damaged_project_beside_the_weights_states_nothing(tmp_path: Path) -> None:
    (tmp_path / PROJECT_FILE).write_text("{")
    with open_weights(weights_alone(tmp_path / BEST_FILE)) as weights:
        assert stated_of(weights, weights.kernels[0]) is None


@pytest.mark.parametrize(
    ("stated", "steps"),
    [
        (Stated((2, 2), (3, 3), "same"), Steps(2, 3, "same")),
        (Stated((2, 1)), None),
        (Stated((1, 1), (1, 2)), None),
        (Stated((64, 64)), None),
        (Stated((0, 0)), None),
        (Stated(padding="causal"), None),
    ],
)
def test_only_what_a_picture_can_be_walked_by_becomes_steps(stated: Stated, steps: Steps | None) -> None:
    assert stated.steps == steps


@pytest.mark.parametrize(
    ("settings", "said"),
    [({"padding": "same"}, ()), ({"strides": [2, 2]}, ("stride 2 × 2 and dilation 1 × 1 are not followed",))],
)
def test_a_filter_that_moves_otherwise_than_its_layer_is_said_to(
    tmp_path: Path, settings: dict[str, Any], said: tuple[str, ...]
) -> None:
    path = legacy(tmp_path / "a.h5", "Conv2D", settings)
    camera = resource_path("photos", "camera.png")

    notes = convolve_with_file(path, "conv", 0, None, camera).notes
    followed = convolve_with_file(path, "conv", 0, None, camera, strides=(2, 2)).notes

    assert len(notes) == len(said)
    assert all(part in note for part, note in zip(said, notes, strict=True))
    assert followed == ()
