"""Files as Keras 2.12 to 2.14 wrote them: groups that count layers with weights twice, paths of Windows."""

import io
import itertools
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from cnnstudio.engine.training.start_weights import begin_with
from cnnstudio.engine.weights import WeightsFile, open_weights
from cnnstudio.engine.weights.naming import snake_case

TWICE, ONCE = "_layer_checkpoint_dependencies", "layers"


class Writer:
    """Keras 2.13's `saving_lib`, as far as it matters here: which group a layer's arrays go to.

    A model's layers are walked as `Functional._layer_checkpoint_dependencies` lists them: one with weights
    under two keys, so that it moves the counter of its class twice, and is saved the first time only.
    """

    def __init__(self, file: h5py.File, container: str = TWICE, separator: str = "/") -> None:
        self._file, self._container, self._separator = file, container, separator
        self._visited: set[int] = set()

    def save(self, layer: Any, path: tuple[str, ...] = ()) -> None:
        if id(layer) in self._visited:
            return
        self._visited.add(id(layer))
        inner = getattr(layer, "layers", None)
        group = self._file.require_group(self._separator.join(path) or "/").create_group("vars")
        for number, value in enumerate([] if inner else layer.get_weights()):
            group[str(number)] = value
        for child, name in self._named(inner or []):
            self.save(child, (*path, self._container, name))

    def _named(self, layers: list[Any]) -> Iterator[tuple[Any, str]]:
        used: Counter[str] = Counter()
        twice = self._container == TWICE
        for layer in itertools.chain.from_iterable(
            [one] * (2 if one.weights and twice else 1) for one in layers
        ):
            base = snake_case(type(layer).__name__)
            yield layer, f"{base}_{used[base]}" if used[base] else base
            used[base] += 1


def written(model: Any, path: Path, version: str = "2.13.1", **how: str) -> Path:
    """The model as a `.keras` archive, or as weights alone by the ending."""
    data = io.BytesIO()
    with h5py.File(data, "w") as file:
        Writer(file, **how).save(model)
    if path.suffix == ".h5":
        path.write_bytes(data.getvalue())
        return path
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": version}))
        archive.writestr("config.json", model.to_json())
        archive.writestr("model.weights.h5", data.getvalue())
    return path


def leaves(model: Any) -> list[Any]:
    inner = getattr(model, "layers", None)
    return [leaf for layer in inner for leaf in leaves(layer)] if inner else [model] * bool(model.weights)


def assert_holds(file: WeightsFile, model: Any) -> None:
    expected = {layer.name: layer.get_weights() for layer in leaves(model)}
    assert [layer.name.rpartition("/")[2] for layer in file.layers] == list(expected)
    for layer, values in zip(file.layers, expected.values(), strict=True):
        for entry, value in zip(layer.weights, values, strict=True):
            assert np.array_equal(file.read(layer.name, entry.name), value)


def randomised(model: Any) -> Any:
    random = np.random.default_rng(1)
    model.set_weights([random.normal(size=value.shape).astype(np.float32) for value in model.get_weights()])
    return model


def three_convolutions() -> Any:
    from keras import Input, Sequential, layers

    return randomised(
        Sequential([Input((8, 8, 2)), *(layers.Conv2D(2, 3, name=name) for name in ("one", "two", "three"))])
    )


def mixed() -> Any:
    """Several classes, layers of one class with and without weights, models within models."""
    from keras import Input, Sequential, layers

    def bare(name: str) -> Any:
        return layers.LayerNormalization(center=False, scale=False, name=name)

    block = [layers.Conv2D(2, 3, name="in_a"), layers.ReLU(), layers.Conv2D(2, 3, name="in_b")]
    return randomised(
        Sequential(
            [
                Input((16, 16, 2)),
                bare("bare_a"),
                layers.LayerNormalization(name="full_a"),
                layers.Conv2D(2, 3, name="out_a"),
                bare("bare_b"),
                Sequential([Input((14, 14, 2)), layers.ReLU(), layers.MaxPooling2D(1)], name="no_weights"),
                Sequential([Input((14, 14, 2)), *block], name="inner"),
                layers.LayerNormalization(name="full_b"),
                layers.Conv2D(2, 3, name="out_b"),
                Sequential([Input((8, 8, 2)), layers.Conv2D(2, 1, name="again")], name="second"),
                layers.Flatten(),
                layers.Dense(4, name="dense_a"),
                layers.Dense(4, name="dense_b"),
                layers.Dense(4, name="dense_c"),
            ]
        )
    )


