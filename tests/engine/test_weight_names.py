"""Every type with weights: what Keras saved of it is listed under Keras's names, with Keras's values."""

from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from cnnstudio.core.layers import Layer
from cnnstudio.engine.weights import open_weights
from tests.engine.random_layers import TYPES, random_inputs, random_layer
from tests.engine.test_keras_parity import keras_layer

_TRIES = 200
WEIGHTED = [kind for kind in TYPES if kind.weights is not Layer.weights]


def _with_weights(kind: type[Layer]) -> Any:
    """Keras's model of a random layer of this type that has weights, and the layer."""
    import keras

    for seed in range(_TRIES):
        rng = Random(seed)
        layer = random_layer(rng, kind)
        shapes = random_inputs(rng, layer)
        inputs = [keras.Input(shape) for shape in shapes]
        try:
            built = keras_layer(layer)
            model = keras.Model(inputs, built(*layer.call_arguments(inputs)))
        except Exception:
            continue
        if built.weights and layer.weights_known:
            _number(built)
            return model, built
    raise AssertionError(f"none of {_TRIES} random layers has weights")


def _number(built: Any) -> None:
    """Give all numbers values of their own, so that none can stand for another."""
    numbers = count(1)
    for weight in built.weights:
        values = [next(numbers) for _ in range(int(np.prod(weight.shape)))]
        weight.assign(np.array(values).reshape(weight.shape).astype(weight.dtype))


@pytest.mark.parametrize("kind", WEIGHTED, ids=lambda kind: kind.__name__)
def test_weights_that_keras_saved_have_the_names_and_values_of_keras(
    kind: type[Layer], tmp_path: Path
) -> None:
    model, built = _with_weights(kind)
    model.save(tmp_path / "a.keras")
    kept = [(_last(weight.path), np.asarray(weight)) for weight in built.weights]
    with open_weights(tmp_path / "a.keras") as opened:
        read = [
            (_last(entry.name), opened.read(layer.name, entry.name))
            for layer in opened.layers
            for entry in layer.weights
        ]
    # The state of a random generator is no weight that a person looks at. What Keras saves twice, of a
    # wrapper and of the layer in it, is listed twice.
    wanted = {_key(name, values) for name, values in kept if name != "seed_generator_state"}
    assert {_key(name, values) for name, values in read} == wanted


def _key(name: str, values: NDArray[Any]) -> tuple[str, tuple[int, ...], bytes]:
    return name, values.shape, values.tobytes()


def _last(name: str) -> str:
    """The name of an array itself, behind those of the layers that it lies in."""
    return name.rsplit("/", 1)[-1]
