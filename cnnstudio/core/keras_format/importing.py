"""A whole Keras model's configuration as a network, with notes on what a person should know."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct
from pydantic import ValidationError

from cnnstudio.core.forms.refusals import refusal
from cnnstudio.core.keras_format.activations import separated
from cnnstudio.core.keras_format.assembly import Assembly, leaving
from cnnstudio.core.keras_format.called import layer_of_call, sources_of
from cnnstudio.core.keras_format.channels_first import (
    channels_to_last,
    keeps_channels_first,
    order_to_first,
    order_to_last,
    turned,
    with_channels_last,
)
from cnnstudio.core.keras_format.config import Written, layer_from_config
from cnnstudio.core.keras_format.graph import ENTRANCE, Call, Graph, read_graph
from cnnstudio.core.keras_format.known import Known, Lookup, known_by_class
from cnnstudio.core.keras_format.operations import layer_for
from cnnstudio.core.keras_format.written import fail
from cnnstudio.core.layers import CustomLayer, Input, Layer, Permute
from cnnstudio.core.network import Network
from cnnstudio.core.network.repeats import with_blocks_grouped
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
        self._turns = keeps_channels_first(call.written for call in graph.calls)
        """Whether channels are first in the model, and have to come last."""
        self._stack = Assembly()
        self._notes: list[str] = []
        self._by_handle: dict[int, str] = {}
        self._stored: dict[str, tuple[int, int]] = {}
        """What the file has of layers whose shape stays unknown."""
        self._owners: dict[tuple[int, str], str] = {}
        """The first layer made of each written one, told by its object: later calls use its weights."""

    def result(self) -> ImportResult:
        shape, name = self._graph.input_shape, self._stack.free((self._graph.input_name,))
        entrance = Input(name=name, shape=tuple(channels_to_last(shape) if self._turns else shape))
        self._stack.begin(entrance)
        self._by_handle[ENTRANCE] = entrance.name
        used = _used(self._graph)
        for handle, call in enumerate(self._graph.calls, start=1):
            if handle in used:
                self._by_handle[handle] = self._called(call)
        if len(used) < len(self._graph.calls):
            self._notes.append("Layers that do not lead to the output were left out.")
        if self._turns:
            self._notes.append("The model keeps channels first; here they are last, with the same results.")
        layers = with_blocks_grouped(self._stack.layers)
        network = Network(layers=layers, stored_parameters=self._stored)
        return ImportResult(network, tuple(self._notes))

    def _called(self, call: Call) -> str:
        """Put the layer of a call, and its activation where that is one too; return who gives the result."""
        sources = tuple(self._by_handle[source] for source in call.inputs)
        name = self._stack.free(call.path)
        operation = self._operation(call, name, sources)
        if operation is not None:
            return self._stack.put(operation, sources)
        first, *held = separated(call.written)
        last = self._made(first, call, name, sources)
        for written in held:
            own = self._stack.free((*call.path[:-1], f"{call.path[-1]}_activation"))
            last = self._made(written, call, own, (last,), "activation")
            self._notes.append(f"{name}: its activation, {written.class_name}, is a layer of its own: {own}.")
        return last

    def _operation(self, call: Call, name: str, sources: tuple[str, ...]) -> Layer | None:
        """The layer that does the same as a bare operation; `None` where none is known to."""
        arriving = self._stack.arriving(sources)
        if arriving is None or len({len(shape) for shape in arriving}) != 1:
            return None
        cut_from = None if self._turns else arriving[0]
        written = layer_for(call.written, call.extra, len(sources), cut_from)
        if written is None:
            return None
        try:
            layer, notes = layer_from_config(written, name)
        except StudioError:
            return None  # the layer does not take such settings, so the operation is kept
        same = turned(layer, written, len(arriving[0])) if self._turns else layer
        shape = None if same is None or notes else leaving(same, arriving)
        stated = tuple(channels_to_last(call.shape)) if self._turns and call.shape else call.shape
        return same if shape is not None and stated in (None, shape) else None

    def _made(self, written: Written, call: Call, name: str, sources: tuple[str, ...], part: str = "") -> str:
        layer, notes = layer_of_call(call, with_channels_last(written) if self._turns else written, name)
        self._notes += notes
        if not self._turns:
            return self._put(layer, call, sources, part)
        arriving = self._stack.arriving(sources)
        if arriving is None:
            fail(
                f"This model keeps channels first, and what arrives at {name} is not known, so it cannot be "
                "taken over with channels last. Build it with channels last, then save it again."
            )
        rank = max(len(shape) for shape in arriving)
        same = turned(layer, written, rank)
        if same is not None and rank > 1:
            return self._put(same, call, sources, part)
        back = tuple(self._permuted(source, order_to_first, "channels_first") for source in sources)
        return self._permuted(self._put(layer, call, back, part), order_to_last, "channels_last")

    def _permuted(self, name: str, order: Callable[[Shape], tuple[int, ...]], word: str) -> str:
        """Turn the axes of a layer's result, where there are any to turn; return who gives it then."""
        shape = self._stack.shape(name)
        if shape is None or len(shape) < 2:
            return name
        permute = Permute(name=self._stack.free((f"{name}_{word}",)), dims=order(shape))
        return self._stack.put(permute, (name,))

    def _put(self, layer: Layer, call: Call, sources: tuple[str, ...], part: str) -> str:
        sources = sources_of(layer, sources)
        if isinstance(layer, CustomLayer):
            layer = self._with_known(layer, call, self._stack.arriving(sources))
        name = self._stack.put(self._sharing(layer, call, part), sources)
        if self._stack.shape(name) is None and not part and not isinstance(layer, CustomLayer):
            counts = self._known(call.path).parameters
            self._stored |= {} if counts is None else {name: counts}
        return name

    def _with_known(self, layer: CustomLayer, call: Call, arriving: tuple[Shape, ...] | None) -> CustomLayer:
        """With what is known of a layer outside the catalogue."""
        told = self._known(call.path)
        usual = known_by_class(call.written, arriving[0] if arriving else None)
        shape = told.output_shape or call.shape or usual.output_shape
        settings = {
            "call": call.extra,
            "known_inputs": arriving if shape is not None else None,
            "known_output_shape": shape,
            "known_parameters": told.parameters or usual.parameters,
        }
        return layer.updated(**{key: value for key, value in settings.items() if value is not None})

    def _sharing(self, layer: Layer, call: Call, part: str) -> Layer:
        """A later call of a layer uses the weights of the first."""
        if not layer.may_have_weights or (isinstance(layer, CustomLayer) and layer.macs_known):
            return layer
        owner = self._owners.setdefault((id(call.written.config), part), layer.name)
        if owner == layer.name:
            return layer
        self._notes.append(f"{layer.name}: it is {owner}, called again, and uses its weights.")
        return layer.updated(weights_of=owner)


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
