"""The layout of Keras 3: a group per object, its arrays under `vars` as "0", "1" ...

Objects in a list (the layers of a model) are named by class and counter, others by the attribute
that holds them. The layer's real name is the attribute `name` of `vars`, where Keras wrote it.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import h5py
from msgspec import Struct, field

from cnnstudio.engine.weights import hdf5
from cnnstudio.engine.weights.config import ConfigLayer, by_group_name
from cnnstudio.engine.weights.naming import (
    attention_type,
    known_type,
    snake_case,
    variable_names,
    without_counter,
)
from cnnstudio.engine.weights.values import FoundLayer, WeightEntry

_VARS = "vars"
_NOT_LAYERS = re.compile(r"^(optimizer|metrics|_?loss_tracker|_compile_\w+|_?seed_generators?(_\d+)?)$")
_LAYER_LISTS = ("layers", "_layer_checkpoint_dependencies")
_DEEPEST = 64


class _Place(Struct, frozen=True):
    """Where the walk stands: names of the enclosing layers, groups on the way, the config so far."""

    names: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    listed: bool = False
    config: dict[str, Any] | None = None
    layer: ConfigLayer | None = None
    indices: tuple[int, ...] | None = ()


class _Found(Struct, frozen=True):
    layer: FoundLayer
    place: _Place
    address: int


class _Walk(Struct):
    """One pass over the file that meets every object once, however links are tangled."""

    met: set[int] = field(default_factory=set)

    def layers(self, group: Any, place: _Place) -> Iterator[_Found]:
        address = _address(group)
        if address in self.met or len(place.groups) > _DEEPEST:
            return
        self.met.add(address)
        own = hdf5.child(group, _VARS)
        is_object = isinstance(own, h5py.Group)
        if is_object:
            place = _named(place, own)
            yield from _own_arrays(own, place)
        for name, inner in hdf5.subgroups(group):
            if name != _VARS and not _NOT_LAYERS.match(name):
                yield from self.layers(inner, _inside(place, name, is_object))


def holds_objects(root: Any) -> bool:
    """Tell whether the file has the layout: an object with its `vars`, at the top or in a list there."""
    tops = [root, *(group for _, group in hdf5.subgroups(root))]
    below = [inner for top in tops[1:] for _, inner in hdf5.subgroups(top)]
    return any(isinstance(hdf5.child(group, _VARS), h5py.Group) for group in (*tops, *below))


def found_layers(root: Any, config: dict[str, Any] | None) -> tuple[FoundLayer, ...]:
    """The layers that hold arrays, in the network's order as far as the file tells it."""
    found = list(_Walk().layers(root, _Place(config=config)))
    return tuple(item.layer for item in _ordered(found))


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


def _inside(place: _Place, name: str, in_object: bool) -> _Place:
    """Step into a group: a layer list keeps the model's config, a layer in it takes its own."""
    groups = (*place.groups, name)
    if in_object:
        keeps = name in _LAYER_LISTS
        return _Place(place.names, groups, False, place.config if keeps else None, None, place.indices)
    layer = by_group_name(place.config).get(name)
    indices = _with(place.indices, layer)
    return _Place(place.names, groups, True, layer.node if layer else None, layer, indices)


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
    names = (*place.names, said or place.groups[-1])
    return _Place(names, place.groups, place.listed, place.config, place.layer, place.indices)


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
