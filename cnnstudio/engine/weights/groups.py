"""The groups of a Keras 3 file as a tree, and which layer of the model's config each belongs to.

Groups in a list of layers are named by class and counter. From 2.14 on Keras counts every layer once. Keras
2.12 and 2.13 walked `_layer_checkpoint_dependencies`, in which a layer with weights stands twice: its class
then goes conv2d, conv2d_2, conv2d_4. Either way the groups of a class stand in the order of its layers.
https://github.com/keras-team/keras/blob/v2.13.1/keras/saving/saving_lib.py, `_save_container_state`;
https://github.com/keras-team/keras/blob/v2.13.1/keras/engine/functional.py, `_layer_checkpoint_dependencies`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import h5py
from msgspec import Struct

from cnnstudio.engine.weights import hdf5
from cnnstudio.engine.weights.config import ConfigLayer, layer_configs
from cnnstudio.engine.weights.naming import snake_case, without_counter

LAYER_LISTS = ("layers", "_layer_checkpoint_dependencies")
_TWICE = "_layer_checkpoint_dependencies"
_DEEPEST = 64

Shapes = Sequence[tuple[int, ...]]


class Node(Struct, frozen=True):
    r"""A place in the file: its group, and those that lie below it by their names.

    Keras on Windows wrote paths with backslashes, which are no separators to HDF5: the group
    `dec\layers\conv2d` then lies at the top. `parts` holds what is left of such a name with its group.
    """

    parts: tuple[tuple[tuple[str, ...], Any], ...]

    @property
    def group(self) -> Any | None:
        """The HDF5 group of the place itself, None where only groups below it exist."""
        return next((group for rest, group in self.parts if not rest), None)

    def children(self) -> dict[str, "Node"]:
        """The places directly below, in natural order."""
        below = [(rest, group) for rest, group in self.parts if rest]
        if self.group is not None:
            below += [(tuple(name.split("\\")), group) for name, group in hdf5.subgroups(self.group)]
        found: dict[str, list[tuple[tuple[str, ...], Any]]] = {}
        for (name, *rest), group in below:
            found.setdefault(name, []).append((tuple(rest), group))
        return {name: Node(tuple(found[name])) for name in sorted(found, key=hdf5.natural)}

    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """The shapes of all arrays at and below this place."""
        return tuple(_shapes(self, set(), 0))


def root_node(root: Any) -> Node:
    """The tree of an open file."""
    return Node((((), root),))


class Belonging(Struct, frozen=True):
    """Which layer of a model's config each group of its list holds, and of which groups that is open."""

    layers: dict[str, ConfigLayer]
    uncertain: tuple[str, ...]


def layers_of_groups(config: dict[str, Any] | None, container: str, groups: Mapping[str, Node]) -> Belonging:
    """Tell the groups in the list of layers `container` apart; `groups` are those in it.

    A layer that another part of the model shares is saved there, and has no group here.
    """
    by_class: dict[str, list[ConfigLayer]] = {}
    for layer in layer_configs(config):
        by_class.setdefault(snake_case(layer.class_name), []).append(layer)
    found: dict[str, ConfigLayer] = {}
    uncertain: list[str] = []
    for base, layers in by_class.items():
        own = {name: groups[name].shapes() for name in _of_class(base, groups)}
        matched = _matched(base, layers, own, container)
        found |= matched
        uncertain += [name for name, shapes in own.items() if shapes and name not in matched]
    return Belonging(found, tuple(uncertain))


def names_counted_once(container: str, groups: Mapping[str, Node]) -> dict[str, str]:
    """What the groups of a list of layers would be called if every layer had been counted once.

    For files without a config. Only names that are certain to have been counted twice are there.
    """
    found: dict[str, str] = {}
    for base in {without_counter(name) for name in groups} if container == _TWICE else ():
        own = {name: groups[name].shapes() for name in _of_class(base, groups)}
        if list(own) == _counted_twice(base, own, len(own)):
            found |= {name: _numbered(base, place) for place, name in enumerate(own)}
    return found


def _matched(
    base: str, layers: Sequence[ConfigLayer], groups: Mapping[str, Shapes], container: str
) -> dict[str, ConfigLayer]:
    """The groups of one class with their layers, as far as all ways of counting that explain them agree."""
    if len(groups) == len(layers):
        ways = [dict(zip(groups, layers, strict=True))]
    else:
        counted = [[_numbered(base, place) for place in range(len(layers))]]
        if container == _TWICE:
            counted.append(_counted_twice(base, groups, len(layers)))
        ways = [dict(zip(names, layers, strict=True)) for names in counted if set(groups) <= set(names)]
    if len(ways) > 1:
        ways = [way for way in ways if _fit(way, groups)]
    first, *others = ways or [{}]
    agreed = {name for name in groups if all(way[name] is first[name] for way in others)}
    return {name: layer for name, layer in first.items() if name in agreed}


def _counted_twice(base: str, groups: Mapping[str, Shapes], count: int) -> list[str]:
    """The names Keras 2.12 gave `count` layers of a class. A layer without a group is saved elsewhere."""
    names, number = [], 0
    for _ in range(count):
        names.append(_numbered(base, number))
        number += 1 if groups.get(names[-1]) == () else 2
    return names


def _fit(way: Mapping[str, ConfigLayer], groups: Mapping[str, Shapes]) -> bool:
    return all(_fits(way[name], shapes) for name, shapes in groups.items() if shapes)


def _fits(layer: ConfigLayer, shapes: Shapes) -> bool:
    """Whether a layer's settings, as far as they say its arrays' sizes, allow these."""
    said = layer.settings
    kernel_size, outputs = said.get("kernel_size"), said.get("filters", said.get("units"))
    if layer.class_name not in ("Conv1D", "Conv2D", "Conv3D", "Dense"):
        return True
    has_size = not isinstance(kernel_size, list) or any(
        list(shape[: len(kernel_size)]) == kernel_size for shape in shapes
    )
    return has_size and (outputs is None or all(shape[-1:] == (outputs,) for shape in shapes))


def _of_class(base: str, names: Mapping[str, Node]) -> list[str]:
    numbered = re.compile(rf"{re.escape(base)}(_\d+)?")
    return sorted((name for name in names if numbered.fullmatch(name)), key=hdf5.natural)


def _numbered(base: str, place: int) -> str:
    return f"{base}_{place}" if place else base


def _shapes(node: Node, met: set[int], depth: int) -> Iterator[tuple[int, ...]]:
    group = node.group
    if group is not None:
        address = int(h5py.h5o.get_info(group.id).addr)
        if address in met:
            return
        met.add(address)
        yield from (tuple(item.shape or ()) for _, item in hdf5.arrays(group))
    if depth < _DEEPEST:
        for below in node.children().values():
            yield from _shapes(below, met, depth + 1)
