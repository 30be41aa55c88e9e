"""What each choice of the start page begins with."""

from cnnstudio.core.layers import Input
from cnnstudio.core.network import Network
from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice, DataFacts
from cnnstudio.core.templates import template

EMPTY = "empty"
"""The key of a network that is only its Input."""


def started_project(key: str, facts: DataFacts, data: DataChoice) -> Project:
    """A template's project over these data and for their facts; StudioError where it cannot take them."""
    if key == EMPTY:
        network = Network(layers=(Input(name="input", shape=facts.sample_shape),))
        return Project(network=network, data=data)
    return template(key).project(facts.sample_shape, facts.classes, data)
