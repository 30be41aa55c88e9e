"""Files that others have trained and published, read beside h5py as the oracle."""

import json
from pathlib import Path

import h5py
import numpy as np
import pytest

from cnnstudio.engine.weights import WeightsFile, open_weights

FIXTURES = Path(__file__).parent.parent / "fixtures"
FILES = {
    "envisionhgdetector_cnn_weights_keras2.15.0.h5": ("keras-legacy-weights", "2.15.0"),
    "fer_emotion_mini_xception_keras2.0.5.hdf5": ("keras-legacy-model", "2.0.5"),
    "mmsplice_acceptor_keras2.1.3.h5": ("keras-legacy-model", "2.1.3"),
    "mmsplice_donor_dense_only_keras2.2.2.h5": ("keras-legacy-model", "2.2.2"),
    "tensorspace_mnist_keras2.1.6.h5": ("keras-legacy-model", "2.1.6"),
    "tensorspace_mnist_tfkeras2.1.6-tf.h5": ("keras-legacy-model", "2.1.6-tf"),
    "tensorspace_mnist_weights_keras2.2.2.h5": ("keras-legacy-weights", "2.2.2"),
}


def listed_arrays(path: Path) -> list[tuple[str, str, np.ndarray]]:
    """Every array in the order of the file's own lists: layer, last part of its name, numbers."""
    with h5py.File(path) as file:
        group = file.get("model_weights", file)
        layers = [name.decode() if isinstance(name, bytes) else name for name in group.attrs["layer_names"]]
        found = []
        for layer in layers:
            for weight in group[layer].attrs["weight_names"]:
                name = weight.decode() if isinstance(weight, bytes) else weight
                found.append((layer, name.split("/")[-1].split(":")[0], group[layer][name][()]))
        return found


def all_arrays(weights: WeightsFile) -> list[tuple[str, str, np.ndarray]]:
    return [
        (layer.name, entry.name, weights.read(layer.name, entry.name))
        for layer in weights.layers
        for entry in layer.weights
    ]


@pytest.mark.parametrize("name", FILES)
def test_every_array_of_every_file_is_read_in_order(name: str) -> None:
    expected = listed_arrays(FIXTURES / name)

    with open_weights(FIXTURES / name) as weights:
        assert (weights.format, weights.keras_version) == FILES[name]
        read = all_arrays(weights)
        shapes = [entry.shape for layer in weights.layers for entry in layer.weights]

    assert [item[:2] for item in read] == [item[:2] for item in expected]
    assert shapes == [item[2].shape for item in expected]
    for (_, _, ours), (_, _, theirs) in zip(read, expected, strict=True):
        assert np.array_equal(ours, theirs)


def test_a_whole_model_brings_its_config_and_classes() -> None:
    with open_weights(FIXTURES / "tensorspace_mnist_keras2.1.6.h5") as weights:
        assert weights.config is not None
        assert weights.config["class_name"] == "Sequential"
        assert [(layer.name, layer.type) for layer in weights.layers] == [
            ("Conv2D_1", "conv2d"),
            ("Conv2D_2", "conv2d"),
            ("Dense_1", "dense"),
            ("Dense_2", "dense"),
            ("Softmax", "dense"),
        ]


def test_weights_alone_agree_with_the_published_topology() -> None:
    name = "tensorspace_mnist_weights_keras2.2.2"
    topology = json.loads((FIXTURES / f"{name}.topology.json").read_text())
    layers = topology["config"] if isinstance(topology["config"], list) else topology["config"]["layers"]
    trained = [item["config"]["name"] for item in layers if item["class_name"] in ("Conv2D", "Dense")]

    with open_weights(FIXTURES / f"{name}.h5") as weights:
        assert [layer.name for layer in weights.layers] == trained
        assert weights.config is None


@pytest.mark.parametrize(
    ("name", "count", "first"),
    [
        ("envisionhgdetector_cnn_weights_keras2.15.0.h5", 6, ("conv1d", "kernel", (3, 92, 48))),
        ("fer_emotion_mini_xception_keras2.0.5.hdf5", 23, ("conv2d_1", "kernel", (3, 3, 1, 8))),
        ("tensorspace_mnist_weights_keras2.2.2.h5", 2, ("Conv2D_1", "kernel", (5, 5, 1, 6))),
    ],
)
def test_kernels_are_found(name: str, count: int, first: tuple[str, str, tuple[int, ...]]) -> None:
    with open_weights(FIXTURES / name) as weights:
        found = weights.kernels

    assert len(found) == count
    assert (found[0].layer, found[0].weight, found[0].shape) == first


def test_depthwise_kernels_are_told_from_pointwise_ones() -> None:
    with open_weights(FIXTURES / "fer_emotion_mini_xception_keras2.0.5.hdf5") as weights:
        kinds = {item.weight: item.kind for item in weights.kernels}

    assert kinds == {
        "kernel": "convolution",
        "depthwise_kernel": "depthwise",
        "pointwise_kernel": "convolution",
    }


def test_a_network_without_convolutions_has_no_kernels() -> None:
    with open_weights(FIXTURES / "mmsplice_donor_dense_only_keras2.2.2.h5") as weights:
        assert weights.kernels == ()
