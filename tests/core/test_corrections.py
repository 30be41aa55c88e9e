"""Putting right what is wrong in the data: the edits, and the list of them."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from cnnstudio.core.project.corrections import as_csv, corrected, left_out, relabelled, restored
from cnnstudio.core.project.data import Corrections, DataChoice
from cnnstudio.core.project.sources import Included

DIGITS = DataChoice(source=Included())
NAMES = st.sampled_from(["cat/1.png", "cat/2.png", "dog/1.png"])
EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("relabel"), NAMES, st.sampled_from(["cat", "dog"])),
        st.tuples(st.just("leave out"), NAMES, st.just("")),
        st.tuples(st.just("put back"), NAMES, st.just("")),
    )
)


def test_pictures_get_another_class_and_others_keep_theirs() -> None:
    choice = relabelled(relabelled(DIGITS, ["a", "b"], "dog"), ["b"], "cat")
    assert choice.corrections.relabelled == {"a": "dog", "b": "cat"}
    assert choice.source == DIGITS.source


def test_pictures_are_left_out_once_in_the_order_in_which_they_were() -> None:
    assert left_out(left_out(DIGITS, ["b", "a"]), ["a", "c"]).corrections.left_out == ("b", "a", "c")


def test_a_picture_that_was_left_out_takes_part_again_with_its_new_class() -> None:
    choice = relabelled(left_out(DIGITS, ["a", "b"]), ["a"], "dog")
    assert choice.corrections == Corrections(relabelled={"a": "dog"}, left_out=("b",))


def test_what_is_put_back_is_as_it_was_before_all_corrections() -> None:
    choice = left_out(relabelled(DIGITS, ["a", "b"], "dog"), ["a"])
    assert restored(choice, ["a"]).corrections == Corrections(relabelled={"b": "dog"})
    assert restored(choice, ["a", "b"]) == DIGITS


@given(EDITS)
def test_the_last_edit_of_each_picture_counts(edits: list[tuple[str, str, str]]) -> None:
    choice = DIGITS
    for verb, name, class_name in edits:
        match verb:
            case "relabel":
                choice = relabelled(choice, [name], class_name)
                assert choice.corrections.relabelled[name] == class_name
                assert name not in choice.corrections.left_out
            case "leave out":
                choice = left_out(choice, [name])
                assert name in choice.corrections.left_out
            case _:
                choice = restored(choice, [name])
                assert name not in corrected(choice)
    assert restored(choice, corrected(choice)) == DIGITS


def test_the_table_says_what_each_picture_was_and_is() -> None:
    choice = left_out(relabelled(DIGITS, ["b,1", "c"], "dog"), ["c", "=a"])
    table = as_csv(choice, {"b,1": "cat", "c": "cat", "=a": "dog"})
    assert list(csv.reader(io.StringIO(table))) == [
        ["locator", "class was", "class is"],
        ["'=a", "dog", "left out"],
        ["b,1", "cat", "dog"],
        ["c", "cat", "left out"],
    ]
