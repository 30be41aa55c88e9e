"""The code of an imported model with layers outside the catalogue builds that model again."""

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest

from cnnstudio.core.keras_format.code import code_text, keras_code
from cnnstudio.engine.importers import import_model

layers = keras.layers


def _attention() -> keras.Model:
    entrance = layers.Input((6, 8))
    attended = layers.MultiHeadAttention(num_heads=2, key_dim=4)(entrance, entrance)
    return keras.Model(entrance, layers.Dense(3)(attended))


def _operations() -> keras.Model:
    entrance = layers.Input((6, 8))
    half = entrance[:, ::2, :]
    return keras.Model(entrance, keras.ops.concatenate([half * 2.0, half], axis=-1))


def _recurrent() -> keras.Model:
    return keras.Sequential([layers.Input((6, 8)), layers.LSTM(5), layers.Dense(2)])


@pytest.mark.parametrize("make", [_attention, _operations, _recurrent])
def test_the_code_of_what_was_imported_builds_the_same_model(
    make: Callable[[], keras.Model], tmp_path: Path
) -> None:
    model = make()
    path = tmp_path / "model.keras"
    model.save(path)
    scope: dict[str, keras.Model] = {}
    exec(code_text(keras_code(import_model(path).network)), scope)  # the text is a program
    again = scope["model"]
    again.set_weights(model.get_weights())
    sample = np.random.default_rng(1).normal(size=(2, 6, 8)).astype("float32")
    np.testing.assert_allclose(again(sample), model(sample), rtol=1e-5)
