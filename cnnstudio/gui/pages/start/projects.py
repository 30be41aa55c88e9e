"""What each choice of the start page begins with."""

from cnnstudio.core.layers import Input
from cnnstudio.core.network import Network
from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import Included
from cnnstudio.core.templates import template
from cnnstudio.core.values.facts import DataFacts
from cnnstudio.engine.data import facts_of

EMPTY = "empty"
"""The key of a network that is only its Input."""


def beginning_data(data: DataChoice) -> DataChoice:
    """The data a new network learns from: those of the open project, or the digits where it has none."""
    return DataChoice(source=Included()) if data.source is None else data


def beginning_facts(data: DataChoice) -> DataFacts:
    """What is known of the data a new network learns from."""
    facts = facts_of(beginning_data(data))
    assert facts is not None  # they have a source
    return facts


def title_of(key: str) -> str:
    """What a new project is called until it has a file."""
    return "Untitled" if key == EMPTY else template(key).title


def started_project(key: str, facts: DataFacts, data: DataChoice) -> Project:
    """A template's project over these data and for their facts; StudioError where it cannot take them."""
    if key == EMPTY:
        network = Network(layers=(Input(name="input", shape=facts.sample_shape),))
        return Project(network=network, data=data)
    return template(key).project(facts.sample_shape, facts.classes, data)
