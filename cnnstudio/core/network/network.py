"""A network: an ordered stack of layers in which a layer may name earlier ones as its inputs."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Annotated, Any, Self, TypeAlias, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from cnnstudio.core.layers import AnyLayer, Input, Layer
from cnnstudio.core.layers.base import Name
from cnnstudio.core.layers.custom import Count
from cnnstudio.core.layers.settings import as_tuple
from cnnstudio.core.network.groups import Group, groups_for_copies, groups_of, put_between, with_unique_groups
from cnnstudio.core.network.sharing import differs, with_owner_like, with_sharing_kept
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.naming import Names, free_name
from cnnstudio.core.values.shape import Shape

MAX_LAYERS = 10_000
StoredCounts: TypeAlias = Annotated[tuple[Count, Count], BeforeValidator(as_tuple)]
_STRUCTURE = frozenset({"name", "inputs", "group"})
"""The settings of a layer that others depend on."""
_structure_of = attrgetter(*_STRUCTURE)


class EditError(StudioError):
    """An edit the network refuses; the text says why."""


class Network(BaseModel):
    """Layers in execution order; the first is the `Input`, the last is the output.

    A layer takes the one above it unless it names its inputs, which must stand above it: cycles cannot be
    expressed. Edits return a new network and leave this one as it is; they raise `EditError`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    layers: tuple[AnyLayer, ...]
    stored_parameters: dict[Name, StoredCounts] = Field(default_factory=dict)
    """How many parameters the imported file has, trainable and others, for layers whose shape is not known.

    They hold for the network as it was imported: an edit leaves them out.
    """

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

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The named groups, in stack order."""
        return groups_of(self.layers)

    @cached_property
    def passed_on(self) -> Mapping[str, str]:
        """Whose output leaves each layer: its own, or for a disabled one that of its first input."""
        found: dict[str, str] = {}
        for index, layer in enumerate(self.layers):
            found[layer.name] = layer.name if layer.enabled else found[self.inputs_of(index)[0]]
        return found

    def without_disabled(self) -> Self:
        """What is built and trained: whoever takes a disabled layer gets what that one passes on.

        The last layer is the output; where a disabled one stands there, what it passes on is, and layers
        that stand below that one are left out. The network itself when nothing is disabled.
        """
        if all(layer.enabled for layer in self.layers):
            return self
        end = self.position(self.passed_on[self.layers[-1].name])
        kept: list[Layer] = []
        for index, layer in enumerate(self.layers[: end + 1]):
            if layer.enabled:
                sources = tuple(self.passed_on[name] for name in self.inputs_of(index))
                kept.append(_taking(layer, sources, kept[-1].name if kept else None))
        return self._with(kept)

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
        return free_name(stem, self.positions)

    def inserted(self, index: int, *layers: Layer) -> Self:
        """The network with layers put in at `index` (1 is right below the Input)."""
        at = max(1, min(index, len(self.layers)))
        above, below = self.layers[:at], self.layers[at:]
        return self._with((*above, *put_between(above, layers, below), *below))

    def removed(self, *names: str) -> Self:
        """Without these layers; whoever named one takes that one's own first input."""
        gone = self._places(names, "The Input stays: every network begins with it.")
        heirs = {layer.name: layer.name for layer in self.layers}
        rest: list[Layer] = []
        for index, layer in enumerate(self.layers):
            sources = self.inputs_of(index)
            if index in gone:
                heirs[layer.name] = heirs[sources[0]]
            elif gone.isdisjoint(self.positions[name] for name in sources):
                rest.append(layer)
            else:
                inherited = tuple(dict.fromkeys(heirs[name] for name in sources))
                rest.append(_taking(layer, inherited, rest[-1].name))
        return self._with(rest)

    def moved(self, name: str, index: int) -> Self:
        """With the layer at `index` of the stack without it; refused above one of its own inputs."""
        at = index if index <= self.position(name) else index + 1
        return self.moved_together((name,), at)

    def moved_together(self, names: Iterable[str], index: int) -> Self:
        """With these layers, in their order, right above what stands at `index` now.

        Refused where one would stand above one of its own inputs.
        """
        chosen = self._places(names, "The Input stays on top: every network begins with it.")
        at = max(1, min(index, len(self.layers)))
        moved = [self.layers[place] for place in sorted(chosen)]
        above = [layer for place, layer in enumerate(self.layers[:at]) if place not in chosen]
        below = [layer for place, layer in enumerate(self.layers[at:], at) if place not in chosen]
        _refuse_crossing((*above, *moved, *below))
        return self._with((*above, *put_between(above, moved, below), *below))

    def _places(self, names: Iterable[str], refusal: str) -> set[int]:
        """Where these layers stand; `refusal` is said when the Input is among them."""
        places = {self.position(name) for name in names}
        if 0 in places:
            raise EditError(refusal)
        return places

    def replaced(self, name: str, layer: Layer) -> Self:
        """With another layer in the place of the one of that name; a new name follows everywhere."""
        index = self.position(name)
        if layer == self.layers[index]:
            return self
        if layer.name != name and layer.name in self.positions:
            raise EditError(f"Another layer is named '{layer.name}' already. Choose a name nobody has.")
        swapped: Sequence[Layer] = (*self.layers[:index], layer, *self.layers[index + 1 :])
        if _stands_alike(layer, self.layers[index]) and not _any_shared(swapped):
            return self._as_checked(swapped)
        swapped = with_owner_like(swapped, layer)
        if layer.name == name:
            return self._with(swapped)
        return self._with(_with_source_renamed(other, name, layer.name) for other in swapped)

    def renamed(self, name: str, new_name: str) -> Self:
        """With another name for a layer, followed by everyone who takes it."""
        return self.replaced(name, self.layer(name).updated(name=new_name))

    def with_settings(self, names: Iterable[str], **changes: Any) -> Self:
        """With the same other settings for several layers."""
        names = tuple(names)
        places = {self.position(name) for name in names}
        layers = [layer.updated(**changes) if at in places else layer for at, layer in enumerate(self.layers)]
        if _STRUCTURE.isdisjoint(changes) and not _any_shared(layers):
            return self._as_checked(layers)
        for name in names:
            layers = [*with_owner_like(layers, layers[self.position(name)])]
        return self._with(layers)

    def connected(self, name: str, inputs: Sequence[str]) -> Self:
        """With these inputs for a layer; the layer above alone is written as no inputs."""
        index = self.position(name)
        for source in inputs:
            if self.position(source) >= index:
                raise EditError(f"'{name}' can take only layers above it, and '{source}' is not.")
        return self.replaced(name, self.layers[index].updated(inputs=tuple(inputs)))

    def _as_checked(self, layers: Iterable[Layer]) -> Self:
        """With layers whose names and connections are those of this network.

        To check them again would take longer than the edit.
        """
        return cast(Self, type(self).model_construct(layers=tuple(layers), stored_parameters={}))

    def _with(self, layers: Iterable[Layer]) -> Self:
        return type(self)(layers=tuple(with_sharing_kept(with_unique_groups(tuple(layers)))))


