"""The heads of the groups, and what stands in the column where some are collapsed."""

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct
from PySide6.QtWidgets import QGraphicsScene

from cnnstudio.core.analysis.findings import Finding
from cnnstudio.core.analysis.rows import Row
from cnnstudio.core.network.groups import Group, renamed_groups
from cnnstudio.gui.pages.builder.stack.block import Block
from cnnstudio.gui.pages.builder.stack.group_item import GroupItem
from cnnstudio.gui.pages.builder.stack.metrics import Metrics
from cnnstudio.gui.pages.builder.stack.stack_item import StackItem
from cnnstudio.gui.theme.theme import Theme


class Entry(Struct, frozen=True, eq=False):
    """Something that stands in the column, and the place of the stack it begins at."""

    item: StackItem
    place: int


class Folding:
    """Holds the heads of the groups; which of them are collapsed is what the document says."""

    def __init__(self, scene: QGraphicsScene, theme: Theme) -> None:
        self._scene, self._theme = scene, theme
        self._groups: tuple[Group, ...] = ()
        self.heads: dict[str, GroupItem] = {}

    def sync(self, groups: Sequence[Group], collapsed: Collection[str], metrics: Metrics) -> list[GroupItem]:
        """Have a head for each group, and no other; gives those that had to be made."""
        renamed = renamed_groups(self._groups, groups)
        wanted = {group.name for group in groups}
        for name in [name for name in self.heads if name not in wanted and name not in renamed]:
            self._scene.removeItem(self.heads.pop(name))
        for old, new in renamed.items():
            self.heads[new] = self.heads.pop(old)
            self.heads[new].name = new
        fresh = [GroupItem(self._theme, metrics, name) for name in wanted if name not in self.heads]
        for head in fresh:
            self.heads[head.name] = head
            self._scene.addItem(head)
        self._groups = tuple(groups)
        self.refold(collapsed)
        return fresh

    def refold(self, collapsed: Collection[str]) -> bool:
        """Collapse the groups of these names and expand the others; tells whether any was otherwise."""
        others = [head for head in self.heads.values() if head.is_collapsed != (head.name in collapsed)]
        for head in others:
            head.fold(not head.is_collapsed)
        return bool(others)

    def show_rows(self, rows: Sequence[Row], remarks: Mapping[str, tuple[Finding, ...]]) -> None:
        """Hand each head the rows of its layers and what was found about them."""
        for group in self._groups:
            members = rows[group.start : group.stop]
            found = [finding for row in members for finding in remarks.get(row.name, ())]
            self.heads[group.name].show_rows(members, found)

    def entries(self, blocks: Sequence[Block]) -> list[Entry]:
        """What stands in the column, from top to bottom, and hides the blocks of collapsed groups."""
        found: list[Entry] = []
        at = 0
        for group in self._groups:
            head = self.heads[group.name]
            found += _entries(blocks, at, group.start)
            found.append(Entry(head, group.start))
            if not head.is_collapsed:
                found += _entries(blocks, group.start, group.stop)
            at = group.stop
        return found + _entries(blocks, at, len(blocks))

    def stand_ins(self, blocks: Mapping[str, Block]) -> dict[str, StackItem]:
        """What shows each layer: its block, or the card of its collapsed group."""
        found: dict[str, StackItem] = dict(blocks)
        for head in self.heads.values():
            if head.is_collapsed:
                found.update(dict.fromkeys(head.names, head))
        return found

    def head_of(self, name: str) -> GroupItem | None:
        """The head of the group a layer is in."""
        return next((head for head in self.heads.values() if name in head.names), None)


def _entries(blocks: Sequence[Block], start: int, stop: int) -> list[Entry]:
    return [Entry(blocks[place], place) for place in range(start, stop)]
