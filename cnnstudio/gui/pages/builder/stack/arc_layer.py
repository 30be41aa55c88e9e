"""Keeps the lines beside the column in step with the network."""

from collections.abc import Collection, Iterable, Mapping

from PySide6.QtWidgets import QGraphicsScene

from cnnstudio.core.network import Network
from cnnstudio.core.network.arcs import Arc, arcs_of, lanes_of, takes_the_one_above
from cnnstudio.gui.pages.builder.stack.arc_item import ArcItem
from cnnstudio.gui.pages.builder.stack.group_item import GroupItem
from cnnstudio.gui.pages.builder.stack.metrics import Metrics
from cnnstudio.gui.pages.builder.stack.stack_item import StackItem
from cnnstudio.gui.theme.theme import Theme


class ArcLayer:
    """All arcs of a scene; `lanes` is how many lie beside each other."""

    def __init__(self, scene: QGraphicsScene, theme: Theme) -> None:
        self._scene, self._theme = scene, theme
        self._lanes: dict[Arc, int] = {}
        self.items: dict[Arc, ArcItem] = {}

    @property
    def lanes(self) -> int:
        """How many lanes are in use."""
        return max(self._lanes.values(), default=-1) + 1

    def sync(self, network: Network, items: Mapping[str, StackItem], metrics: Metrics) -> None:
        """Show the arcs of a network; `items` are what shows each layer."""
        arcs = _seen_arcs(network, items)
        wanted = set(arcs)
        for gone in [arc for arc, item in self.items.items() if not _holds(arc, item, items, wanted)]:
            self._scene.removeItem(self.items.pop(gone))
        for arc in arcs:
            if arc not in self.items:
                item = ArcItem(self._theme, arc, items[arc.source], items[arc.target])
                self.items[arc] = item
                self._scene.addItem(item)
        self._lanes = lanes_of(network, arcs)
        for arc, slot in _slots(arcs, items).items():
            self.items[arc].run_in(metrics, self._lanes[arc], slot)

    def forget(self, block: StackItem) -> None:
        """Take away the lines of a block that leaves or changes its name."""
        for arc in [arc for arc, item in self.items.items() if block in (item.source, item.target)]:
            self._scene.removeItem(self.items.pop(arc))

    def follow(self) -> None:
        """Go along with blocks that have moved."""
        for item in self.items.values():
            item.follow()

    def at_ends(self, names: Iterable[str]) -> set[Arc]:
        """The arcs that begin or end at one of these layers."""
        wanted = set(names)
        return {arc for arc in self.items if arc.source in wanted or arc.target in wanted}

    def highlight(self, arcs: Iterable[Arc]) -> None:
        """Let these stand out, and no other."""
        wanted = set(arcs)
        for arc, item in self.items.items():
            item.highlight(arc in wanted)


def _seen_arcs(network: Network, items: Mapping[str, StackItem]) -> list[Arc]:
    """None inside a collapsed group, nor into one from the card right above it: the arrow tells that."""
    shown = list(dict.fromkeys(items[layer.name] for layer in network.layers))
    above = dict(zip(shown[1:], shown, strict=False))
    first: dict[StackItem, int] = {}
    for index, layer in enumerate(network.layers):
        first.setdefault(items[layer.name], index)

    def is_seen(source: StackItem, target: StackItem) -> bool:
        if source is target:
            return False
        is_from_above = above.get(target) is source and takes_the_one_above(network, first[target])
        return not (isinstance(target, GroupItem) and is_from_above)

    return [arc for arc in arcs_of(network) if is_seen(items[arc.source], items[arc.target])]


def _holds(arc: Arc, item: ArcItem, items: Mapping[str, StackItem], arcs: Collection[Arc]) -> bool:
    ends = (items.get(arc.source), items.get(arc.target))
    return arc in arcs and ends == (item.source, item.target)


def _slots(arcs: Collection[Arc], items: Mapping[str, StackItem]) -> dict[Arc, float]:
    """Where arrows arrive, as a share of the height: spread out, and above the handle where one leaves."""
    arriving: dict[StackItem, list[Arc]] = {}
    for arc in arcs:
        arriving.setdefault(items[arc.target], []).append(arc)
    leaving = {items[arc.source] for arc in arcs}
    slots: dict[Arc, float] = {}
    for target, those in arriving.items():
        room = 0.45 if target in leaving else 1.0
        slots |= {arc: room * (number + 1) / (len(those) + 1) for number, arc in enumerate(those)}
    return slots
