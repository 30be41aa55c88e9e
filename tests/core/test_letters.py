"""The sums behind sizes with letters in place of numbers."""

from math import floor

import pytest

from cnnstudio.core.analysis import analyze
from cnnstudio.core.layers import (
    AveragePooling1D,
    Conv1D,
    Conv2D,
    Conv2DTranspose,
    DepthwiseConv2D,
    Layer,
    MaxPooling2D,
    SeparableConv2D,
)
from cnnstudio.core.values.shape import Shape
from tests.core.pictures import stack

PLAIN = "O = floor((I - K + 2P) / S) + 1"
SPREAD = "O = floor((I - (D(K - 1) + 1) + 2P) / S) + 1"
UNEVEN = "O = floor((I - K + (P1 + P2)) / S) + 1"

CASES: list[tuple[Layer, Shape, str, dict[str, int]]] = [
    (Conv2D(name="l", kernel_size=(5, 5)), (28, 28, 1), PLAIN, {"K": 5, "P": 2, "S": 1}),
    (Conv2D(name="l", padding="valid"), (28, 28, 1), PLAIN, {"K": 3, "P": 0, "S": 1}),
    (Conv2D(name="l", dilation_rate=(2, 2)), (28, 28, 1), SPREAD, {"K": 3, "P": 2, "S": 1, "D": 2}),
    (Conv2D(name="l", strides=(2, 2)), (28, 28, 1), UNEVEN, {"K": 3, "P1": 0, "P2": 1, "S": 2}),
    (Conv2D(name="l", strides=(2, 2)), (27, 27, 1), PLAIN, {"K": 3, "P": 1, "S": 2}),
    (DepthwiseConv2D(name="l"), (9, 9, 2), PLAIN, {"K": 3, "P": 1, "S": 1}),
    (SeparableConv2D(name="l", padding="valid"), (9, 9, 2), PLAIN, {"K": 3, "P": 0, "S": 1}),
    (Conv1D(name="l", padding="causal"), (9, 2), UNEVEN, {"K": 3, "P1": 2, "P2": 0, "S": 1}),
    (MaxPooling2D(name="l"), (9, 9, 2), PLAIN, {"K": 2, "P": 0, "S": 2}),
    (AveragePooling1D(name="l", padding="same"), (9, 2), UNEVEN, {"K": 2, "P1": 0, "P2": 1, "S": 2}),
    (Conv2DTranspose(name="l", strides=(2, 2)), (7, 7, 2), "O = I*S", {"S": 2}),
    (
        Conv2DTranspose(name="l", strides=(2, 2), padding="valid"),
        (7, 7, 2),
        "O = (I - 1)*S + max(K, S)",
        {"K": 3, "S": 2},
    ),
    (
        Conv2DTranspose(name="l", strides=(2, 2), padding="valid", output_padding=(1, 1)),
        (7, 7, 2),
        "O = (I - 1)*S + K + A",
        {"K": 3, "S": 2, "A": 1},
    ),
    (
        Conv2DTranspose(name="l", strides=(2, 2), output_padding=(1, 1)),
        (7, 7, 2),
        "O = (I - 1)*S + K mod 2 + A",
        {"K": 3, "S": 2, "A": 1},
    ),
]


@pytest.mark.parametrize(("layer", "shape", "letters", "values"), CASES)
def test_the_letters_give_the_size_once_numbers_stand_for_them(
    layer: Layer, shape: Shape, letters: str, values: dict[str, int]
) -> None:
    (told,) = layer.letters((shape,))
    assert told.text == letters
    sum_ = letters.removeprefix("O = ").replace("2P", "2*P").replace("D(", "D*(").replace(" mod ", " % ")
    size = eval(sum_, {"floor": floor, "max": max, "I": shape[0], **values})
    assert size == layer.output_shape((shape,))[0]


@pytest.mark.parametrize(("layer", "shape"), [case[:2] for case in CASES])
def test_each_letter_knows_the_setting_it_stands_for(layer: Layer, shape: Shape) -> None:
    (told,) = layer.letters((shape,))
    named = {term.setting for term in told.terms} - {None}
    assert named
    assert named <= set(type(layer).model_fields)


def test_an_open_size_has_its_letters_too() -> None:
    (told,) = Conv2D(name="l").letters(((None, None, 3),))
    assert told.text == PLAIN


def test_a_layer_that_does_not_fit_or_is_off_has_no_letters() -> None:
    rows = analyze(stack("a=conv(4,3,valid) b=conv(4,9,valid) c=maxpool d=flatten", (8, 8, 1)))
    assert [bool(row.letters()) for row in rows.rows] == [False, True, False, False, False]
    network = stack("a=conv(4,3)")
    off = network.replaced("a", network.layer("a").updated(enabled=False))
    assert analyze(off).row("a").letters() == ()
