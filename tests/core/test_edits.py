"""What a person can do to the stack: `a [b c]* d!` has b and c in a collapsed group and d selected."""

import re
from collections.abc import Callable

import pytest

from cnnstudio.core.analysis import analyze
from cnnstudio.core.layers import Dense
from cnnstudio.core.network import EditError, edits
from cnnstudio.core.network.edits import Edited, Stack
from tests.core.pictures import stack

LAYERS = "a=conv b=bn c=relu d=conv"


def drawn(picture: str) -> Stack:
    """The layers of `LAYERS` with the groups g1, g2 ... and the selection of the picture."""
    network = stack(LAYERS)
    for number, group in enumerate(re.findall(r"\[(.*?)\]", picture), start=1):
        network = network.with_settings(re.findall(r"\w+", group), group=f"g{number}")
    collapsed = [bool(star) for star in re.findall(r"\](\*?)", picture)]
    names = frozenset(f"g{number}" for number, star in enumerate(collapsed, start=1) if star)
    return Stack(network, tuple(re.findall(r"(\w+)!", picture)), names)


def shown(edited: Edited) -> str:
    """The picture of what an edit leaves; where it selects nothing anew, nothing is marked."""
    selection = edited.selection or ()
    names = [layer.name for layer in edited.network.layers]
    words = [f"{name}!" if name in selection else name for name in names]
    for group in edited.network.groups:
        words[group.start] = f"[{words[group.start]}"
        words[group.stop - 1] += "]*" if group.name in edited.collapsed else "]"
    return " ".join(words[1:])


EXAMPLES: list[tuple[str, Callable[[Stack], Edited], str, str]] = [
    ("a b! c d", edits.delete_selected, "Delete b", "a c! d"),
    ("a b c d!", edits.delete_selected, "Delete d", "a b c!"),
    ("a b! [c d]*", edits.delete_selected, "Delete b", "a [c! d!]*"),
    ("a! b! c d", edits.duplicate_selected, "Duplicate 2 layers", "a b a2! b2! c d"),
    ("a [b! c!]* d", edits.duplicate_selected, "Duplicate 2 layers", "a [b c]* [b2! c2!]* d"),
    ("a [b! c!] d", edits.duplicate_selected, "Duplicate 2 layers", "a [b c] [b2! c2!] d"),
    ("a! b c d", lambda it: edits.repeat_selected(it, 3), "Repeat a", "a a2! a3! b c d"),
    ("a b c! d", edits.move_up, "Move c", "a c! b d"),
    ("a [b c]* d!", edits.move_up, "Move d", "a d! [b c]*"),
    ("a! [b c]* d", edits.move_down, "Move a", "[b c]* a! d"),
    ("a b c d", lambda it: edits.move_layers(it, ("d", "a"), 3), "Move 2 layers", "b a! d! c"),
    ("a b c d", lambda it: edits.copy_layers(it, ("a",), 5), "Copy a", "a b c d a2!"),
    ("a b! c! d", edits.cut_selected, "Cut 2 layers", "a d!"),
    ("a b! c! d", edits.toggle_frozen, "Freeze b", "a b c d"),
    ("a b! c! d", edits.toggle_disabled, "Disable 2 layers", "a b c d"),
    ("a b! c! d", edits.group_selected, "Group 2 layers", "a [b c] d"),
    ("a [b c!]* d", edits.ungroup_selected, "Ungroup g1", "a b c d"),
    ("a [b c] d", lambda it: edits.rename_group(it, "g1", " stem "), "Rename g1", "a [b c] d"),
    ("a b c d", lambda it: edits.rename(it, "b", " e "), "Rename b", "a e c d"),
    ("a b c d", lambda it: edits.connect(it, "a", "d"), "Connect a to d", "a b c d"),
]


@pytest.mark.parametrize(("before", "edit", "title", "after"), EXAMPLES)
def test_an_edit_names_its_step_and_says_what_is_selected_and_collapsed(
    before: str, edit: Callable[[Stack], Edited], title: str, after: str
) -> None:
    edited = edit(drawn(before))
    assert (edited.title, shown(edited)) == (title, after)


def test_the_stack_an_edit_begins_with_stays_as_it_is() -> None:
    before = drawn("a [b! c!]* d")
    edits.duplicate_selected(before)
    assert before == drawn("a [b! c!]* d")


def test_a_new_layer_lands_below_the_selection_and_suits_the_data() -> None:
    before = drawn("a! b c d")
    analysis = analyze(before.network)
    edited = edits.add_layer(before, "Dropout", None, analysis, 7)
    assert (edited.title, shown(edited)) == ("Add Dropout", "a drop1! b c d")
    head = edits.add_layer(before, "Dense", 5, analysis, 7).network.layers[-1]
    assert isinstance(head, Dense)
    assert head.units == 7


def test_what_was_cut_can_be_pasted_with_its_group_collapsed_as_it_was() -> None:
    cut = edits.cut_selected(drawn("a [b! c!]* d"))
    pasted = edits.paste(Stack(cut.network, ("d",), cut.collapsed), cut.clipboard)
    assert (pasted.title, shown(pasted)) == ("Paste 2 layers", "a d [b! c!]*")


def test_a_new_group_is_expanded_even_if_one_of_its_name_was_collapsed() -> None:
    before = Stack(stack(LAYERS), ("b", "c"), frozenset({"group1"}))
    assert shown(edits.group_selected(before)) == "a [b c] d"


@pytest.mark.parametrize(
    ("before", "edit", "reason"),
    [
        ("a b c d", edits.delete_selected, "nothing to delete: no layer is selected"),
        ("input! a b c d", edits.delete_selected, "nothing to delete: the Input stays on top"),
        ("input! a b c d", edits.cut_selected, "nothing to copy: the Input cannot be copied"),
        ("a b c! d", edits.toggle_frozen, "No selected layer has weights"),
        ("a! b c! d", edits.group_selected, "1 layer between them is not selected"),
        ("a! b c d", edits.ungroup_selected, "No selected layer is in a group"),
        ("a b c d", lambda it: edits.rename(it, "a", "b"), "'b'"),
        ("a b c d", lambda it: edits.connect(it, "d", "a"), "'a' can take only layers above it"),
    ],
)
def test_an_edit_that_cannot_be_made_is_refused_with_its_reason(
    before: str, edit: Callable[[Stack], Edited], reason: str
) -> None:
    with pytest.raises(EditError, match=reason):
        edit(drawn(before))


def test_a_full_stack_takes_no_further_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edits, "MAX_LAYERS", 5)
    before = drawn("a! b c d")
    with pytest.raises(EditError, match="would get 1 more; at most 5 fit"):
        edits.add_layer(before, "Dropout", None, analyze(before.network), 10)
    with pytest.raises(EditError, match="more than 5 layers"):
        edits.duplicate_selected(before)
