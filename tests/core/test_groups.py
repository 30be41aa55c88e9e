"""Named groups of neighbours, and edits of many layers at once."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cnnstudio.core.layers import Dropout, Input
from cnnstudio.core.network import EditError, Network, fresh_copies
from cnnstudio.core.network.groups import (
    Group,
    group_at,
    groups_of,
    renamed_groups,
    split_groups,
    with_unique_groups,
    with_whole_groups,
)
from cnnstudio.core.project import Project, from_json, to_json
from tests.core.pictures import names, stack

PICTURE = "a=conv b=bn c=relu d=conv s=add<-d,a e=conv f=flatten"


def grouped(picture: str, *members: str, name: str = "g") -> Network:
    return stack(picture).with_settings(members, group=name)


def shown(network: Network) -> str:
    """`a [g b c] d`: the stack with its groups."""
    words = [layer.name for layer in network.layers]
    for group in network.groups:
        words[group.start] = f"[{group.name} {words[group.start]}"
        words[group.stop - 1] += "]"
    return " ".join(words[1:])


def test_neighbours_of_the_same_group_are_one_group() -> None:
    network = grouped("a=conv b=conv c=conv d=conv", "b", "c").with_settings(("d",), group="h")
    assert network.groups == (Group("g", 2, 4), Group("h", 4, 5))


def test_a_group_is_kept_in_the_project_file() -> None:
    project = Project(network=grouped(PICTURE, "b", "c"))
    assert from_json(to_json(project), "x") == project


@pytest.mark.parametrize("name", [" g", "g ", "x" * 121])
def test_a_group_needs_a_decent_name(name: str) -> None:
    with pytest.raises(ValidationError):
        Dropout(name="d", group=name)


def test_the_input_belongs_to_no_group() -> None:
    with pytest.raises(ValidationError):
        Input.model_validate({"name": "input", "group": "g"})


def test_a_layer_put_into_the_middle_of_a_group_joins_it_and_one_beside_it_does_not() -> None:
    network = grouped("a=conv b=conv c=conv d=conv", "b", "c")
    new = Dropout(name="n")
    assert shown(network.inserted(3, new)) == "a [g b n c] d"
    assert shown(network.inserted(2, new)) == "a n [g b c] d"
    assert shown(network.inserted(4, new)) == "a [g b c] n d"


def test_a_member_that_moves_away_leaves_and_one_that_stays_beside_does_not() -> None:
    network = grouped("a=conv b=conv c=conv d=conv e=conv", "b", "c", "d")
    assert shown(network.moved("d", 2)) == "a [g d b c] e"
    assert shown(network.moved("b", 4)) == "a [g c d b] e"
    assert shown(network.moved("d", 1)) == "d a [g b c] e"
    assert shown(network.moved("b", 5)) == "a [g c d] e b"


def test_a_stranger_joins_in_the_middle_only() -> None:
    network = grouped("a=conv b=conv c=conv d=conv", "b", "c")
    assert shown(network.moved("a", 2)) == "[g b a c] d"
    assert shown(network.moved("d", 3)) == "a [g b d c]"
    assert shown(network.moved("a", 3)) == "[g b c] a d"


def test_a_group_moves_as_a_whole_and_joins_another_in_its_middle() -> None:
    network = grouped("a=conv b=conv c=conv d=conv e=conv", "b", "c").with_settings(("d", "e"), group="h")
    assert shown(network.moved_together(("c", "b"), 6)) == "a [h d e] [g b c]"
    assert shown(network.moved_together(("b", "c"), 5)) == "a [h d b c e]"


def test_renaming_replacing_and_removing_keep_a_group() -> None:
    network = grouped("a=conv b=conv c=conv d=conv", "b", "c", "d")
    assert shown(network.renamed("c", "x").removed("b")) == "a [g x d]"


def test_copies_of_a_group_are_a_group_of_their_own() -> None:
    network = grouped("a=conv b=conv c=conv", "b", "c", name="block1")
    assert {copy.group for copy in fresh_copies(network, network.layers[2:])} == {"block2"}


def test_the_rest_of_a_group_that_was_cut_gets_another_name() -> None:
    network = grouped("a=conv b=conv c=conv", "a", "c").with_settings(("b",), group="x")
    assert [group.name for group in groups_of(with_unique_groups(network.layers))] == ["g", "x", "g2"]


def _layers() -> st.SearchStrategy[Network]:
    """Stacks of up to nine layers in which any merge takes any two above it."""

    @st.composite
    def build(draw: st.DrawFn) -> Network:
        words: list[str] = []
        for number in range(draw(st.integers(1, 9))):
            above = ["input", *(f"n{index}" for index in range(number))]
            kind = draw(st.sampled_from(["relu", "named", "add"]))
            sources = draw(st.lists(st.sampled_from(above), min_size=1, max_size=3, unique=True))
            match kind:
                case "add":
                    words.append(f"n{number}=add<-{','.join(sources)}")
                case "named":
                    words.append(f"n{number}=relu<-{sources[0]}")
                case _:
                    words.append(f"n{number}=relu")
        return stack(" ".join(words))

    return build()


def _wiring(network: Network) -> list[tuple[str, tuple[str, ...]]]:
    return [(layer.name, network.inputs_of(index)) for index, layer in enumerate(network.layers)]


@given(_layers(), st.data())
def test_removing_many_at_once_is_removing_one_by_one(network: Network, data: st.DataObject) -> None:
    others = [layer.name for layer in network.layers[1:]]
    gone = data.draw(st.lists(st.sampled_from(others), unique=True))
    by_one = network
    for name in gone:
        by_one = by_one.removed(name)
    assert _wiring(network.removed(*gone)) == _wiring(by_one)


@given(_layers(), st.data())
def test_moving_many_at_once_is_moving_one_by_one(network: Network, data: st.DataObject) -> None:
    chosen = data.draw(st.sets(st.sampled_from([layer.name for layer in network.layers[1:]]), min_size=1))
    index = data.draw(st.integers(1, len(network.layers)))
    assert _outcome(lambda: network.moved_together(chosen, index)) == _outcome(
        lambda: _moved_one_by_one(network, chosen, index)
    )


def _moved_one_by_one(network: Network, chosen: set[str], index: int) -> Network:
    above = [layer.name for layer in network.layers[:index] if layer.name in chosen]
    below = [layer.name for layer in network.layers[index:] if layer.name in chosen]
    for name in reversed(above):
        network, index = network.moved(name, index - 1), index - 1
    index += len(above)
    for name in below:
        network, index = network.moved(name, index), index + 1
    return network


def _outcome(edit: Callable[[], Network]) -> list[tuple[str, tuple[str, ...]]] | str:
    try:
        return _wiring(edit())
    except EditError:
        return "refused"


def test_removing_and_moving_together_refuse_the_input_and_strangers() -> None:
    network = stack("a=conv b=conv")
    for edit in (network.removed, lambda *chosen: network.moved_together(chosen, 1)):
        with pytest.raises(EditError, match="Input stays"):
            edit("a", "input")
        with pytest.raises(EditError, match="no layer named 'z'"):
            edit("a", "z")


def test_moving_together_says_who_cannot_stand_above_whom() -> None:
    with pytest.raises(EditError, match="'s' takes 'b', so it cannot stand above it"):
        stack("a=conv b=conv s=add<-a,b c=conv").moved_together(("a", "s"), 1)


def test_one_setting_for_many_layers_leaves_the_others_as_they_are() -> None:
    network = stack("a=conv b=conv c=conv")
    after = network.with_settings(("a", "c"), trainable=False)
    assert [layer.trainable for layer in after.layers] == [True, False, True, False]
    assert after.layers[2] is network.layers[2]
    assert names(after) == "a b c"


def test_a_group_is_split_by_names_of_some_of_its_layers() -> None:
    layers = grouped(PICTURE, "b", "c").layers
    assert split_groups(layers, ("a", "c")) == {"g"}
    assert split_groups(layers, ("b", "c")) == set()
    assert split_groups(layers, ("a", "f")) == set()


def test_a_part_of_a_group_can_stand_for_all_of_it() -> None:
    layers = grouped(PICTURE, "b", "c").layers
    assert with_whole_groups(layers, ("a", "c"), {"g"}) == ("a", "b", "c")
    assert with_whole_groups(layers, ("a", "c"), ()) == ("a", "c")
    assert with_whole_groups(layers, ("f", "a"), {"g"}) == ("f", "a")


def test_a_group_that_is_where_it_was_under_a_new_name_is_renamed() -> None:
    before = grouped(PICTURE, "b", "c")
    assert renamed_groups(before.groups, grouped(PICTURE, "b", "c", name="h").groups) == {"g": "h"}
    assert renamed_groups(before.groups, grouped(PICTURE, "c", "d", name="h").groups) == {}
    assert renamed_groups(before.groups, before.groups) == {}


def test_the_group_at_a_place_is_the_one_of_its_layer() -> None:
    (group,) = groups = grouped(PICTURE, "b", "c").groups
    assert [group_at(groups, place) for place in range(1, 5)] == [None, group, group, None]