def _stands_alike(layer: Layer, other: Layer) -> bool:
    """Whether the layers around see no difference between the two but in what leaves them."""
    return type(layer) is type(other) and _structure_of(layer) == _structure_of(other)


def _any_shared(layers: Iterable[Layer]) -> bool:
    """Whether a layer uses the weights of another."""
    return any(layer.weights_of for layer in layers)


def name_after(name: str, before: Network, after: Network) -> str | None:
    """What a layer is called after an edit that may have renamed it; `None` for one that is gone."""
    if name in after.positions:
        return name
    is_renaming = name in before.positions and len(before.layers) == len(after.layers)
    return after.layers[before.position(name)].name if is_renaming else None


def fresh_copies(network: Network, layers: Iterable[Layer]) -> tuple[Layer, ...]:
    """The layers with names free in `network`, arcs among themselves kept, others kept where they exist."""
    originals = tuple(layers)
    groups = groups_for_copies(network.layers, originals)
    names = Names(network.positions)
    renames: dict[str, str] = {}
    made: set[str] = set()
    copies = []
    for layer in originals:
        name = names.take(layer.name)
        sources = [renames.get(source, source) for source in layer.inputs]
        inputs = tuple(source for source in sources if source in made or source in network.positions)
        made.add(name)
        # A copy has weights of its own, unless the layer that owns them is copied with it.
        owner = renames.get(layer.weights_of, "")
        copies.append(layer.updated(name=name, inputs=inputs, group=groups[layer.group], weights_of=owner))
        renames[layer.name] = name
    return tuple(copies)


def _check_names(layers: Sequence[Layer]) -> None:
    seen: dict[str, Layer] = {}
    for index, layer in enumerate(layers):
        if layer.name in seen:
            raise ValueError(f"two layers are named '{layer.name}'; every layer needs a name of its own")
        if index and isinstance(layer, Input):
            raise ValueError(f"'{layer.name}' is a second Input; a network has one, on top")
        for source in layer.inputs:
            if source not in seen:
                raise ValueError(_dangling(layer, source, layers))
        if layer.weights_of and layer.weights_of not in seen:
            raise ValueError(
                f"'{layer.name}' uses the weights of '{layer.weights_of}', which is not above it"
            )
        if layer.weights_of and differs(layer, seen[layer.weights_of]):
            raise ValueError(
                f"'{layer.name}' uses the weights of '{layer.weights_of}', which has other settings; "
                "both need the same ones"
            )
        seen[layer.name] = layer


def _dangling(layer: Layer, source: str, layers: Sequence[Layer]) -> str:
    if any(other.name == source for other in layers):
        return f"'{layer.name}' takes '{source}', which is not above it; a layer takes only layers above it"
    return f"'{layer.name}' takes '{source}', and no layer has that name"


def _taking(layer: Layer, sources: tuple[str, ...], above: str | None) -> Layer:
    """The layer with these inputs, which are not written where it is the layer above alone."""
    inputs = () if sources in ((), (above,)) else sources
    return layer if layer.inputs == inputs else layer.updated(inputs=inputs)


def _refuse_crossing(layers: Sequence[Layer]) -> None:
    seen: set[str] = set()
    for layer in layers:
        for name in layer.inputs:
            if name not in seen:
                raise EditError(f"'{layer.name}' takes '{name}', so it cannot stand above it.")
        seen.add(layer.name)


def _with_source_renamed(layer: Layer, old: str, new: str) -> Layer:
    if old not in layer.inputs and old != layer.weights_of:
        return layer
    owner = new if layer.weights_of == old else layer.weights_of
    inputs = tuple(new if source == old else source for source in layer.inputs)
    return layer.updated(inputs=inputs, weights_of=owner)
