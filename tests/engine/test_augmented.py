"""What augmentation makes of a picture, as training makes it."""

import numpy as np
import pytest

from cnnstudio.core.layers import Add, Conv2D, Input, RandomBrightness, RandomFlip, RandomZoom, Rescaling
from cnnstudio.core.layers.base import Layer
from cnnstudio.core.network import Network
from cnnstudio.core.network.augmentation import augmentation_head
from cnnstudio.engine.interpret.augmented import draws
from cnnstudio.engine.training.stopping import StopRequested

PICTURE = np.arange(6 * 5 * 3, dtype=np.uint8).reshape(6, 5, 3) * 2


def network(*layers: Layer) -> Network:
    return Network(layers=(Input(name="input", shape=(6, 5, 3)), *layers))


FLIP, SCALE = RandomFlip(name="flip", mode="horizontal"), Rescaling(name="scale", scale=2 / 255, offset=-1.0)
CONV = Conv2D(name="conv", filters=2, kernel_size=(3, 3))


def test_the_head_ends_at_the_first_layer_that_computes() -> None:
    assert augmentation_head(network(SCALE, FLIP, CONV, RandomZoom(name="zoom"))) == (SCALE, FLIP)
    assert augmentation_head(network(SCALE, CONV, FLIP)) == ()
    assert augmentation_head(network(FLIP.updated(enabled=False), CONV)) == ()


def test_the_head_ends_where_a_picture_goes_on_in_two_ways() -> None:
    zoom = RandomZoom(name="zoom")
    joined = Add(name="add", inputs=("zoom", "flip"))
    assert augmentation_head(network(SCALE, FLIP, zoom, joined)) == (SCALE, FLIP)
    assert augmentation_head(network(SCALE, FLIP, zoom, joined.updated(inputs=("zoom", "input")))) == ()


@pytest.mark.parametrize("layers", [(FLIP,), (SCALE, FLIP), (FLIP, SCALE)])
def test_a_flip_gives_the_picture_or_its_mirror_image_however_it_is_scaled(layers: tuple[Layer, ...]) -> None:
    made = draws(network(*layers, CONV), PICTURE, 16, 3)
    assert made.shape == (16, *PICTURE.shape)
    kinds = {"as it is": PICTURE, "mirrored": PICTURE[:, ::-1]}
    found = [next(name for name, one in kinds.items() if np.array_equal(one, draw)) for draw in made]
    assert set(found) == set(kinds)


def test_the_same_seed_draws_the_same_and_another_one_others() -> None:
    bright = network(RandomBrightness(name="bright", factor=(-0.5, 0.5)), CONV)
    first = draws(bright, PICTURE, 8, 0)
    assert np.array_equal(first, draws(bright, PICTURE, 8, 0))
    assert not np.array_equal(first, draws(bright, PICTURE, 8, 1))


def test_drawing_stops_when_nobody_wants_it_any_more() -> None:
    with pytest.raises(StopRequested):
        draws(network(FLIP, CONV), PICTURE, 8, 0, lambda: True)
