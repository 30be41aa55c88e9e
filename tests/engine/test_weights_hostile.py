"""Files that are damaged, foreign or made to hurt: one clear sentence each, and no waiting."""

import os
import tempfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.interpret.convolve import convolve_filter, filter_of
from cnnstudio.engine.interpret.loaded import read_weight
from cnnstudio.engine.weights import open_weights

FIXTURES = Path(__file__).parent.parent / "fixtures"
REAL = FIXTURES / "tensorspace_mnist_weights_keras2.2.2.h5"


def keras3_file(path: Path, fill: Callable[[h5py.Group], object]) -> Path:
    """A file of one Conv2D layer whose `vars` group the test fills."""
    with h5py.File(path, "w") as file:
        fill(file.create_group("layers/conv2d/vars"))
    return path


def legacy_file(path: Path, layers: dict[str, dict[str, np.ndarray]]) -> Path:
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = list(layers)
        for name, weights in layers.items():
            group = file.create_group(name)
            group.attrs["weight_names"] = list(weights) or np.zeros(0)
            for weight, values in weights.items():
                group[weight] = values
    return path


def zipped(path: Path, **parts: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "."), part)
    return path


def read_all(path: Path) -> None:
    with open_weights(path) as weights:
        for layer in weights.layers:
            for entry in layer.weights:
                weights.read(layer.name, entry.name)


def test_paths_that_are_no_file_are_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    refused = {
        tmp_path / "missing.h5": "There is no file",
        tmp_path: "is a folder",
        tmp_path / "pipe": "no ordinary file",
    }
    for path, said in refused.items():
        with pytest.raises(StudioError, match=said):
            open_weights(path)


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG\r\n\x1a\n", b"PK\x05\x06"])
def test_foreign_files_are_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.h5").write_bytes(content)

    with pytest.raises(StudioError, match=r"a\.h5 is neither HDF5 nor a \.keras archive"):
        open_weights(tmp_path / "a.h5")


@pytest.mark.parametrize("kept", [8, 100, 2_000, 100_000])
def test_truncated_files_are_told(tmp_path: Path, kept: int) -> None:
    (tmp_path / "cut.h5").write_bytes(REAL.read_bytes()[:kept])

    with pytest.raises(StudioError, match=r"cut\.h5 is damaged or cut short"):
        open_weights(tmp_path / "cut.h5")


def test_a_file_with_lost_blocks_ends_in_a_sentence_or_opens(tmp_path: Path) -> None:
    whole = REAL.read_bytes()
    refused = []
    for start in range(0, 24_000, 512):
        (tmp_path / "bad.h5").write_bytes(whole[:start] + bytes(512) + whole[start + 512 :])
        try:
            read_all(tmp_path / "bad.h5")
        except StudioError as error:
            refused.append(str(error))

    assert refused
    assert all("bad.h5" in said for said in refused)


def test_attributes_of_senseless_types_are_refused(tmp_path: Path) -> None:
    path = legacy_file(tmp_path / "a.h5", {"conv": {"conv/kernel:0": np.ones((1, 1, 1, 1))}})
    with h5py.File(path, "r+") as file:
        file.attrs["keras_version"] = np.zeros(1, dtype=[("year", "f4")])

    with pytest.raises(StudioError, match=r"a\.h5 is damaged .* keras_version is neither text nor numbers"):
        open_weights(path)


