"""The blocks of a network in their column, kept in step with the document."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtWidgets import QGraphicsObject, QGraphicsScene

from cnnstudio.core.arcs import takes_the_one_above
from cnnstudio.core.findings import Finding
from cnnstudio.core.layers import Family
from cnnstudio.gui.build.previews import ShownPreview
from cnnstudio.gui.build.stack.arc_item import ArcItem
from cnnstudio.gui.build.stack.arc_layer import ArcLayer
from cnnstudio.gui.build.stack.block import Block
from cnnstudio.gui.build.stack.drag_items import DropMarker
from cnnstudio.gui.build.stack.glide import Glide
from cnnstudio.gui.build.stack.hint import Hint
from cnnstudio.gui.build.stack.layout import Column, Hole, column
from cnnstudio.gui.build.stack.looks import dots
from cnnstudio.gui.build.stack.metrics import metrics_of
from cnnstudio.gui.build.stack.moods import Moods
from cnnstudio.gui.document import Document
from cnnstudio.gui.theme.theme import Theme

_PORT_REACH = 13.0


class StackScene(QGraphicsScene):
    """One `Block` a layer, arcs beside them, and room that opens while something is dragged."""

    def __init__(self, document: Document, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._theme = document, theme
        self.metrics = metrics_of(theme)
        self.blocks: dict[str, Block] = {}
        self.order: list[Block] = []
        self.arcs = ArcLayer(self, theme)
        self.moods = Moods(self.blocks, self.arcs)
        self.marker = DropMarker(theme)
        self.hint = Hint(theme)
        self._glide = Glide(theme, self.arcs.follow, self)
        self._away: frozenset[str] = frozenset()
        self._shown: list[Block] = []
        self._column: Column = column((), 0)
        self._seen = QRectF()
        self._has_slots = False
        self._skeleton: list[tuple[str, tuple[str, ...], Family]] = []
        self.addItem(self.marker)
        self.addItem(self.hint)
        self.setBackgroundBrush(dots(theme))
        self.sync()

    @property
    def column(self) -> Column:
        """Where the blocks that are shown stand, or glide to."""
        return self._column

    def sync(self) -> None:
        """Show the document as it stands; what has not changed is left alone."""
        rows = self._document.analysis.rows
        skeleton = [(row.layer.name, row.layer.inputs, row.layer.family) for row in rows]
        if skeleton != self._skeleton:
            self._skeleton = skeleton
            self._rebuild()
        remarks = _by_layer(self._document.findings)
        for block, row in zip(self.order, rows, strict=True):
            block.show_row(row, remarks.get(row.layer.name, ()))

    def _rebuild(self) -> None:
        """Other layers, another order or other connections."""
        rows = self._document.analysis.rows
        self._reuse_renamed()
        wanted = {row.name for row in rows}
        for name in [name for name in self.blocks if name not in wanted]:
            self._remove(name)
        fresh = [row.name for row in rows if row.name not in self.blocks]
        for row in rows:
            if row.name not in self.blocks:
                self._added(Block(self._theme, self.metrics, row))
        self.order = [self.blocks[row.name] for row in rows]
        self._draw_wires()
        self._place(settled=fresh)
        self.arcs.sync(self._document.network, self.blocks, self.metrics)
        self.moods.refresh()
        self.hint.setVisible(len(rows) == 1)

    def show_slots(self, shown: bool) -> None:
        """Keep room for pictures in the blocks, or not."""
        self._has_slots = shown
        for block in self.order:
            block.show_slot(shown)

    def show_pictures(self, pictures: Mapping[str, ShownPreview]) -> None:
        """Show these pictures, by layer name; a block without one shows none."""
        for block in self.order:
            block.show_picture(pictures.get(block.name))

    def block_at(self, point: QPointF) -> Block | None:
        """The block whose card is under a point."""
        index = self._column.index_at(point.y())
        if index is None or abs(point.x()) > self.metrics.right:
            return None
        return self._shown[index]

    def port_at(self, point: QPointF) -> Block | None:
        """The block whose handle is under a point; the last one has none, nothing is below it."""
        index = self._column.index_at(point.y())
        if index is None or index + 1 >= len(self._shown):
            return None
        off = point - self._shown[index].port
        near = max(abs(off.x()), abs(off.y())) <= _PORT_REACH
        return self._shown[index] if near else None

    def arc_at(self, point: QPointF) -> ArcItem | None:
        """The line under a point."""
        return next((item for item in self.items(point) if isinstance(item, ArcItem)), None)

    def blocks_in(self, rect: QRectF) -> list[Block]:
        """The blocks a rectangle touches, in stack order."""
        return [block for block in self._shown if block.mapRectToScene(block.card_rect).intersects(rect)]

    def place_at(self, y: float) -> int:
        """The place of the stack a height stands for, 1 (below the Input) to the number of layers."""
        shown = max(1, self._column.place_at(y))
        if shown >= len(self._shown):
            return len(self.order)
        return self._document.network.position(self._shown[shown].name)

    def open_room(self, place: int, height: float, refusal: str = "", away: Collection[str] = ()) -> None:
        """Make room for something `height` high at a place of the stack; `away` are lifted out of it."""
        away = frozenset(away)
        for name in away - self._away:
            self.blocks[name].setVisible(False)
        for name in self._away - away:
            self.blocks[name].setVisible(True)
        self._away = away
        shown = sum(block.name not in away for block in self.order[:place])
        self._place(Hole(shown, height))
        self.marker.show_at(self._column.hole_top, height, refusal)
        self.hint.hide()

    def close_room(self) -> None:
        """Close the room, and show again what was lifted out."""
        for name in self._away:
            if name in self.blocks:
                self.blocks[name].setVisible(True)
        self._away = frozenset()
        self.marker.hide()
        self.hint.setVisible(len(self.order) == 1)
        self._place()

    def set_seen(self, seen: QRectF) -> None:
        """Say which part is seen: only what is seen glides. Sets how far one can scroll, too."""
        self._seen = seen
        self._fit_rect()

    def restyle(self) -> None:
        """Take over other colours and measures."""
        self.metrics = metrics_of(self._theme)
        self.setBackgroundBrush(dots(self._theme))
        for block in self.order:
            block.set_metrics(self.metrics)
        self._draw_wires()
        self._place()
        self._glide.finish()
        self.arcs.sync(self._document.network, self.blocks, self.metrics)
        self.update()

    def _added(self, block: Block) -> None:
        block.show_slot(self._has_slots)
        self.blocks[block.name] = block
        self.addItem(block)

    def _remove(self, name: str) -> None:
        block = self.blocks.pop(name)
        self._glide.drop(block)
        self.arcs.forget(block)
        self.removeItem(block)

    def _reuse_renamed(self) -> None:
        """A renamed layer keeps its block."""
        rows = self._document.analysis.rows
        if len(rows) != len(self.order):
            return
        names = self._document.network.positions
        for block, row in zip(self.order, rows, strict=True):
            if block.name not in names and row.name not in self.blocks:
                self.arcs.forget(block)
                self.blocks[row.name] = self.blocks.pop(block.name)
                block.show_row(row, ())

    def _draw_wires(self) -> None:
        network = self._document.network
        for index, block in enumerate(self.order):
            block.set_wire(self.metrics.gap if takes_the_one_above(network, index) else 0)

    def _place(self, hole: Hole | None = None, settled: Iterable[str] = ()) -> None:
        """Bring every block to its place; `settled` ones appear there at once."""
        at_once = set(settled)
        self._shown = [block for block in self.order if block.name not in self._away]
        self._column = column([block.height for block in self._shown], self.metrics.gap, hole)
        ways: dict[QGraphicsObject, float] = {}
        for block, top in zip(self._shown, self._column.tops, strict=True):
            y = block.y()
            if y == top and not self._glide.carries(block):
                continue
            if block.name in at_once or not self._is_seen(y, top, block.height):
                self._glide.drop(block)
                block.setY(top)
            else:
                ways[block] = top
        for name in self._away:
            self.blocks[name].setY(self._column.hole_top)
        self._glide.go(ways)
        self.arcs.follow()
        self.hint.setPos(0, self._column.bottom + self.metrics.gap)
        self._fit_rect()

    def _is_seen(self, start: float, end: float, height: float) -> bool:
        """Whether the way of a block from one y to another crosses what is seen."""
        low, high = (start, end) if start < end else (end, start)
        return low <= self._seen.bottom() and high + height >= self._seen.top()

    def _fit_rect(self) -> None:
        metrics = self.metrics
        beside = metrics.margin
        if self.arcs.lanes:
            beside = round(metrics.lane_x(self.arcs.lanes) - metrics.right) + metrics.margin // 2
        right = metrics.right + beside
        # In the middle of the view while there is room for that.
        left = -right if 2 * right <= self._seen.width() else metrics.left - metrics.margin // 2
        bottom = self._column.bottom + metrics.height + 2 * metrics.margin
        if len(self.order) == 1:
            bottom += 2 * metrics.height
        rect = QRectF(left, -metrics.margin, right - left, bottom + metrics.margin)
        if rect != self.sceneRect():
            self.setSceneRect(rect)


def _by_layer(findings: Sequence[Finding]) -> dict[str, tuple[Finding, ...]]:
    grouped: dict[str, tuple[Finding, ...]] = {}
    for finding in findings:
        if finding.layer is not None:
            grouped[finding.layer] = (*grouped.get(finding.layer, ()), finding)
    return grouped
