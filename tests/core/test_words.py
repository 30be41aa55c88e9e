"""Lists, counts, sizes and signs as a person reads them."""

import pytest

from cnnstudio.core.values.words import counted, crossed, listed, with_minus, with_signs


@pytest.mark.parametrize(
    ("words", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_the_last_of_a_list_comes_after_an_and(words: list[str], text: str) -> None:
    assert listed(words) == text


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 epochs"), (1, "1 epoch"), (2, "2 epochs"), (1200, "1,200 epochs")]
)
def test_one_thing_has_no_plural(number: int, text: str) -> None:
    assert counted(number, "epoch") == text


@pytest.mark.parametrize(
    ("text", "crosses"), [("3x3", "3×3"), ("26 x ? x 32", "26 × ? × 32"), ("max x", "max x"), ("x2x", "x2x")]
)
def test_a_cross_stands_between_sizes_only(text: str, crosses: str) -> None:
    assert crossed(text) == crosses


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("floor((28 + 2*1 - 3) / 1) + 1 = 28", "floor((28 + 2×1 − 3) / 1) + 1 = 28"),
        (" - ", " − "),
        ("(2*(", "(2×("),
        ("-1", "−1"),
        ("28 x 28", "28 × 28"),
        ("56 was made by up-2: 28*2", "56 was made by up-2: 28×2"),
        ("1e-05 of conv-b", "1e-05 of conv-b"),
    ],
)
def test_a_sum_has_true_signs_and_names_keep_their_hyphens(text: str, shown: str) -> None:
    assert with_signs(text) == shown


@pytest.mark.parametrize(("number", "text"), [("-0.5", "−0.5"), ("-0", "0"), ("1e-05", "1e−05")])
def test_a_minus_is_a_true_one_and_zero_has_none(number: str, text: str) -> None:
    assert with_minus(number) == text
