"""Named groups: neighbours in the stack that carry the same group name are one group."""

from collections.abc import Collection, Iterable, Sequence
from itertools import groupby

from msgspec import Struct

from cnnstudio.core.layers import Layer
from cnnstudio.core.values.naming import Names


class Group(Struct, frozen=True):
    """A run of layers with the same group name: `layers[start:stop]`."""

    name: str
    start: int
    stop: int


def groups_of(layers: Sequence[Layer]) -> tuple[Group, ...]:
    """The groups in stack order; layers of no group are left out."""
    found, start = [], 0
    for name, run in groupby(layers, lambda layer: layer.group):
        stop = start + sum(1 for _ in run)
        if name:
            found.append(Group(name, start, stop))
        start = stop
    return tuple(found)


def with_unique_groups(layers: Sequence[Layer]) -> Sequence[Layer]:
    """The layers with a name of its own for each group: the rest of one that was cut gets the next number."""
    groups = groups_of(layers)
    taken = {group.name for group in groups}
    if len(taken) == len(groups):
        return layers
    names, made = Names(taken), list(layers)
    seen: set[str] = set()
    for group in groups:
        name = names.take(group.name) if group.name in seen else group.name
        if name != group.name:
            members = slice(group.start, group.stop)
            made[members] = [layer.updated(group=name) for layer in layers[members]]
        seen.add(name)
    return made


def put_between(above: Sequence[Layer], layers: Sequence[Layer], below: Sequence[Layer]) -> list[Layer]:
    """Layers that are put between others: in the middle of a group they join it.

    One that leaves its group behind is of no group any more; a whole group stays one.
    """
    around = {above[-1].group if above else "", below[0].group if below else ""}
    joined = around.pop() if len(around) == 1 else ""
    if joined:
        return [_in_group(layer, joined) for layer in layers]
    left_behind = {layer.group for layer in (*above, *below)} - around
    return [_in_group(layer, "") if layer.group in left_behind else layer for layer in layers]


def groups_for_copies(present: Sequence[Layer], originals: Iterable[Layer]) -> dict[str, str]:
    """The group that copies of layers get, by the one the original is in.

    The copy of a whole group is a group of its own, that of a part is of no group.
    """
    originals = tuple(originals)
    copied = {layer.name for layer in originals}
    part = {layer.group for layer in present if layer.group and layer.name not in copied}
    names = Names(layer.group for layer in present)
    wanted = dict.fromkeys(layer.group for layer in originals if layer.group)
    return {"": "", **{name: "" if name in part else names.take(name) for name in wanted}}


def split_groups(layers: Iterable[Layer], names: Iterable[str]) -> set[str]:
    """The groups of which some layers are named, but not all."""
    chosen = set(names)
    named: set[str] = set()
    others: set[str] = set()
    for layer in layers:
        (named if layer.name in chosen else others).add(layer.group)
    return (named & others) - {""}


def with_whole_groups(
    layers: Sequence[Layer], names: Sequence[str], groups: Collection[str]
) -> tuple[str, ...]:
    """The names, and with a part of one of these groups all of its layers."""
    split = split_groups(layers, names).intersection(groups) if groups else set()
    if not split:
        return tuple(names)
    chosen = set(names)
    return tuple(layer.name for layer in layers if layer.name in chosen or layer.group in split)


def group_at(groups: Iterable[Group], place: int) -> Group | None:
    """The group a place of the stack is in."""
    return next((group for group in groups if group.start <= place < group.stop), None)


def renamed_groups(before: Sequence[Group], after: Sequence[Group]) -> dict[str, str]:
    """By the old name the new one of each group that is where it was."""
    if len(before) != len(after):
        return {}
    old_names, new_names = ({group.name for group in groups} for groups in (before, after))
    return {
        old.name: new.name
        for old, new in zip(before, after, strict=True)
        if (old.start, old.stop) == (new.start, new.stop)
        and old.name not in new_names
        and new.name not in old_names
    }


def _in_group(layer: Layer, name: str) -> Layer:
    return layer if layer.group == name else layer.updated(group=name)
