"""A network: an ordered stack of layers in which a layer may name earlier ones as its inputs."""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from cnnstudio.core.errors import StudioError
from cnnstudio.core.layers import AnyLayer, Input, Layer
from cnnstudio.core.shape import Shape

MAX_LAYERS = 10_000


class EditError(StudioError):
    """An edit the network refuses; the text says why."""


class Network(BaseModel):
    """Layers in execution order; the first is the `Input`, the last is the output.

    A layer takes the one above it unless it names its inputs, which must stand above it: cycles cannot be
    expressed. Edits return a new network and leave this one as it is; they raise `EditError`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    layers: tuple[AnyLayer, ...]

    @model_validator(mode="after")
    def _check(self) -> Self:
        if len(self.layers) > MAX_LAYERS:
            raise ValueError(
                f"a network of {len(self.layers):,} layers was given; at most {MAX_LAYERS:,} fit"
            )
        if not self.layers or not isinstance(self.layers[0], Input):
            raise ValueError("the first layer must be an Input, which says what one sample looks like")
        _check_names(self.layers)
        return self

    @cached_property
    def positions(self) -> dict[str, int]:
        """Where each name stands in the stack."""
        return {layer.name: index for index, layer in enumerate(self.layers)}

    @property
    def input(self) -> Input:
        """The first layer."""
        first = self.layers[0]
        assert isinstance(first, Input)
        return first

    @property
    def input_shape(self) -> Shape:
        """The shape of one sample."""
        return self.input.shape

    def layer(self, name: str) -> Layer:
        """The layer of that name; raises `EditError`."""
        return self.layers[self.position(name)]

    def position(self, name: str) -> int:
        """Where the layer of that name stands; raises `EditError`."""
        if name not in self.positions:
            raise EditError(f"There is no layer named '{name}' in this network.")
        return self.positions[name]

    def inputs_of(self, index: int) -> tuple[str, ...]:
        """The names of the layers whose outputs arrive at the layer at `index`."""
        layer = self.layers[index]
        if layer.inputs or index == 0:
            return layer.inputs
        return (self.layers[index - 1].name,)

    def free_name(self, stem: str) -> str:
        """A name nobody has: the stem itself, or with the next free number behind it."""
        return _free_name(stem, self.positions)

    def inserted(self, index: int, *layers: Layer) -> Self:
        """The network with layers put in at `index` (1 is right below the Input)."""
        at = max(1, min(index, len(self.layers)))
        return self._with((*self.layers[:at], *layers, *self.layers[at:]))

    def removed(self, *names: str) -> Self:
        """Without these layers; whoever named one takes that one's own first input."""
        network = self
        for name in names:
            network = network._without(name)
        return network

    def _without(self, name: str) -> Self:
        index = self.position(name)
        if index == 0:
            raise EditError("The Input stays: every network begins with it.")
        heir = self.inputs_of(index)[0]
        rest = [_handed_over(layer, name, heir) for layer in self.layers if layer.name != name]
        chained = index < len(rest) and not rest[index].inputs
        if chained and heir != rest[index - 1].name:
            rest[index] = rest[index].updated(inputs=(heir,))
        return self._with(rest)

    def moved(self, name: str, index: int) -> Self:
        """With the layer at `index` of the stack without it; refused above one of its own inputs."""
        layer = self.layer(name)
        if isinstance(layer, Input):
            raise EditError("The Input stays on top: every network begins with it.")
        rest = [other for other in self.layers if other.name != name]
        at = max(1, min(index, len(rest)))
        moved = (*rest[:at], layer, *rest[at:])
        self._refuse_crossing(moved)
        return self._with(moved)

    def _refuse_crossing(self, layers: Sequence[Layer]) -> None:
        seen: set[str] = set()
        for layer in layers:
            for name in layer.inputs:
                if name not in seen:
                    raise EditError(f"'{layer.name}' takes '{name}', so it cannot stand above it.")
            seen.add(layer.name)

    def replaced(self, name: str, layer: Layer) -> Self:
        """With another layer in the place of the one of that name; a new name follows everywhere."""
        index = self.position(name)
        if layer == self.layers[index]:
            return self
        if layer.name != name and layer.name in self.positions:
            raise EditError(f"Another layer is named '{layer.name}' already. Choose a name nobody has.")
        swapped = (*self.layers[:index], layer, *self.layers[index + 1 :])
        if layer.name == name:
            return self._with(swapped)
        return self._with(_with_input_renamed(other, name, layer.name) for other in swapped)

    def renamed(self, name: str, new_name: str) -> Self:
        """With another name for a layer, followed by everyone who takes it."""
        return self.replaced(name, self.layer(name).updated(name=new_name))

    def connected(self, name: str, inputs: Sequence[str]) -> Self:
        """With these inputs for a layer; the layer above alone is written as no inputs."""
        index = self.position(name)
        for source in inputs:
            if self.position(source) >= index:
                raise EditError(f"'{name}' can take only layers above it, and '{source}' is not.")
        return self.replaced(name, self.layers[index].updated(inputs=tuple(inputs)))

    def _with(self, layers: Iterable[Layer]) -> Self:
        return type(self)(layers=tuple(layers))


def fresh_copies(network: Network, layers: Iterable[Layer]) -> tuple[Layer, ...]:
    """The layers with names free in `network`, arcs among themselves kept, others kept where they exist."""
    taken = dict(network.positions)
    renames: dict[str, str] = {}
    copies = []
    for layer in layers:
        name = _free_name(layer.name, taken)
        taken[name] = len(taken)
        sources = [renames.get(source, source) for source in layer.inputs]
        copies.append(layer.updated(name=name, inputs=tuple(source for source in sources if source in taken)))
        renames[layer.name] = name
    return tuple(copies)


def _free_name(stem: str, taken: Iterable[str]) -> str:
    names = set(taken)
    if stem not in names:
        return stem
    base = re.sub(r"\d+$", "", stem) or stem
    number = 2 if base == stem else 1
    while f"{base}{number}" in names:
        number += 1
    return f"{base}{number}"


def _check_names(layers: Sequence[Layer]) -> None:
    seen: set[str] = set()
    for index, layer in enumerate(layers):
        if layer.name in seen:
            raise ValueError(f"two layers are named '{layer.name}'; every layer needs a name of its own")
        if index and isinstance(layer, Input):
            raise ValueError(f"'{layer.name}' is a second Input; a network has one, on top")
        for source in layer.inputs:
            if source not in seen:
                raise ValueError(_dangling(layer, source, layers))
        seen.add(layer.name)


def _dangling(layer: Layer, source: str, layers: Sequence[Layer]) -> str:
    if any(other.name == source for other in layers):
        return f"'{layer.name}' takes '{source}', which is not above it; a layer takes only layers above it"
    return f"'{layer.name}' takes '{source}', and no layer has that name"


def _handed_over(layer: Layer, gone: str, heir: str) -> Layer:
    """The layer with `heir` in the place of the input that is gone."""
    if gone not in layer.inputs:
        return layer
    names = dict.fromkeys(heir if source == gone else source for source in layer.inputs)
    return layer.updated(inputs=tuple(names))


def _with_input_renamed(layer: Layer, old: str, new: str) -> Layer:
    if old not in layer.inputs:
        return layer
    return layer.updated(inputs=tuple(new if source == old else source for source in layer.inputs))
