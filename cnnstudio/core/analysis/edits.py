"""Edits of a project's network that fixes are made of: each returns a pure function."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from cnnstudio.core.layers import Layer

if TYPE_CHECKING:
    from cnnstudio.core.project import Project

Edit: TypeAlias = "Callable[[Project], Project]"


def replace(name: str, layer: Layer) -> Edit:
    """Another layer in the place of the one of that name, and in its group."""

    def apply(project: "Project") -> "Project":
        network = project.network
        return project.with_network(network.replaced(name, layer.updated(group=network.layer(name).group)))

    return apply


def connect(name: str, inputs: Sequence[str]) -> Edit:
    """These inputs for a layer."""
    return lambda project: project.with_network(project.network.connected(name, inputs))


def move_above(name: str, taker: str) -> Edit:
    """The layer taken out of its place and put right above another one, in its line."""

    def apply(project: "Project") -> "Project":
        layer = project.network.layer(name)
        network = project.network.removed(name)
        at = network.position(taker)
        below = network.layers[at]
        moved = layer.updated(inputs=below.inputs, group="")
        return project.with_network(network.replaced(taker, below.updated(inputs=())).inserted(at, moved))

    return apply


def put_below(taker: str, layers: Sequence[Layer]) -> Edit:
    """New layers right above `taker`, each between the one it names as its input and `taker`."""

    def apply(project: "Project") -> "Project":
        network = project.network
        inputs = list(network.inputs_of(network.position(taker)))
        for layer in layers:
            new = layer.updated(name=network.free_name(layer.name))
            network = network.inserted(network.position(taker), new)
            inputs = [new.name if name == layer.inputs[0] else name for name in inputs]
        return project.with_network(network.connected(taker, inputs))

    return apply
