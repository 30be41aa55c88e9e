"""What the network receives, told from the network and one image; atlas and captions."""

import numpy as np
import pytest

from cnnstudio.core.layers import Input, Rescaling
from cnnstudio.core.network import Network
from cnnstudio.engine.data.tensor import range_text, shape_text, tensor_steps
from cnnstudio.gui.pages.data.bars import Split

IMAGE = np.linspace(10, 200, 12).astype(np.uint8).reshape(3, 4, 1)


def network(*rescalings: Rescaling) -> Network:
    return Network(layers=(Input(name="input", shape=(3, 4, 1)), *rescalings))


def test_bytes_become_floats_of_the_same_values_in_a_batch() -> None:
    stored, batch = tensor_steps(network(), IMAGE, (0.0, 255.0), 16)
    assert (stored.dtype, stored.shape) == ("uint8", (3, 4, 1))
    assert (batch.dtype, batch.shape) == ("float32", (16, 3, 4, 1))
    assert batch.possible == stored.possible == (0.0, 255.0)
    assert batch.actual == (10.0, 200.0)


@pytest.mark.parametrize(("scale", "offset"), [(1 / 255, 0.0), (2 / 255, -1.0), (-1.0, 255.0)])
def test_a_rescaling_layer_moves_both_ranges_as_its_sum_says(scale: float, offset: float) -> None:
    layer = Rescaling(name="rescale", scale=scale, offset=offset)
    last = tensor_steps(network(layer), IMAGE, (0.0, 255.0), 1)[-1]
    values = scale * IMAGE.astype(float) + offset
    assert last.place == "After rescale"
    assert last.actual == pytest.approx((values.min(), values.max()))
    assert last.possible[0] <= last.actual[0] <= last.actual[1] <= last.possible[1]


def test_two_rescaling_layers_are_two_steps() -> None:
    first, second = Rescaling(name="one"), Rescaling(name="two")
    places = [step.place for step in tensor_steps(network(first, second), IMAGE, (0.0, 255.0), 1)]
    assert places[-2:] == ["After one", "After two"]


@pytest.mark.parametrize(
    ("ends", "text"),
    [((0.0, 255.0), "0 to 255"), ((-1.0, 1.0), "−1 to 1"), ((-0.0, 0.0039), "0 to 0.0039")],
)
def test_a_range_is_written_short(ends: tuple[float, float], text: str) -> None:
    assert range_text(ends) == text


def test_a_shape_has_crosses_between_its_sizes() -> None:
    assert shape_text((28, 28, 1)) == "28 × 28 × 1"


def test_the_captions_of_a_split_go_from_long_to_short() -> None:
    long, middle, short, bare = Split(8_000, 2_000, 1_000).captions
    assert long == ("8,000 training (80%)", "2,000 validation (20%)", "1,000 for the test, kept apart")
    assert sum(map(len, long)) > sum(map(len, middle)) > sum(map(len, short)) > sum(map(len, bare))
    assert short == ("8,000 train", "2,000 val", "1,000 test")
