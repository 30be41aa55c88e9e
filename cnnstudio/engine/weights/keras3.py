"""The layout of Keras 3: a group per object, its arrays under `vars` as "0", "1" ...

Objects in a list (the layers of a model) are named by class and counter, others by the attribute
that holds them. The layer's real name is the attribute `name` of `vars`, where Keras wrote it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import h5py
from msgspec import Struct, field
from msgspec.structs import replace

from cnnstudio.engine.weights import hdf5
from cnnstudio.engine.weights.config import ConfigLayer
from cnnstudio.engine.weights.groups import (
    LAYER_LISTS,
    Node,
    layers_of_groups,
    names_counted_once,
    root_node,
)
from cnnstudio.engine.weights.naming import (
    attention_type,
    known_type,
    snake_case,
    some,
    variable_names,
    without_counter,
)
from cnnstudio.engine.weights.values import Contents, FoundLayer, WeightEntry

_VARS = "vars"
_NOT_LAYERS = re.compile(r"^(optimizer|metrics|_?loss_tracker|_compile_\w+|_?seed_generators?(_\d+)?)$")
_DEEPEST = 64


class _Place(Struct, frozen=True):
    """Where the walk stands: names of the enclosing layers, groups on the way, the config so far."""

    names: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    listed: bool = False
    config: dict[str, Any] | None = None
    layer: ConfigLayer | None = None
    indices: tuple[int, ...] | None = ()
    called: str = ""


class _Found(Struct, frozen=True):
    layer: FoundLayer
    place: _Place
    address: int


class _Walk(Struct):
    """One pass over the file that meets every object once, however links are tangled."""

    met: set[int] = field(default_factory=set)
    uncertain: list[str] = field(default_factory=list)

    def layers(self, node: Node, place: _Place) -> Iterator[_Found]:
        if len(place.groups) > _DEEPEST or not self._is_new(node):
            return
        inside = node.children()
        own = inside.pop(_VARS, Node(())).group
        if own is not None:
            place = _named(place, own)
            yield from _own_arrays(own, place)
        inside = {name: item for name, item in inside.items() if not _NOT_LAYERS.match(name)}
        steps = _into_object if own is not None else self._into_list
        for name, below in steps(place, inside).items():
            yield from self.layers(inside[name], below)

    def _into_list(self, place: _Place, inside: Mapping[str, Node]) -> dict[str, _Place]:
        """Step into the layers of a list, each with its part of the config."""
        container = place.groups[-1] if place.groups else ""
        belonging = layers_of_groups(place.config, container, inside)
        self.uncertain += belonging.uncertain
        called = {name: f"{name} (uncertain)" for name in belonging.uncertain}
        if place.config is None:
            called = names_counted_once(container, inside)
        steps = {}
        for name in inside:
            layer = belonging.layers.get(name)
            steps[name] = _Place(
                place.names,
                (*place.groups, name),
                listed=True,
                config=layer.node if layer else None,
                layer=layer,
                indices=_with(place.indices, layer),
                called=called.get(name, name),
            )
        return steps

    def _is_new(self, node: Node) -> bool:
        if node.group is None:
            return True
        address = _address(node.group)
        is_new = address not in self.met
        self.met.add(address)
        return is_new


def holds_objects(root: Any) -> bool:
    """Tell whether the file has the layout: an object with its `vars`, at the top or in a list there."""
    top = root_node(root)
    around = list(top.children().values())
    below = [inner for item in around for inner in item.children().values()]
    return any(_VARS in node.children() for node in (top, *around, *below))


def contents(root: Any, config: dict[str, Any] | None, version: str | None) -> Contents:
    """The layers that hold arrays, in the network's order as far as the file tells it."""
    walk = _Walk()
    found = _ordered(list(walk.layers(root_node(root), _Place(config=config))))
    notes = (_uncertainty(walk.uncertain),) if walk.uncertain else ()
    return Contents(version, config, tuple(item.layer for item in found), notes)


def _uncertainty(groups: Sequence[str]) -> str:
    return (
        f"The file does not tell for certain which layers these groups belong to: {some(groups)}. "
        "They are marked as uncertain, and no training starts from them."
    )


def _ordered(found: list[_Found]) -> list[_Found]:
    """Order by config; else by place in the file, which Keras writes from first to last layer.

    A file that a tool has repacked has lost that order: then the counters contradict it.
    """
    if found and all(item.place.indices for item in found):
        return sorted(found, key=lambda item: item.place.indices or ())
    by_name = sorted(found, key=lambda item: [hdf5.natural(name) for name in item.place.groups])
    by_address = sorted(found, key=lambda item: item.address)
    return by_address if _counters_rise(by_address) else by_name


def _counters_rise(found: Sequence[_Found]) -> bool:
    last: dict[tuple[str, ...], Any] = {}
    for item in found:
        *parents, own = item.place.groups or ("",)
        family = (*parents, without_counter(own))
        if last.get(family, ()) > hdf5.natural(own):
            return False
        last[family] = hdf5.natural(own)
    return True


def _into_object(place: _Place, inside: Mapping[str, Node]) -> dict[str, _Place]:
    """Step into what an object holds: its list of layers keeps the model's config."""
    return {
        name: _Place(
            place.names,
            (*place.groups, name),
            config=place.config if name in LAYER_LISTS else None,
            indices=place.indices,
        )
        for name in inside
    }


def _with(indices: tuple[int, ...] | None, layer: ConfigLayer | None) -> tuple[int, ...] | None:
    """Objects below a known layer stay with it; others have no known place."""
    if layer is not None:
        return None if indices is None else (*indices, layer.index)
    return indices or None


def _named(place: _Place, own: Any) -> _Place:
    """Take the object's name from config or file, at worst from its group; the model has none."""
    if not place.groups:
        return place
    said = (place.layer.name if place.layer else None) or hdf5.text(hdf5.attribute(own, "name"))
    names = (*place.names, said or place.called or place.groups[-1])
    return replace(place, names=names)


def _own_arrays(own: Any, place: _Place) -> Iterator[_Found]:
    arrays = hdf5.arrays(own)
    if not arrays:
        return
    layer_type = _type(place)
    weights = tuple(_entries(arrays, layer_type, place.layer))
    path = place.names or (hdf5.text(hdf5.attribute(own, "name")) or "model",)
    yield _Found(FoundLayer(path, weights, layer_type), place, _address(arrays[0][1]))


def _type(place: _Place) -> str | None:
    if place.layer is not None:
        return snake_case(place.layer.class_name)
    if not place.groups:
        return None
    group, name = place.groups[-1], place.names[-1]
    if place.listed:
        return known_type(group, name)
    return attention_type(name) or known_type(name, group)


def _entries(
    arrays: list[tuple[str, Any]], layer_type: str | None, layer: ConfigLayer | None
) -> Iterator[WeightEntry]:
    entries = [hdf5.entry(name, dataset) for name, dataset in arrays]
    numbered = [item.name for item in entries] == [str(number) for number in range(len(entries))]
    if not numbered:
        yield from entries
        return
    names = variable_names(
        known_type(layer_type or ""), [item.shape for item in entries], layer.settings if layer else None
    )
    for name, item in zip(names, entries, strict=True):
        yield WeightEntry(name, item.shape, item.dtype, item.path)


def _address(item: Any) -> int:
    return int(h5py.h5o.get_info(item.id).addr)
