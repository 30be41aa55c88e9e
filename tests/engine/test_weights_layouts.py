"""Kernels of Keras 1 and of Theano: brought to (rows, columns, channels, filters), or told."""

import json
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from cnnstudio.engine.interpret.convolve import convolve_filter, filter_of
from cnnstudio.engine.weights import WeightsFile, open_weights

Arrays = dict[str, np.ndarray]


def kernel(rows: int, columns: int, channels: int, filters: int) -> np.ndarray:
    """In the order of Keras 3, no two numbers alike."""
    return np.arange(rows * columns * channels * filters, dtype=np.float32).reshape(
        rows, columns, channels, filters
    )


def in_theanos_order(values: np.ndarray) -> np.ndarray:
    return values.transpose(3, 2, 0, 1)


def legacy(path: Path, layers: dict[str, Arrays], config: Any = None, **attributes: str) -> Path:
    """A file of Keras 1: `convolution2d_1` with its `convolution2d_1_W`; a whole model with a config."""
    with h5py.File(path, "w") as file:
        group = file if config is None else file.create_group("model_weights")
        group.attrs["layer_names"] = [name.encode() for name in layers]
        for name, arrays in layers.items():
            own = group.create_group(name)
            own.attrs["weight_names"] = [f"{name}_{short}".encode() for short in arrays]
            for short, values in arrays.items():
                own[f"{name}_{short}"] = values
        if config is not None:
            file.attrs["model_config"] = json.dumps(config)
        for name, value in attributes.items():
            file.attrs[name] = value
    return path


def convolution(values: np.ndarray) -> Arrays:
    return {"W": in_theanos_order(values), "b": np.zeros(values.shape[-1], np.float32)}


def model(name: str, ordering: str) -> Any:
    return {
        "class_name": "Sequential",
        "config": [{"class_name": "Convolution2D", "config": {"name": name, "dim_ordering": ordering}}],
    }


def read(file: WeightsFile) -> np.ndarray:
    return file.read(file.layers[0].name, file.layers[0].weights[0].name)


def test_the_config_tells_theanos_order(tmp_path: Path) -> None:
    """3 filters over 3 channels of 3 x 3: the shape tells nothing."""
    values = kernel(3, 3, 3, 3)
    path = legacy(
        tmp_path / "a.h5", {"conv": convolution(values)}, model("conv", "th"), keras_version="1.2.2"
    )

    with open_weights(path) as file:
        assert np.array_equal(read(file), values)
        assert len(file.notes) == 1
        assert "turned by 180 degrees" in file.notes[0]


def test_the_shape_tells_theanos_order_and_that_of_a_neighbour(tmp_path: Path) -> None:
    certain, open_one = kernel(3, 3, 1, 4), kernel(3, 3, 3, 3)
    path = legacy(tmp_path / "a.h5", {"conv_1": convolution(certain), "conv_2": convolution(open_one)})

    with open_weights(path) as file:
        assert [entry.shape for entry in file.kernels] == [(3, 3, 1, 4), (3, 3, 3, 3)]
        assert np.array_equal(file.read("conv_2", "W"), open_one)
        assert "conv_2 are stored: (filters, channels, rows, columns) is assumed" in file.notes[0]


def test_an_open_order_is_assumed_to_be_tensorflows_and_told(tmp_path: Path) -> None:
    path = legacy(tmp_path / "a.h5", {"conv": {"W": kernel(3, 3, 3, 3), "b": np.zeros(3, np.float32)}})

    with open_weights(path) as file:
        assert np.array_equal(read(file), kernel(3, 3, 3, 3))
        assert file.notes == (
            "The file does not tell in which order the axes of the kernels of conv are stored: "
            "(rows, columns, channels, filters) is assumed.",
        )


def test_tensorflows_order_is_left_as_it_is_without_a_word(tmp_path: Path) -> None:
    values = kernel(3, 3, 2, 4)
    path = legacy(tmp_path / "a.h5", {"conv": {"W": values, "b": np.zeros(4, np.float32)}})

    with open_weights(path) as file:
        assert np.array_equal(read(file), values)
        assert file.notes == ()


@pytest.mark.parametrize(("backend", "turned"), [("theano", True), ("tensorflow", False)])
def test_kernels_that_theano_trained_are_turned_by_180_degrees(
    tmp_path: Path, backend: str, turned: bool
) -> None:
    """As Keras 2 does when it loads the file with another backend."""
    values = kernel(3, 2, 2, 4)
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.attrs["layer_names"], file.attrs["backend"] = ["conv2d_1"], backend
        file.attrs["keras_version"] = "2.1.6"
        file.create_group("conv2d_1").attrs["weight_names"] = ["conv2d_1/kernel:0"]
        file["conv2d_1/conv2d_1/kernel:0"] = values

    with open_weights(tmp_path / "a.h5") as opened:
        assert np.array_equal(read(opened), values[::-1, ::-1] if turned else values)
        assert opened.notes == ()


def test_a_weight_called_w_in_a_later_keras_stays(tmp_path: Path) -> None:
    """Capsules have one of four axes, which is no kernel in Theano's order."""
    values = kernel(4, 3, 2, 2)
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.attrs["layer_names"] = ["capsule"]
        file.attrs["keras_version"] = "2.1.6"
        file.create_group("capsule").attrs["weight_names"] = ["capsule/W:0", "capsule/b:0"]
        file["capsule/capsule/W:0"], file["capsule/capsule/b:0"] = values, np.zeros(4, np.float32)

    with open_weights(tmp_path / "a.h5") as opened:
        assert np.array_equal(read(opened), values)


def test_the_mean_of_three_channels_gives_a_gray_picture_back(tmp_path: Path) -> None:
    mean = np.zeros((3, 3, 3, 4), np.float32)
    mean[1, 1, :, 0] = 1 / 3
    path = legacy(tmp_path / "a.h5", {"conv": convolution(mean)}, model("conv", "th"), keras_version="1.2.2")
    gray = np.random.default_rng(1).random((16, 12, 1), dtype=np.float32)

    with open_weights(path) as file:
        values = convolve_filter(filter_of(file, file.kernels[0], 0), gray).values

    np.testing.assert_allclose(values, gray[1:-1, 1:-1, 0], rtol=1e-6)
