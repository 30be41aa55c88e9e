"""A whole Keras model's configuration as a network, with notes on what a person should know."""

import re
from collections.abc import Callable
from typing import Any, TypeAlias

from msgspec import Struct
from pydantic import ValidationError

from cnnstudio.core.analysis import analyze
from cnnstudio.core.forms.refusals import refusal
from cnnstudio.core.keras_format.called import layer_of_call, sources_of
from cnnstudio.core.keras_format.graph import ENTRANCE, Call, Graph, read_graph
from cnnstudio.core.layers import CustomLayer, Input, Layer
from cnnstudio.core.network import Network
from cnnstudio.core.values.errors import StudioError


class ImportResult(Struct, frozen=True):
    """An imported network, and sentences on what could not be taken over as it was."""

    network: Network
    notes: tuple[str, ...] = ()


class Known(Struct, frozen=True):
    """What the model itself tells of a layer: its result without the batch, and its weights' counts."""

    output_shape: tuple[int | None, ...] | None = None
    parameters: tuple[int, int] | None = None


Lookup: TypeAlias = Callable[[tuple[str, ...]], Known]
"""From a layer's path, the models it lies in first, to what is known of it."""


def network_from_config(document: Any, known: Lookup | None = None) -> ImportResult:
    """The network of `{"class_name": ..., "config": ...}` as Keras writes it; no code is run.

    `known` tells what only the model itself can tell of layers outside the catalogue. StudioError for models
    with several inputs or outputs, for models described by code, and for damaged configurations.
    """
    try:
        graph = read_graph(document)
        return _Import(graph, known or (lambda path: Known())).result()
    except RecursionError as error:
        raise StudioError(
            "This model's configuration is nested too deep to be read. Save the model again with Keras."
        ) from error
    except ValidationError as error:
        raise StudioError(f"This model cannot be read: {refusal(error)}") from error


class _Import:
    """Turns the calls of a graph into layers, one by one."""

    def __init__(self, graph: Graph, known: Lookup) -> None:
        self._graph = graph
        self._known = known
        self._notes: list[str] = []
        self._names: dict[str, int] = {}
        """The names that are taken, each with the last number that was put behind it."""
        self._by_handle: dict[int, str] = {}

    def result(self) -> ImportResult:
        entrance = Input(name=self._free((self._graph.input_name,)), shape=tuple(self._graph.input_shape))
        self._by_handle[ENTRANCE] = entrance.name
        layers: list[Layer] = [entrance]
        used = _used(self._graph)
        for handle, call in enumerate(self._graph.calls, start=1):
            if handle in used:
                layers.append(self._layer(handle, call, above=layers[-1].name))
        if len(layers) <= len(self._graph.calls):
            self._notes.append("Layers that do not lead to the output were left out.")
        return ImportResult(_with_known_inputs(Network(layers=tuple(layers))), tuple(self._notes))

    def _layer(self, handle: int, call: Call, above: str) -> Layer:
        name = self._free(call.path)
        layer, notes = layer_of_call(call, name)
        self._notes += notes
        self._tell(call, name)
        self._by_handle[handle] = name
        sources = sources_of(layer, tuple(self._by_handle[source] for source in call.inputs))
        settings: dict[str, Any] = {} if sources == (above,) else {"inputs": sources}
        if isinstance(layer, CustomLayer):
            settings |= self._told(call)
        return layer.updated(**settings) if settings else layer

    def _told(self, call: Call) -> dict[str, Any]:
        """What is known of a layer outside the catalogue."""
        known = self._known(call.path)
        shape = known.output_shape or call.shape
        told = {"call": call.extra, "known_output_shape": shape, "known_parameters": known.parameters}
        return {key: value for key, value in told.items() if value is not None}

    def _tell(self, call: Call, name: str) -> None:
        if call.again:
            self._notes.append(
                f"{name}: {'/'.join(call.path)} is used more than once; this copy has weights of its own."
            )

    def _free(self, path: tuple[str, ...]) -> str:
        """A name nobody has, from the path of the layer."""
        written = re.sub(r"\s+", " ", "/".join(path)).strip()[-100:].strip()
        stem = "".join(sign if sign.isprintable() else "_" for sign in written) or "layer"
        name, number = stem, self._names.get(stem, 1)
        while name in self._names:
            number += 1
            name = f"{stem}_{number}"
        self._names[stem] = number
        self._names.setdefault(name, 1)
        return name


def _with_known_inputs(network: Network) -> Network:
    """With the shapes beside which a layer's known shape holds."""
    if not any(isinstance(layer, CustomLayer) for layer in network.layers):
        return network
    layers = [
        row.layer.updated(known_inputs=row.input_shapes)
        if isinstance(row.layer, CustomLayer) and row.stands
        else row.layer
        for row in analyze(network).rows
    ]
    return Network(layers=tuple(layers))


def _used(graph: Graph) -> set[int]:
    """The calls that lead to the output."""
    used: set[int] = set()
    waiting = [graph.output]
    while waiting:
        handle = waiting.pop()
        if handle not in used and handle != ENTRANCE:
            used.add(handle)
            waiting += graph.calls[handle - 1].inputs
    return used
