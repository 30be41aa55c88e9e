"""Things that stand in a column, and which of them is at a point."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtWidgets import QGraphicsScene

from cnnstudio.gui.pages.builder.stack.arc_item import ArcItem
from cnnstudio.gui.pages.builder.stack.block import Block
from cnnstudio.gui.pages.builder.stack.folding import Entry
from cnnstudio.gui.pages.builder.stack.group_item import GroupItem
from cnnstudio.gui.pages.builder.stack.layout import Column, column
from cnnstudio.gui.pages.builder.stack.metrics import metrics_of
from cnnstudio.gui.pages.builder.stack.stack_item import StackItem
from cnnstudio.gui.theme.theme import Theme

_PORT_REACH = 13.0


class ColumnScene(QGraphicsScene):
    """Knows what is shown and where; who puts it there is left to the class made of it."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.metrics = metrics_of(theme)
        self._shown: list[Entry] = []
        self._column: Column = column((), 0)
        self._seen = QRectF()

    @property
    def column(self) -> Column:
        """Where what is shown stands, or glides to."""
        return self._column

    @property
    def shown(self) -> list[StackItem]:
        """What stands in the column, from top to bottom: blocks, and heads of groups."""
        return [entry.item for entry in self._shown]

    @property
    def stops(self) -> list[StackItem]:
        """Where the keyboard stops: at all but the heads of expanded groups, whose layers are stops."""
        return [item for item in self.shown if not isinstance(item, GroupItem) or item.is_collapsed]

    @property
    def seen(self) -> QRectF:
        """The part of the canvas that is seen."""
        return self._seen

    def entry_at(self, point: QPointF) -> StackItem | None:
        """The block or head of a group whose card is under a point."""
        index = self._column.index_at(point.y())
        if index is None or abs(point.x()) > self.metrics.right:
            return None
        return self._shown[index].item

    def block_at(self, point: QPointF) -> Block | None:
        """The block whose card is under a point."""
        entry = self.entry_at(point)
        return entry if isinstance(entry, Block) else None

    def fold_at(self, point: QPointF) -> GroupItem | None:
        """The head of a group whose chevron is under a point."""
        entry = self.entry_at(point)
        if isinstance(entry, GroupItem) and entry.fold_rect.contains(entry.mapFromScene(point)):
            return entry
        return None

    def port_at(self, point: QPointF) -> Block | None:
        """The block whose handle is under a point; the last one has none, nothing is below it."""
        index = self._column.index_at(point.y())
        if index is None or index + 1 >= len(self._shown):
            return None
        item = self._shown[index].item
        off = point - item.port
        near = max(abs(off.x()), abs(off.y())) <= _PORT_REACH
        return item if near and isinstance(item, Block) else None

    def arc_at(self, point: QPointF) -> ArcItem | None:
        """The line under a point."""
        return next((item for item in self.items(point) if isinstance(item, ArcItem)), None)

    def names_in(self, rect: QRectF) -> set[str]:
        """The layers whose cards a rectangle touches."""
        found: set[str] = set()
        for item in self.shown:
            is_whole = isinstance(item, Block) or (isinstance(item, GroupItem) and item.is_collapsed)
            if is_whole and item.mapRectToScene(item.card_rect).intersects(rect):
                found.update(item.names)
        return found

    def place_at(self, y: float) -> int:
        """The place of the stack a height stands for, 1 (below the Input) to the number of layers."""
        shown = max(1, self._column.place_at(y))
        if shown < len(self._shown):
            return self._shown[shown].place
        return self._shown[-1].place + len(self._shown[-1].item.names)

    def _seen_items(self) -> Sequence[StackItem]:
        """What stands in the part that is seen."""
        return [self._shown[at].item for at in self._column.within(self._seen.top(), self._seen.bottom())]

    def _is_seen(self, start: float, end: float, height: float) -> bool:
        """Whether the way of a block from one y to another crosses what is seen."""
        low, high = (start, end) if start < end else (end, start)
        return low <= self._seen.bottom() and high + height >= self._seen.top()
