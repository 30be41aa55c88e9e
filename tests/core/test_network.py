"""Edits of a network: pure, and arcs follow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cnnstudio.core.layers import Add, Conv2D, Dropout, Input, MultiHeadAttention
from cnnstudio.core.network import EditError, Network, fresh_copies
from cnnstudio.core.network import network as network_module
from cnnstudio.core.network.splicing import connected
from tests.core.pictures import names, stack


def test_inserting_puts_the_layer_where_it_was_asked_and_leaves_the_old_network() -> None:
    before = stack("a=conv b=flatten")
    after = before.inserted(2, Dropout(name="d"))
    assert (names(before), names(after)) == ("a b", "a d b")


def test_an_edit_of_a_setting_checks_the_names_of_the_others_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    before = stack("a=conv b=conv")
    checked: list[object] = []
    monkeypatch.setattr(network_module, "_check_names", checked.append)
    after = before.replaced("a", before.layer("a").updated(filters=7))
    assert after.layer("a") == before.layer("a").updated(filters=7)
    assert not checked
    after.replaced("b", after.layer("b").updated(inputs=("input",)))
    assert checked


def test_another_type_in_a_layers_place_is_checked() -> None:
    with pytest.raises(ValidationError, match="second Input"):
        stack("a=conv").replaced("a", Input(name="a", shape=(4, 4, 1)))


def test_nothing_can_be_inserted_above_the_input() -> None:
    assert names(stack("a=conv").inserted(0, Dropout(name="d"))) == "d a"


def test_removing_a_layer_hands_its_takers_to_its_own_input() -> None:
    network = stack("a=conv b=relu c=conv s=add<-b,c")
    assert network.removed("b").layer("s").inputs == ("a", "c")


def test_removing_a_branch_keeps_the_layer_below_on_the_branchs_input() -> None:
    network = stack("a=conv b=conv c=conv<-a d=relu s=add<-b,d")
    after = network.removed("c")
    assert after.layer("d").inputs == ("a",)


def test_the_input_cannot_be_removed_or_moved() -> None:
    network = stack("a=conv")
    with pytest.raises(EditError, match="Input stays"):
        network.removed("input")
    with pytest.raises(EditError, match="Input stays"):
        network.moved("input", 1)


def test_moving_above_ones_own_input_is_refused_with_the_reason() -> None:
    network = stack("a=conv b=conv s=add<-a,b")
    with pytest.raises(EditError, match="'s' takes 'b', so it cannot stand above it"):
        network.moved("s", 2)


def test_moving_below_ones_own_taker_is_refused_with_the_reason() -> None:
    network = stack("a=conv b=conv s=add<-a,b")
    with pytest.raises(EditError, match="'s' takes 'a'"):
        network.moved("a", 3)


def test_moving_changes_the_order_only() -> None:
    assert names(stack("a=conv b=relu c=flatten").moved("c", 1)) == "c a b"


def test_renaming_follows_every_arc() -> None:
    network = stack("a=conv b=conv s=add<-a,b").renamed("a", "stem")
    assert network.layer("s").inputs == ("stem", "b")


def test_a_taken_name_is_refused() -> None:
    with pytest.raises(EditError, match="named 'b' already"):
        stack("a=conv b=conv").renamed("a", "b")


def test_an_arc_drawn_to_attention_brings_its_value_and_one_to_a_convolution_replaces_its_input() -> None:
    network = stack("a=conv b=conv").inserted(3, MultiHeadAttention(name="look"))
    assert connected(network, "a", "look").layer("look").inputs == ("b", "a")
    assert connected(network, "input", "b").layer("b").inputs == ("input",)


def test_connecting_to_a_layer_below_is_refused() -> None:
    with pytest.raises(EditError, match="only layers above"):
        stack("a=conv b=conv").connected("a", ["b"])


def test_free_names_count_on() -> None:
    network = stack("conv1=conv conv2=conv")
    assert (network.free_name("conv1"), network.free_name("pool1")) == ("conv3", "pool1")


def test_copies_keep_the_arcs_among_themselves() -> None:
    network = stack("a=conv b=conv s=add<-a,b")
    copies = fresh_copies(network, network.layers[1:])
    assert [copy.name for copy in copies] == ["a2", "b2", "s2"]
    assert copies[2].inputs == ("a2", "b2")


@pytest.mark.parametrize(
    ("layers", "sentence"),
    [
        ((), "first layer must be an Input"),
        ((Conv2D(name="a"),), "first layer must be an Input"),
        ((Input(name="i"), Input(name="j")), "second Input"),
        ((Input(name="i"), Conv2D(name="a"), Conv2D(name="a")), "two layers are named 'a'"),
        ((Input(name="i"), Add(name="s", inputs=("i", "z"))), "no layer has that name"),
        ((Input(name="i"), Add(name="s", inputs=("i", "z")), Conv2D(name="z")), "not above it"),
    ],
)
def test_an_impossible_network_is_refused_in_words(layers: tuple[object, ...], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        Network(layers=layers)  # type: ignore[arg-type] # what a hand-edited file may hold


@given(st.data())
def test_any_row_of_edits_keeps_names_unique_and_arcs_pointing_up(data: st.DataObject) -> None:
    network = stack("a=conv b=conv s=add<-a,b f=flatten d=dense(10)")
    for _ in range(data.draw(st.integers(1, 12))):
        network = _edited(network, data)
    Network.model_validate_json(network.model_dump_json())


def _edited(network: Network, data: st.DataObject) -> Network:
    name = data.draw(st.sampled_from([layer.name for layer in network.layers]))
    index = data.draw(st.integers(0, len(network.layers)))
    kind = data.draw(st.sampled_from(["insert", "remove", "move", "rename", "connect"]))
    try:
        match kind:
            case "insert":
                return network.inserted(index, Dropout(name=network.free_name("drop1")))
            case "remove":
                return network.removed(name)
            case "move":
                return network.moved(name, index)
            case "rename":
                return network.renamed(name, network.free_name("layer1"))
            case _:
                other = data.draw(st.sampled_from([layer.name for layer in network.layers]))
                return network.connected(name, [other])
    except EditError:
        return network
