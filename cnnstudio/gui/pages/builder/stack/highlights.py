"""Which blocks and lines are selected, focused, under the pointer or standing out."""

from collections.abc import Collection, Mapping

from cnnstudio.core.network.arcs import Arc
from cnnstudio.gui.pages.builder.stack.arc_layer import ArcLayer
from cnnstudio.gui.pages.builder.stack.block import Block
from cnnstudio.gui.pages.builder.stack.card import Highlight
from cnnstudio.gui.pages.builder.stack.folding import Folding
from cnnstudio.gui.pages.builder.stack.group_item import GroupItem


class Highlights:
    """Holds the state of the whole canvas and hands each block its share; only changed blocks repaint."""

    def __init__(self, blocks: Mapping[str, Block], folding: Folding, arcs: ArcLayer) -> None:
        self._blocks, self._folding, self._arcs = blocks, folding, arcs
        self._selected: frozenset[str] = frozenset()
        self._focused: str | None = None
        self._hovered: str | None = None
        self._head: GroupItem | None = None
        self._port: str | None = None
        self._arc: Arc | None = None
        self._targets: frozenset[str] = frozenset()
        self._touched: frozenset[str] = frozenset()

    def select(self, names: Collection[str], focused: str | None) -> None:
        """Show these as selected, one of them with the ring of the keyboard focus."""
        selected = frozenset(names)
        if (selected, focused) != (self._selected, self._focused):
            self._selected, self._focused = selected, focused
            self.refresh()

    def hover(self, block: str | None, port: str | None, arc: Arc | None) -> None:
        """Show what is under the pointer: a block, a handle, or a line."""
        if (block, port, arc) != (self._hovered, self._port, self._arc):
            self._hovered, self._port, self._arc = block, port, arc
            self.refresh()

    def hover_head(self, head: GroupItem | None) -> None:
        """Show the head of a group as under the pointer."""
        if head is not self._head:
            self._head = head
            self.refresh()

    def offer(self, names: Collection[str]) -> None:
        """Show these blocks as places where a new line may end."""
        self._targets = frozenset(names)
        self.refresh()

    def refresh(self) -> None:
        """Bring blocks and lines in step with the state."""
        arcs = self._standing_out()
        ends = {end for arc in arcs for end in (arc.source, arc.target)}
        marked = self._targets | ends
        pointed = {name for name in (self._hovered, self._port, self._focused) if name}
        touched = self._selected | marked | pointed
        for name in touched | self._touched:
            if (block := self._blocks.get(name)) is not None:
                block.show_highlight(self._highlight(name, name in marked))
                block.show_port(name == self._port)
        self._touched = frozenset(touched)
        for head in self._folding.heads.values():
            head.show_highlight(self._highlight_of(head, marked))
        self._arcs.highlight(arcs)

    def _standing_out(self) -> set[Arc]:
        names = {name for name in (self._hovered, self._port) if name}
        if self._head is not None and self._head.is_collapsed:
            names.update(self._head.names)
        pointed = {self._arc} if self._arc is not None and self._arc in self._arcs.items else set()
        return self._arcs.at_ends(names) | pointed

    def _highlight(self, name: str, marked: bool) -> Highlight:
        return Highlight(
            selected=name in self._selected,
            focused=name == self._focused,
            hovered=name == self._hovered,
            highlighted=marked,
        )

    def _highlight_of(self, head: GroupItem, marked: Collection[str]) -> Highlight:
        """A collapsed group stands for its layers; the bar of an expanded one shows when all are selected."""
        names = head.names
        return Highlight(
            selected=self._selected.issuperset(names),
            focused=head.is_collapsed and self._focused in names,
            hovered=head is self._head,
            highlighted=head.is_collapsed and not set(marked).isdisjoint(names),
        )
