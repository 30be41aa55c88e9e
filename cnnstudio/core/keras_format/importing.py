"""A whole Keras model's configuration as a network, with notes on what a person should know."""

import re
from typing import Any

from msgspec import Struct
from pydantic import ValidationError

from cnnstudio.core.forms.refusals import refusal
from cnnstudio.core.keras_format.activations import separated
from cnnstudio.core.keras_format.config import Written, layer_from_config
from cnnstudio.core.keras_format.graph import ENTRANCE, Call, Graph, read_graph
from cnnstudio.core.keras_format.known import Known, Lookup, known_by_class
from cnnstudio.core.keras_format.operations import layer_for
from cnnstudio.core.layers import CustomLayer, Input, Layer, LayerError
from cnnstudio.core.network import Network
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.shape import Shape

__all__ = ["ImportResult", "Known", "Lookup", "network_from_config"]


class ImportResult(Struct, frozen=True):
    """An imported network, and sentences on what could not be taken over as it was."""

    network: Network
    notes: tuple[str, ...] = ()


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
        self._owners: dict[tuple[int, str], str] = {}
        """The first layer made of each written one, told by its object: later calls use its weights."""
        self._shapes: dict[str, Shape | None] = {}
        """What leaves each layer, as far as it is known."""

    def result(self) -> ImportResult:
        entrance = Input(name=self._free((self._graph.input_name,)), shape=tuple(self._graph.input_shape))
        self._by_handle[ENTRANCE] = entrance.name
        self._shapes[entrance.name] = entrance.shape
        layers: list[Layer] = [entrance]
        used = _used(self._graph)
        for handle, call in enumerate(self._graph.calls, start=1):
            if handle in used:
                layers += self._layers(handle, call, above=layers[-1].name)
        if len(used) < len(self._graph.calls):
            self._notes.append("Layers that do not lead to the output were left out.")
        return ImportResult(Network(layers=tuple(layers)), tuple(self._notes))

    def _layers(self, handle: int, call: Call, above: str) -> list[Layer]:
        """The layer of a call, and its activation where that is a layer too."""
        sources = tuple(self._by_handle[source] for source in call.inputs)
        first, *held = separated(call.written)
        name = self._free(call.path)
        layers = [self._operation(call, name, sources) or self._layer(first, call, name, sources)]
        layers = [self._sharing(layers[0], call)]
        if sources != (above,):
            layers = [layers[0].updated(inputs=sources)]
        for written in held:
            own = self._free((*call.path[:-1], f"{call.path[-1]}_activation"))
            layers.append(self._sharing(self._layer(written, call, own, (name,)), call, "activation"))
            self._notes.append(f"{name}: its activation, {written.class_name}, is a layer of its own: {own}.")
        self._by_handle[handle] = layers[-1].name
        return layers

    def _operation(self, call: Call, name: str, sources: tuple[str, ...]) -> Layer | None:
        """The layer that does the same as a bare operation; `None` where none is known to."""
        written = layer_for(call.written, call.extra, len(sources))
        arriving = self._arriving(sources)
        if written is None or arriving is None or len({len(shape) for shape in arriving}) != 1:
            return None
        layer, notes = layer_from_config(written, name)
        leaving = _leaving(layer, arriving)
        if notes or leaving is None or call.shape not in (None, leaving):
            return None
        self._shapes[name] = leaving
        return layer

    def _layer(self, written: Written, call: Call, name: str, sources: tuple[str, ...]) -> Layer:
        layer, notes = layer_from_config(written, name)
        self._notes += notes
        arriving = self._arriving(sources)
        if isinstance(layer, CustomLayer):
            layer = self._with_known(layer, call, arriving)
        self._shapes[name] = None if arriving is None else _leaving(layer, arriving)
        return layer

    def _with_known(self, layer: CustomLayer, call: Call, arriving: tuple[Shape, ...] | None) -> CustomLayer:
        """With what is known of a layer outside the catalogue."""
        told = self._known(call.path)
        usual = known_by_class(call.written, arriving[0] if arriving and len(arriving) == 1 else None)
        shape = told.output_shape or call.shape or usual.output_shape
        settings = {
            "call": call.extra,
            "known_inputs": arriving if shape is not None else None,
            "known_output_shape": shape,
            "known_parameters": told.parameters or usual.parameters,
        }
        return layer.updated(**{key: value for key, value in settings.items() if value is not None})

    def _arriving(self, sources: tuple[str, ...]) -> tuple[Shape, ...] | None:
        """The shapes of these layers' results; `None` where one is not known."""
        shapes = [self._shapes[name] for name in sources]
        known = tuple(shape for shape in shapes if shape is not None)
        return known if len(known) == len(shapes) else None

    def _sharing(self, layer: Layer, call: Call, part: str = "") -> Layer:
        """A later call of a layer uses the weights of the first."""
        if not layer.may_have_weights or (isinstance(layer, CustomLayer) and layer.macs_known):
            return layer
        owner = self._owners.setdefault((id(call.written.config), part), layer.name)
        if owner == layer.name:
            return layer
        self._notes.append(f"{layer.name}: it is {owner}, called again, and uses its weights.")
        return layer.updated(weights_of=owner)

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


def _leaving(layer: Layer, arriving: tuple[Shape, ...]) -> Shape | None:
    try:
        return layer.output_shape(arriving)
    except LayerError:
        return None


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