def test_hdf5_of_something_else_is_told(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["measurements/today"] = np.zeros(3)

    with pytest.raises(StudioError, match="is HDF5, but no Keras file"):
        open_weights(tmp_path / "a.h5")


def test_archives_without_weights_or_damaged_are_told(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match=r"zip archive without model\.weights\.h5"):
        open_weights(zipped(tmp_path / "a.zip", readme__txt=b"hello"))
    with pytest.raises(StudioError, match=r"b\.keras is damaged"):
        open_weights(zipped(tmp_path / "b.keras", model__weights__h5=b"hello"))
    (tmp_path / "c.keras").write_bytes((tmp_path / "b.keras").read_bytes()[:40])
    with pytest.raises(StudioError, match=r"c\.keras is a damaged \.keras archive"):
        open_weights(tmp_path / "c.keras")


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_archives_are_read_without_writing_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packing: int
) -> None:
    """Packed and unpacked, behind another member, and where there is no folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    values = np.random.default_rng(1).random((3, 3, 64, 64), np.float32)
    inner = keras3_file(tmp_path / "in.h5", lambda group: group.create_dataset("0", data=values))
    with zipfile.ZipFile(tmp_path / "a.keras", "w", packing) as archive:
        archive.writestr("config.json", "{}")
        archive.writestr("model.weights.h5", inner.read_bytes())

    with open_weights(tmp_path / "a.keras") as weights:
        assert np.array_equal(weights.read("conv2d", "kernel"), values)


@pytest.mark.parametrize("start", [b"", b"HDF5"])
def test_archives_that_blow_up_are_refused_unread(tmp_path: Path, start: bytes) -> None:
    """90 MB of zeros in 90 KB, also behind the beginning of a real file."""
    inner = keras3_file(tmp_path / "in.h5", lambda group: group.create_dataset("0", data=np.ones((2, 2))))
    content = (inner.read_bytes() if start else b"") + bytes(90 * 2**20)
    with zipfile.ZipFile(tmp_path / "a.keras", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model.weights.h5", content)
    del content

    tracemalloc.start()
    with pytest.raises(StudioError, match="which no trained weights do"):
        open_weights(tmp_path / "a.keras")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 10 * 2**20


def test_an_archive_with_senseless_json_still_shows_its_arrays(tmp_path: Path) -> None:
    inner = keras3_file(
        tmp_path / "in.h5", lambda group: group.create_dataset("0", data=np.ones((1, 1, 1, 1)))
    )
    path = zipped(
        tmp_path / "a.keras",
        model__weights__h5=inner.read_bytes(),
        config__json=b"[" * 100_000,
        metadata__json=b'{"keras_version": 3}',
    )

    with open_weights(path) as weights:
        assert (weights.format, weights.config, weights.keras_version) == ("keras-3-model", None, None)
        assert weights.read("conv2d", "kernel").tolist() == [[[[1]]]]


def test_a_huge_array_is_listed_and_not_read(tmp_path: Path) -> None:
    path = keras3_file(
        tmp_path / "a.weights.h5",
        lambda group: group.create_dataset("0", (3, 3, 2**20, 2**20), "f4", chunks=(1, 1, 64, 64)),
    )

    with open_weights(path) as weights:
        assert weights.kernels[0].shape == (3, 3, 2**20, 2**20)
        with pytest.raises(StudioError, match="up to 2 GiB"):
            weights.read("conv2d", "kernel")


@pytest.mark.parametrize("chunks", [None, (3, 3, 64, 64)])
def test_an_array_that_is_stated_but_not_held_is_refused(
    tmp_path: Path, chunks: tuple[int, ...] | None
) -> None:
    """A few kilobytes that state 1.8 GB: read, they would be so many zeros."""
    path = keras3_file(
        tmp_path / "a.weights.h5",
        lambda group: group.create_dataset("0", (3, 3, 7000, 7000), "f4", chunks=chunks),
    )

    with open_weights(path) as weights:
        for part in (None, (slice(None),) * 3 + (slice(0, 1),)):
            with pytest.raises(StudioError, match=r"1,764,000,000 bytes, which the file does not hold"):
                weights.read("conv2d", "kernel", part)
        with pytest.raises(StudioError, match=r"441,000,000 numbers; up to"):
            read_weight(weights, "conv2d", "kernel")


def test_one_filter_of_a_packed_giant_is_convolved_in_little_memory(tmp_path: Path) -> None:
    path = keras3_file(
        tmp_path / "a.weights.h5",
        lambda group: group.create_dataset(
            "0", (3, 3, 7000, 7000), "f4", chunks=(3, 3, 7000, 50), compression="gzip", fillvalue=0.5
        ),
    )
    image = np.ones((32, 32, 1), np.float32)

    tracemalloc.start()
    with open_weights(path) as weights:
        taken = filter_of(weights, weights.kernels[0], 6_999)
    values = convolve_filter(taken, image).values
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert values.shape == (30, 30)
    assert np.allclose(values, 9 * 7000 * 0.5)
    assert peak < 100 * 2**20


def test_links_in_a_circle_come_to_an_end(tmp_path: Path) -> None:
    path = keras3_file(
        tmp_path / "a.weights.h5", lambda group: group.create_dataset("0", data=np.ones((2, 2)))
    )
    with h5py.File(path, "r+") as file:
        file["layers/conv2d/again"] = file["layers"]
        file["layers/conv2d/vars/1"] = file["/"]
        file["layers/soft"] = h5py.SoftLink("/layers")

    with open_weights(path) as weights:
        assert [layer.name for layer in weights.layers] == ["conv2d"]


def test_links_that_lead_nowhere_or_elsewhere_are_not_followed(tmp_path: Path) -> None:
    other = keras3_file(tmp_path / "other.h5", lambda group: group.create_dataset("0", data=np.ones((2, 2))))
    path = keras3_file(
        tmp_path / "a.weights.h5", lambda group: group.create_dataset("0", data=np.ones((2, 2)))
    )
    with h5py.File(path, "r+") as file:
        file["layers/dense"] = h5py.SoftLink("/nowhere")
        file["layers/dense_1"] = h5py.ExternalLink(str(other), "/layers/conv2d")
        file["layers/dense_2"] = h5py.ExternalLink("missing.h5", "/")

    with open_weights(path) as weights:
        assert [layer.name for layer in weights.layers] == ["conv2d"]


def test_numbers_kept_in_another_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(bytes(16))
    path = keras3_file(
        tmp_path / "a.weights.h5",
        lambda group: group.create_dataset("0", (2, 2), "f4", external=[(str(tmp_path / "secret"), 0, 16)]),
    )

    with open_weights(path) as weights, pytest.raises(StudioError, match="kept in another file"):
        weights.read("conv2d", weights.layers[0].weights[0].name)


def test_text_where_numbers_belong_is_refused(tmp_path: Path) -> None:
    path = keras3_file(tmp_path / "a.weights.h5", lambda group: group.create_dataset("0", data="hello"))

    with open_weights(path) as weights, pytest.raises(StudioError, match="not numbers"):
        weights.read("conv2d", "kernel")


def test_a_listed_weight_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = legacy_file(tmp_path / "a.h5", {"conv": {"conv/kernel:0": np.ones((1, 1, 1, 1))}})
    with h5py.File(path, "r+") as file:
        del file["conv/conv/kernel:0"]

    with pytest.raises(StudioError, match="lists conv/conv/kernel:0 but does not hold it"):
        open_weights(path)


def test_unknown_layers_and_weights_are_told_with_those_that_exist() -> None:
    with open_weights(REAL) as weights:
        with pytest.raises(StudioError, match=r"no layer 'conv9' with weights\. It has Conv2D_1, Conv2D_2"):
            weights.read("conv9", "kernel")
        with pytest.raises(StudioError, match=r"no weight 'gamma'\. It has kernel, bias"):
            weights.read("Conv2D_1", "gamma")
        with pytest.raises(
            StudioError, match=r"no convolution kernel\. Layers with kernels: Conv2D_1, Conv2D_2"
        ):
            weights.kernel("Dense_1")


def test_a_closed_file_says_so() -> None:
    weights = open_weights(REAL)
    weights.close()
    weights.close()

    with pytest.raises(StudioError, match="is closed"):
        weights.read("Conv2D_1", "kernel")


def test_old_spellings_are_understood(tmp_path: Path) -> None:
    ones = np.ones((3, 3, 1, 1))
    path = legacy_file(
        tmp_path / "a.h5",
        {
            "convolution2d_1": {"convolution2d_1_W": ones, "convolution2d_1_b": np.ones(1)},
            "batchnormalization_1": {"batchnormalization_1_running_mean": np.ones(1)},
            "activation_1": {},
            "block/conv": {"block/conv/kernel:0": ones},
            "resnet": {"conv_a/kernel:0": ones, "conv_b/kernel:0": ones},
            "old_model": {"convolution2d_1_W": ones, "dense_1_W": np.ones((1, 1))},
        },
    )

    with open_weights(path) as weights:
        names = {layer.name: [entry.name for entry in layer.weights] for layer in weights.layers}
        kernels = [item.layer for item in weights.kernels]

    assert names == {
        "convolution2d_1": ["W", "b"],
        "batchnormalization_1": ["running_mean"],
        "block/conv": ["kernel"],
        "conv_a": ["kernel"],
        "conv_b": ["kernel"],
        "old_model/convolution2d_1": ["W"],
        "dense_1": ["W"],
    }
    assert kernels == ["convolution2d_1", "block/conv", "conv_a", "conv_b", "old_model/convolution2d_1"]


def test_lists_cut_into_chunks_are_put_together(tmp_path: Path) -> None:
    path = legacy_file(
        tmp_path / "a.h5", {f"dense_{n}": {f"dense_{n}/kernel:0": np.ones((1, 1))} for n in range(5)}
    )
    with h5py.File(path, "r+") as file:
        names = file.attrs.pop("layer_names")
        file.attrs["layer_names0"], file.attrs["layer_names1"] = names[:2], names[2:]

    with open_weights(path) as weights:
        assert [layer.name for layer in weights.layers] == [f"dense_{n}" for n in range(5)]
