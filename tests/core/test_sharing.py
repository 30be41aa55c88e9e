"""Layers that use the weights of another: counted once, alike through every edit."""

import pytest
from pydantic import ValidationError

from cnnstudio.core.analysis import analyze
from cnnstudio.core.layers import Conv2D, Dense
from cnnstudio.core.network import Network, fresh_copies
from tests.core.pictures import stack


def _shared() -> Network:
    """Two convolutions with one set of weights, both from 8 to 8 channels."""
    network = stack("a=conv(8,3,same) b=conv(8,3,same) c=conv(8,3,same) d=relu")
    layer = network.layer("b")
    return network.replaced("c", layer.updated(name="c", weights_of="b"))


def _owners(network: Network) -> dict[str, str]:
    return {layer.name: layer.weights_of for layer in network.layers[1:]}


def test_shared_weights_are_counted_once_and_their_work_twice() -> None:
    analysis = analyze(_shared())
    owner, sharer = analysis.row("b"), analysis.row("c")
    assert (owner.parameters, sharer.parameters) == (8 * 8 * 9 + 8, 0)
    assert owner.macs == sharer.macs > 0
    assert sharer.weights_known


@pytest.mark.parametrize("name", ["b", "c"])
def test_an_edit_of_one_is_an_edit_of_both(name: str) -> None:
    network = _shared()
    edited = network.replaced(name, network.layer(name).updated(kernel_size=(5, 5)))
    assert [getattr(edited.layer(one), "kernel_size", None) for one in "bc"] == [(5, 5), (5, 5)]
    frozen = network.with_settings([name], trainable=False)
    assert [frozen.layer(one).trainable for one in "bc"] == [False, False]


def test_a_new_name_of_the_owner_follows() -> None:
    assert _owners(_shared().renamed("b", "base"))["c"] == "base"


def test_without_its_owner_a_layer_owns_the_weights() -> None:
    gone = _shared().removed("b")
    assert _owners(gone) == {"a": "", "c": "", "d": ""}
    assert analyze(gone).row("c").parameters == 8 * 8 * 9 + 8
    disabled = _shared().with_settings(["b"], enabled=False).without_disabled()
    assert _owners(disabled) == {"a": "", "c": "", "d": ""}


def test_of_two_that_lose_their_owner_the_first_owns_the_weights() -> None:
    network = _shared()
    network = network.inserted(4, network.layer("c").updated(name="e"))
    assert _owners(network.removed("b")) == {"a": "", "c": "", "e": "c", "d": ""}


def test_moved_above_its_owner_a_layer_owns_the_weights() -> None:
    assert _owners(_shared().moved_together(["c"], 2)) == {"a": "", "c": "", "b": "c", "d": ""}


def test_another_kind_of_layer_in_place_of_the_owner_shares_nothing() -> None:
    network = _shared().replaced("b", Dense(name="b", units=8))
    assert _owners(network)["c"] == ""


def test_a_copy_has_weights_of_its_own_unless_their_owner_is_copied_too() -> None:
    network = _shared()
    (alone,) = fresh_copies(network, [network.layer("c")])
    both = fresh_copies(network, [network.layer("b"), network.layer("c")])
    assert alone.weights_of == ""
    assert [layer.weights_of for layer in both] == ["", both[0].name]


def test_shared_weights_need_the_same_number_of_channels() -> None:
    network = _shared()
    before = analyze(network)
    wider = network.replaced("a", network.layer("a").updated(filters=4))
    findings = analyze(wider, before).findings
    assert [(finding.code, finding.layer) for finding in findings] == [("S07", "c")]
    assert "weights of b, whose kernel is 3 x 3 x 4 x 8" in findings[0].message
    assert not analyze(network, analyze(wider, before)).findings


@pytest.mark.parametrize(
    ("owner", "words"),
    [("d", "which is not above it"), ("nobody", "which is not above it"), ("a", "other settings")],
)
def test_a_file_in_which_weights_cannot_be_shared_is_refused(owner: str, words: str) -> None:
    layers = [*stack("a=conv(8,3,same)").layers, Conv2D(name="c", filters=4, weights_of=owner)]
    with pytest.raises(ValidationError, match=words):
        Network(layers=tuple(layers))
