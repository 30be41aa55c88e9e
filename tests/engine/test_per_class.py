"""Precision, recall and F1 of each class, worked out by hand."""

import pytest

from cnnstudio.engine.evaluation.per_class import class_figures


def test_the_figures_of_a_class_are_those_worked_out_by_hand() -> None:
    first, second = class_figures(("cat", "dog"), ((8, 2), (4, 6)))
    # 12 were taken for a cat, 8 of them are; of the 10 cats 8 were recognized.
    assert first.precision == pytest.approx(8 / 12)
    assert first.recall == pytest.approx(8 / 10)
    assert first.f1 == pytest.approx(2 * (8 / 12) * (8 / 10) / (8 / 12 + 8 / 10))
    assert (second.precision, second.recall, second.support) == (6 / 8, 6 / 10, 10)


def test_what_never_occurs_has_no_figure() -> None:
    never_answered, never_there, neither = class_figures("abc", ((0, 3, 0), (0, 0, 0), (0, 0, 0)))
    assert (never_answered.precision, never_answered.recall, never_answered.f1) == (None, 0.0, 0.0)
    assert (never_there.precision, never_there.recall, never_there.f1) == (0.0, None, 0.0)
    assert (neither.precision, neither.recall, neither.f1, neither.support) == (None, None, None, 0)
    assert neither.record() == {"name": "c", "precision": None, "recall": None, "f1": None, "support": 0}


def test_without_classes_there_is_nothing() -> None:
    assert class_figures((), ()) == ()
