"""The calls of a functional Keras model: nested lists in Keras 1 and 2, marked tensors in Keras 3."""

import heapq
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from msgspec import Struct

from cnnstudio.core.keras_format.config import plain
from cnnstudio.core.keras_format.written import Reference, damaged, layers_of, name_of, references, tensors_in

Handle: TypeAlias = int
"""Which call made a value."""
Shapes: TypeAlias = dict[Reference, tuple[Any, ...]]
_NUMBER = "_CONSTANT_VALUE"
"""Stands in Keras 2 where the first argument of a call is a number."""
_INPUT_MARK = {"class_name": "__keras_tensor__", "config": {}}


class Use(Struct):
    """One call of a layer, not yet placed."""

    layer: Mapping[str, Any]
    name: str
    node: int
    """Which of the layer's calls it is."""
    takes: list[Reference]
    extra: Any
    """What it is called with besides its inputs."""
    shape: tuple[Any, ...] | None = None
    """The shape of its result, without the batch, where others tell."""


def functional_calls(
    config: Any, feeds: tuple[Handle, ...], place: Callable[[Use, tuple[Handle, ...]], tuple[Handle, ...]]
) -> tuple[Handle, ...]:
    """Place a functional model's calls, in its layers' order where that can run; return what it gives."""
    if not isinstance(config, Mapping):
        damaged("a functional model has no settings")
    values = _entrances(config, feeds)
    entrances = {name for name, _, _ in values}
    shapes: Shapes = {}
    layers = [layer for layer in layers_of(config) if name_of(layer) not in entrances]
    uses = [use for layer in layers for use in _uses(layer, shapes)]
    for use in _in_order(uses, entrances):
        use.shape = shapes.get((use.name, use.node, 0))
        results = place(use, tuple(_value(reference, values) for reference in use.takes))
        values.update({(use.name, use.node, tensor): handle for tensor, handle in enumerate(results)})
    index = {(use.name, use.node): place for place, use in enumerate(uses)}
    outputs = [_settled(reference, index, entrances) for reference in references(config.get("output_layers"))]
    return tuple(_value(reference, values) for reference in outputs)


def _entrances(config: Mapping[str, Any], feeds: tuple[Handle, ...]) -> dict[Reference, Handle]:
    named = references(config.get("input_layers"))
    if len(named) != len(feeds):
        damaged(f"a model with {len(named)} inputs is called with {len(feeds)}")
    return {(name, 0, 0): handle for (name, _, _), handle in zip(named, feeds, strict=True)}


def _value(reference: Reference, values: Mapping[Reference, Handle]) -> Handle:
    if reference not in values:
        damaged(f"the result {reference[2] + 1} of {reference[0]} is taken, and it has fewer")
    return values[reference]


def _uses(layer: Mapping[str, Any], shapes: Shapes) -> list[Use]:
    nodes = layer.get("inbound_nodes", [])
    if not isinstance(nodes, list):
        damaged(f"the inputs of {name_of(layer)} are no list")
    uses = [_use(layer, number, node, shapes) for number, node in enumerate(nodes)]
    if not all(use.takes for use in uses):
        damaged(f"{name_of(layer)} takes no input")
    return uses


def _use(layer: Mapping[str, Any], number: int, node: Any, shapes: Shapes) -> Use:
    if isinstance(node, Mapping):
        return Use(layer, name_of(layer), number, *_marked(node, shapes))
    takes, extra = [], {}
    for part in node if isinstance(node, list) and node and isinstance(node[0], list) else [node]:
        settings = (
            part[3] if isinstance(part, list) and len(part) > 3 and isinstance(part[3], Mapping) else {}
        )
        if isinstance(part, list) and len(part) > 2 and part[0] == _NUMBER:
            extra["x"], found = part[2], []
        elif not (found := references(part)[:1]):
            damaged(f"the inputs of {name_of(layer)} cannot be read")
        takes += [*found, *(other for value in settings.values() for other in references(value))]
        extra |= {key: _unnamed(value) for key, value in settings.items() if value is not None}
    return Use(layer, name_of(layer), number, takes, extra or None)


def _unnamed(value: Any) -> Any:
    """An argument with a bare mark where it is an input: arcs say where that comes from."""
    return _INPUT_MARK if references(value) else value


def _marked(node: Mapping[str, Any], shapes: Shapes) -> tuple[list[Reference], Any]:
    """What a Keras 3 call takes, and the rest of its arguments when they say something."""
    takes = []
    for tensor in tensors_in([node.get("args"), node.get("kwargs")]):
        found = references(tensor.get("keras_history"))
        if not found:
            damaged("an input has no source")
        takes.append(found[0])
        shape = plain(tensor.get("shape"))
        if isinstance(shape, list) and all(size is None or isinstance(size, int) for size in shape):
            shapes[found[0]] = tuple(shape[1:])
    args, kwargs = node.get("args"), node.get("kwargs")
    named = kwargs if isinstance(kwargs, Mapping) else {}
    kept = {key: value for key, value in named.items() if value is not None}
    is_usual = isinstance(args, list) and len(args) == 1 and _is_tensors(args[0]) and not kept
    return takes, None if is_usual else _without_sources({"args": args, "kwargs": kept})


def _is_tensors(value: Any) -> bool:
    if isinstance(value, list):
        return all(_is_tensors(part) for part in value)
    return isinstance(value, Mapping) and value.get("class_name") == "__keras_tensor__"


def _without_sources(value: Any) -> Any:
    """The arguments with bare marks for the inputs, in their order: arcs say where those come from."""
    if isinstance(value, Mapping):
        if value.get("class_name") == "__keras_tensor__":
            return _INPUT_MARK
        return {key: _without_sources(part) for key, part in value.items()}
    return [_without_sources(part) for part in value] if isinstance(value, list) else value


def _in_order(uses: list[Use], entrances: set[str]) -> list[Use]:
    """The calls in an order in which each has its inputs, as near to the written one as can be."""
    index = {(use.name, use.node): place for place, use in enumerate(uses)}
    if len(index) < len(uses):
        damaged("two layers have the same name")
    waiting: list[list[int]] = [[] for _ in uses]
    missing = [0] * len(uses)
    for place, use in enumerate(uses):
        use.takes = [_settled(reference, index, entrances) for reference in use.takes]
        for source in {index[name, node] for name, node, _ in use.takes if name not in entrances}:
            waiting[source].append(place)
            missing[place] += 1
    order = _released(waiting, missing)
    if len(order) < len(uses):
        stuck = uses[min(set(range(len(uses))) - set(order))]
        damaged(f"{stuck.name} takes what it helps to make, so nothing can begin")
    return [uses[place] for place in order]


def _settled(reference: Reference, index: Mapping[tuple[str, int], int], entrances: set[str]) -> Reference:
    """The reference with a call that is there; some versions count calls outside of the model too."""
    name, node, tensor = reference
    if name in entrances:
        return (name, 0, tensor)
    if (name, node) in index:
        return reference
    if (name, 0) in index and (name, 1) not in index:
        return (name, 0, tensor)
    return damaged(f"it takes the result of {name}, and there is no such layer or call")


def _released(waiting: Sequence[Sequence[int]], missing: list[int]) -> list[int]:
    """Kahn's rule: of those whose inputs are there, always the first."""
    ready = [place for place, count in enumerate(missing) if count == 0]
    order = []
    while ready:
        place = heapq.heappop(ready)
        order.append(place)
        for other in waiting[place]:
            missing[other] -= 1
            if missing[other] == 0:
                heapq.heappush(ready, other)
    return order
