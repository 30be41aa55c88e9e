"""How the classes weigh, and what is said of their balance."""

import numpy as np
import pytest

from cnnstudio.core.tasks.balance import balance_words, weights_words
from cnnstudio.core.tasks.class_weights import class_weights


@pytest.mark.parametrize("counts", [(1, 1), (20, 400), (3, 5, 8, 13)])
def test_all_classes_weigh_the_same_and_a_picture_one_on_average(counts: tuple[int, ...]) -> None:
    weights = np.array(class_weights(counts))
    assert weights * counts == pytest.approx(np.full(len(counts), sum(counts) / len(counts)))
    assert np.average(weights, weights=counts) == pytest.approx(1)


def test_a_class_without_a_picture_weighs_nothing() -> None:
    assert class_weights((4, 0, 4)) == (1.0, 0.0, 1.0)


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((1_000, 1_000), "Balanced: 1,000 of every class."),
        ((100, 110), "Balanced: 100 to 110 of every class."),
        ((27, 37), "Nearly balanced: 27 to 37 of every class."),
        ((20, 80), "Not balanced: 20 of 'cat' to 80 of 'dog'. Who always answers 'dog' is right for 80%"),
    ],
)
def test_balance_is_told_with_what_it_means(counts: tuple[int, int], words: str) -> None:
    assert balance_words(("cat", "dog"), counts).startswith(words)


def test_few_weights_are_told_one_by_one_and_many_by_their_ends() -> None:
    assert weights_words(("cat", "dog"), (20, 80)).endswith("0.625 for 'dog', 2.5 for 'cat'.")
    names = tuple(f"c{number}" for number in range(40))
    told = weights_words(names, tuple(range(1, 41)))
    assert told.endswith("from 0.512 for 'c39' to 20.5 for 'c0'.")
