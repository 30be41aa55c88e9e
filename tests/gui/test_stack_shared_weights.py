"""What blocks say of layers that share weights, and of layers whose weights nobody tells."""

from cnnstudio.core.analysis import analyze
from cnnstudio.core.layers import CustomLayer
from cnnstudio.core.network import Network
from cnnstudio.gui.pages.builder.stack.content import content_of, group_content
from tests.core.pictures import stack


def _network() -> Network:
    network = stack("a=conv(8,3,same) b=conv(8,3,same) c=conv(8,3,same)")
    shared = network.replaced("c", network.layer("b").updated(name="c", weights_of="b"))
    known = {"known_output_shape": (28, 28, 8), "known_inputs": ((28, 28, 8),)}
    return shared.inserted(4, CustomLayer(name="mine", class_name="Mine").updated(**known))


def test_a_block_says_whose_weights_its_layer_uses() -> None:
    analysis = analyze(_network())
    content = content_of(analysis.row("c"), ())
    assert (content.parameters, content.has_parameters) == ("weights of b", True)
    assert "weights of b" in content.spoken


def test_a_block_says_that_the_parameters_are_not_known() -> None:
    content = content_of(analyze(_network()).row("mine"), ())
    assert (content.parameters, content.has_parameters) == ("params not known", True)


def test_a_group_with_such_a_layer_has_at_least_the_parameters_of_the_others() -> None:
    rows = analyze(_network()).rows[1:]
    assert group_content("g", rows, ()).parameters == "at least 664 params"
    assert group_content("g", rows[:-1], ()).parameters == "664 params"
