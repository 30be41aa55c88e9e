"""What a value goes through while it is written."""

import pytest

from cnnstudio.core.forms.draft import Draft


@pytest.fixture
def draft() -> Draft[int]:
    return Draft(8)


def test_a_refused_text_gives_back_all_that_its_gesture_took(draft: Draft[int]) -> None:
    assert draft.take(1)
    assert draft.take(12)
    assert draft.refuse("“12x” is no whole number.")
    assert (draft.value, draft.refused) == (8, "“12x” is no whole number.")
    assert not draft.refuse("“12xy” is no whole number."), "there is no more to give back"


def test_a_text_that_can_be_read_again_is_taken_again(draft: Draft[int]) -> None:
    draft.take(1)
    draft.refuse("no")
    assert draft.take(1)
    assert (draft.value, draft.refused) == (1, "")


def test_the_value_that_is_taken_already_is_no_news(draft: Draft[int]) -> None:
    assert not draft.take(8)
    draft.refuse("no")
    assert not draft.take(8)
    assert draft.refused == ""


def test_a_refused_text_gives_back_nothing_of_a_gesture_that_is_over(draft: Draft[int]) -> None:
    draft.take(16)
    draft.end()
    draft.take(3)
    draft.refuse("no")
    assert draft.value == 16


def test_a_value_from_outside_begins_a_gesture_even_where_it_is_the_same(draft: Draft[int]) -> None:
    draft.take(16)
    draft.show(16)
    assert not draft.refuse("no")
    assert draft.value == 16


def test_a_text_that_means_the_value_already_may_stay(draft: Draft[int]) -> None:
    draft.take(16)
    assert not draft.show(16)
    assert draft.show(32)


def test_a_refused_text_gives_way_even_to_the_value_it_gave_back(draft: Draft[int]) -> None:
    draft.refuse("no")
    assert draft.show(8)
    assert draft.refused == ""


def test_values_that_differ_differ_again_once_the_text_is_refused(draft: Draft[int]) -> None:
    assert draft.show(5, is_mixed=True)
    assert draft.take(5), "it still is a change of the others"
    assert not draft.is_mixed
    assert draft.refuse("no")
    assert (draft.value, draft.is_mixed) == (5, True)


def test_values_that_differ_are_shown_again_each_time(draft: Draft[int]) -> None:
    draft.show(5, is_mixed=True)
    assert draft.show(5, is_mixed=True)
    assert draft.show(5)
