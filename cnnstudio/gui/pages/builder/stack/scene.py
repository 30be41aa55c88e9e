"""The blocks of a network in their column, kept in step with the document."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from math import inf

from PySide6.QtCore import QObject, QRectF, QTimer, Slot
from PySide6.QtWidgets import QGraphicsObject

from cnnstudio.core.analysis.rows import Row
from cnnstudio.core.network.arcs import takes_the_one_above
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.builder.previews import ShownPreview
from cnnstudio.gui.pages.builder.stack.arc_layer import ArcLayer
from cnnstudio.gui.pages.builder.stack.block import Block
from cnnstudio.gui.pages.builder.stack.column_scene import ColumnScene
from cnnstudio.gui.pages.builder.stack.content import Content
from cnnstudio.gui.pages.builder.stack.drag_items import DropMarker
from cnnstudio.gui.pages.builder.stack.folding import Entry, Folding
from cnnstudio.gui.pages.builder.stack.glide import Glide
from cnnstudio.gui.pages.builder.stack.highlights import Highlights
from cnnstudio.gui.pages.builder.stack.hint import Hint
from cnnstudio.gui.pages.builder.stack.layout import Hole, column
from cnnstudio.gui.pages.builder.stack.looks import dots
from cnnstudio.gui.pages.builder.stack.metrics import canvas_rect, metrics_of
from cnnstudio.gui.pages.builder.stack.stack_item import StackItem
from cnnstudio.gui.pages.builder.stack.stack_rows import StackRows
from cnnstudio.gui.theme.theme import Theme


class StackScene(ColumnScene):
    """One `Block` a layer, heads of groups, arcs beside them, and room that opens during a drag."""

    def __init__(self, document: Document, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(theme, parent)
        self._document, self._theme = document, theme
        self._stack_rows = StackRows(document)
        self._laid_out: Sequence[Row] = ()
        self.blocks: dict[str, Block] = {}
        self.order: list[Block] = []
        self.folding = Folding(self, theme)
        self.arcs = ArcLayer(self, theme)
        self.highlights = Highlights(self.blocks, self.folding, self.arcs)
        self.marker = DropMarker(theme)
        self.hint = Hint(theme)
        self._glide = Glide(theme, self._follow, self)
        self._away: frozenset[str] = frozenset()
        self._has_slots = False
        self._room = inf
        # A timer's turn comes after that of painting: the panel beside the canvas is painted first, and what
        # is typed fast is painted here once. Whoever reads a block sees it as it is now.
        self._refreshing = QTimer(self, singleShot=True, interval=0)
        self._refreshing.timeout.connect(self._on_refreshing)
        self.addItem(self.marker)
        self.addItem(self.hint)
        self.setBackgroundBrush(dots(theme))
        self.sync()

    def sync(self) -> None:
        """Show the document as it stands; what has not changed, or is out of sight, is left alone."""
        self._stack_rows.renew()
        rows = self._stack_rows.rows
        former, self._laid_out = self._laid_out, rows
        if _is_laid_out_alike(former, rows):
            self.folding.show_rows(rows, self._stack_rows.remarks)
        else:
            self._rebuild(rows)
        self._refreshing.start()

    @Slot()
    def _on_refreshing(self) -> None:
        for item in self._seen_items():
            if isinstance(item, Block):
                item.refresh()

    def _rebuild(self, rows: Sequence[Row]) -> None:
        """Other layers, another order, other groups or other connections."""
        self._reuse_renamed(rows)
        wanted = {row.name for row in rows}
        for name in [name for name in self.blocks if name not in wanted]:
            self._remove(name)
        fresh: list[StackItem] = [self._added(row.name) for row in rows if row.name not in self.blocks]
        self.order = [self.blocks[row.name] for row in rows]
        for block in self.order:
            block.update_height()
        document = self._document
        for head in self.folding.sync(document.network.groups, document.collapsed, self.metrics):
            head.show_slot(self._has_slots)
            fresh.append(head)
        self.folding.show_rows(rows, self._stack_rows.remarks)
        self._picture_groups()
        self._arrange(settled=fresh)
        self.hint.setVisible(len(rows) == 1)

    def _arrange(self, settled: Iterable[StackItem] = ()) -> None:
        """Bring blocks, heads and lines in order; `settled` ones appear at their places at once."""
        self._place(settled=settled)
        self._draw_wires()
        self.arcs.sync(self._document.network, self.folding.stand_ins(self.blocks), self.metrics)
        self._fit_cards()  # other lanes leave other widths: this comes back here once
        self._fit_rect()
        self.highlights.refresh()

    def refold(self) -> None:
        """Show one card in place of the layers of each collapsed group, and the layers of the others."""
        if self.folding.refold(self._document.collapsed):
            self._arrange()

    @Slot(bool)
    def show_slots(self, shown: bool) -> None:
        """Keep room for pictures in the blocks, or not."""
        self._has_slots = shown
        for item in (*self.order, *self.folding.heads.values()):
            item.show_slot(shown)

    @Slot(object)
    def show_pictures(self, pictures: Mapping[str, ShownPreview]) -> None:
        """Show these pictures, by layer name; a block without one shows none, a group that of its last."""
        for block in self.order:
            block.show_picture(pictures.get(block.name))
        self._picture_groups()

    def contents_of(self, names: Sequence[str]) -> list[Content]:
        """What is said on the cards that show these layers; a collapsed group has one."""
        items = self.folding.stand_ins(self.blocks)
        return [item.content for item in dict.fromkeys(items[name] for name in names)]

    def land_from(self, y: float) -> None:
        """Let what was lifted out glide to its place from a height."""
        for item in self._lifted():
            item.setY(y)

    def shower_of(self, name: str) -> StackItem:
        """What shows a layer: its block, or the card of its collapsed group."""
        return self.folding.stand_ins(self.blocks)[name]

    def top_of(self, item: StackItem) -> float:
        """Where something stands, or glides to."""
        tops = (top for entry, top in zip(self._shown, self._column.tops, strict=True) if entry.item is item)
        return next(tops, item.y())

    def open_room(self, place: int, height: float, refusal: str = "", away: Collection[str] = ()) -> None:
        """Make room for something `height` high at a place of the stack; `away` are lifted out of it."""
        self._away = frozenset(away)
        shown = sum(entry.place < place for entry in self._entries())
        self._place(Hole(shown, height))
        self.marker.show_at(self._column.hole_top, height, self.metrics, refusal)
        self.hint.hide()

    def close_room(self) -> None:
        """Close the room, and show again what was lifted out."""
        self._away = frozenset()
        self.marker.hide()
        self.hint.setVisible(len(self.order) == 1)
        self._place()

    def set_seen(self, seen: QRectF) -> None:
        """Say which part is seen: only what is seen glides. Sets how far one can scroll, too."""
        self._seen = seen
        self._fit_rect()

    def set_room(self, width: float) -> None:
        """Say how wide the view is, in pixels: cards are narrower where they would not fit."""
        self._room = width
        self._fit_cards()

    def _fit_cards(self) -> None:
        if metrics_of(self._theme, self._room, self.arcs.lanes) != self.metrics:
            self.restyle()

    def restyle(self) -> None:
        """Take over other colors and measures."""
        self.metrics = metrics_of(self._theme, self._room, self.arcs.lanes)
        self.hint.set_metrics(self.metrics)
        self.setBackgroundBrush(dots(self._theme))
        for item in (*self.order, *self.folding.heads.values()):
            item.set_metrics(self.metrics)
        self._arrange()
        self._glide.finish()
        self.update()

    def _picture_groups(self) -> None:
        """A group as a whole shows what leaves it."""
        for head in self.folding.heads.values():
            head.show_picture(self.blocks[head.names[-1]].picture)

    def _added(self, name: str) -> Block:
        block = Block(self._theme, self.metrics, name, self._stack_rows)
        block.show_slot(self._has_slots)
        self.blocks[block.name] = block
        self.addItem(block)
        return block

    def _remove(self, name: str) -> None:
        block = self.blocks.pop(name)
        self._glide.drop(block)
        self.arcs.forget(block)
        self.removeItem(block)

    def _reuse_renamed(self, rows: Sequence[Row]) -> None:
        """A renamed layer keeps its block."""
        if len(rows) != len(self.order):
            return
        names = self._document.network.positions
        for block, row in zip(self.order, rows, strict=True):
            if block.name not in names and row.name not in self.blocks:
                self.arcs.forget(block)
                self.blocks[row.name] = self.blocks.pop(block.name)
                block.name = row.name

    def _draw_wires(self) -> None:
        network = self._document.network
        for entry in self._shown:
            is_fed_from_above = takes_the_one_above(network, entry.place)
            entry.item.set_wire(self.metrics.gap if is_fed_from_above else 0)

    def _entries(self) -> list[Entry]:
        """What is shown while some are lifted out; the head of a group goes with its last layer."""
        entries = self.folding.entries(self.order)
        if not self._away:
            return entries
        return [entry for entry in entries if not self._away.issuperset(entry.item.names)]

    def _lifted(self) -> list[StackItem]:
        """What is lifted out; its lines come from the hole."""
        heads = self.folding.heads.values()
        blocks: list[StackItem] = [self.blocks[name] for name in self._away]
        return blocks + [head for head in heads if self._away.issuperset(head.names)]

    def _show_entries(self) -> None:
        self._shown = self._entries()
        shown = {entry.item for entry in self._shown}
        for item in (*self.order, *self.folding.heads.values()):
            item.setVisible(item in shown)

    def _place(self, hole: Hole | None = None, settled: Iterable[StackItem] = ()) -> None:
        """Bring everything to its place; `settled` ones appear there at once."""
        at_once = set(settled)
        self._show_entries()
        self._column = column([entry.item.height for entry in self._shown], self.metrics.gap, hole)
        ways: dict[QGraphicsObject, float] = {}
        for entry, top in zip(self._shown, self._column.tops, strict=True):
            item = entry.item
            y = item.y()
            if y == top and not self._glide.carries(item):
                continue
            if item in at_once or not self._is_seen(y, top, item.height):
                self._glide.drop(item)
                item.setY(top)
            else:
                ways[item] = top
        for item in self._lifted():
            item.setY(self._column.hole_top)
        self._glide.go(ways)
        self._follow()
        self.hint.setPos(0, self._column.bottom + self.metrics.gap)
        self._fit_rect()

    def _follow(self) -> None:
        """Let lines and the grounds of groups go along with blocks that have moved."""
        self.arcs.follow()
        for head in self.folding.heads.values():
            head.follow(self.blocks)

    def _fit_rect(self) -> None:
        below = 3 * self.metrics.height if len(self.order) == 1 else self.metrics.height
        rect = canvas_rect(self.metrics, self._column.bottom + below, self.arcs.lanes, self._seen.width())
        if rect != self.sceneRect():
            self.setSceneRect(rect)


def _is_laid_out_alike(former: Sequence[Row], rows: Sequence[Row]) -> bool:
    """Whether the same blocks stand in the same places, with the same lines and in the same groups."""
    pairs = zip(former, rows, strict=True)
    alike = (one is other or _place_of(one) == _place_of(other) for one, other in pairs)
    return len(former) == len(rows) and all(alike)


def _place_of(row: Row) -> tuple[object, ...]:
    layer = row.layer
    return layer.name, layer.inputs, layer.family, layer.group