def sharing() -> Any:
    """A model around another that shares its middle convolution: its arrays are in one place only."""
    from keras import Input, Model, layers

    entrance = Input((8, 8, 2))
    shared = layers.Conv2D(2, 3, name="shared", padding="same")
    inner = Model(entrance, shared(entrance), name="inner")
    outer = Input((8, 8, 2))
    found = layers.Conv2D(2, 3, name="first", padding="same")(inner(outer))
    found = layers.Conv2D(2, 5, name="last", padding="same")(shared(found))
    return randomised(Model(outer, found))


@pytest.mark.parametrize("separator", ["/", "\\"])
@pytest.mark.parametrize("container", [TWICE, ONCE])
@pytest.mark.parametrize("make", [three_convolutions, mixed])
def test_every_array_is_shown_under_its_own_layer(
    tmp_path: Path, make: Any, container: str, separator: str
) -> None:
    model = make()
    path = written(model, tmp_path / "model.keras", container=container, separator=separator)

    with open_weights(path) as file:
        assert_holds(file, model)
        assert len(file.kernels) == sum("conv" in layer.type for layer in file.layers if layer.type)
        assert not any("\\" in layer.name for layer in file.layers)


@pytest.mark.parametrize("container", [TWICE, ONCE])
def test_a_layer_that_two_models_share_takes_no_group_from_its_neighbours(
    tmp_path: Path, container: str
) -> None:
    model = sharing()

    with open_weights(written(model, tmp_path / "model.keras", container=container)) as file:
        found = {layer.name: file.read(layer.name, "kernel") for layer in file.layers}

    for name in ("first", "last"):
        assert np.array_equal(found[name], model.get_layer(name).get_weights()[0])


def test_shapes_decide_where_counters_allow_two_layers(tmp_path: Path) -> None:
    """Three convolutions, the last of which lies in another model: the second group is the second's."""
    from keras import Input, Model, layers

    entrance = Input((8, 8, 2))
    shared = layers.Conv2D(2, 3, name="shared", padding="same")
    inner = Model(entrance, shared(entrance), name="inner")
    outer = Input((8, 8, 2))
    found = layers.Conv2D(2, 3, name="first", padding="same")(inner(outer))
    found = layers.Conv2D(2, 5, name="second", padding="same")(found)
    model = randomised(Model(outer, shared(found)))

    with open_weights(written(model, tmp_path / "model.keras")) as file:
        kernel = file.read("second", "kernel")
        assert file.notes == ()

    assert np.array_equal(kernel, model.get_layer("second").get_weights()[0])


def test_a_layer_whose_group_is_not_certain_is_marked(tmp_path: Path) -> None:
    """Three alike, two groups: counted once they are the first and third, counted twice the first two."""
    model = three_convolutions()
    path = written(model, tmp_path / "model.keras")
    with zipfile.ZipFile(path) as archive:
        config = archive.read("config.json")
        data = io.BytesIO(archive.read("model.weights.h5"))
    with h5py.File(data, "r+") as file:
        del file[TWICE]["conv2d_4"]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", config)
        archive.writestr("model.weights.h5", data.getvalue())

    with open_weights(path) as weights:
        assert [layer.name for layer in weights.layers] == ["one", "conv2d_2 (uncertain)"]
        assert "belong to: conv2d_2." in weights.notes[0]


def test_weights_alone_are_called_as_if_each_layer_had_been_counted_once(tmp_path: Path) -> None:
    model = three_convolutions()

    with open_weights(written(model, tmp_path / "model.weights.h5")) as file:
        kernels = {layer.name: file.read(layer.name, "kernel") for layer in file.layers}

    assert list(kernels) == ["conv2d", "conv2d_1", "conv2d_2"]
    for kernel, layer in zip(kernels.values(), model.layers, strict=True):
        assert np.array_equal(kernel, layer.get_weights()[0])


def test_training_starts_with_the_weights_of_the_same_layer(tmp_path: Path) -> None:
    from cnnstudio.engine.importers import import_model
    from cnnstudio.engine.keras.model import build_model

    model = three_convolutions()
    path = written(model, tmp_path / "model.keras")
    network = import_model(path).network
    built = build_model(network)

    begin_with(built, network, str(path))

    for ours, theirs in zip(built.get_weights(), model.get_weights(), strict=True):
        assert np.array_equal(ours, theirs)
