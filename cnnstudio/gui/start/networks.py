"""What each choice of the start page begins with."""

from cnnstudio.core.data import DataFacts
from cnnstudio.core.layers import Input
from cnnstudio.core.network import Network
from cnnstudio.core.templates import template

EMPTY = "empty"
"""The key of a network that is only its Input."""


def started_network(key: str, facts: DataFacts) -> Network:
    """The network of a template for these data; StudioError when the template cannot take such samples."""
    if key == EMPTY:
        return Network(layers=(Input(name="input", shape=facts.sample_shape),))
    return template(key).build(facts.sample_shape, facts.classes)
