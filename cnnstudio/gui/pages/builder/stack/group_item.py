"""The head of a named group: a bar above its layers, or a card in their place while it is collapsed."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from cnnstudio.core.analysis import Row
from cnnstudio.core.analysis.findings import Finding
from cnnstudio.core.values.words import counted
from cnnstudio.gui.pages.builder.stack.block import Block
from cnnstudio.gui.pages.builder.stack.card import paint_card
from cnnstudio.gui.pages.builder.stack.content import Content, group_content
from cnnstudio.gui.pages.builder.stack.looks import RADIUS, SHADOW_REACH, PlateStyle, plate
from cnnstudio.gui.pages.builder.stack.metrics import TILE, Metrics
from cnnstudio.gui.pages.builder.stack.stack_item import StackItem
from cnnstudio.gui.pages.builder.stack.text_painter import TextPainter
from cnnstudio.gui.theme.fonts import SEMIBOLD
from cnnstudio.gui.theme.severity import LOOKS
from cnnstudio.gui.theme.theme import Theme

_AROUND = 12
_BEHIND = 7


class GroupItem(StackItem):
    """Stands right above the first layer of its group; expanded, its ground reaches below the last."""

    def __init__(self, theme: Theme, metrics: Metrics, name: str) -> None:
        super().__init__(theme, metrics)
        self.name = name
        self.is_collapsed = False
        self._rows: tuple[Row, ...] = ()
        self._findings: tuple[Finding, ...] = ()
        self._content: Content | None = None
        self._bottom = 0.0
        self.height = self._height()
        self.setZValue(-1)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(row.name for row in self._rows)

    @property
    def content(self) -> Content:
        if self._content is None:
            self._content = group_content(self.name, self._rows, self._findings)
        return self._content

    @property
    def fold_rect(self) -> QRectF:
        """Where a click collapses or expands it, in its own coordinates."""
        return QRectF(self._metrics.left, 0, self._theme.scaled(12 + TILE + 6), self.height)

    def show_rows(self, rows: Sequence[Row], findings: Sequence[Finding]) -> None:
        """Show its layers as they stand now, with what was found about them."""
        state = tuple(rows), tuple(findings)
        if state != (self._rows, self._findings):
            self._rows, self._findings = state
            self._content = None
            self._tell(self.content)
            self.update()

    def fold(self, collapsed: bool) -> None:
        """Show the card in place of the layers, or the bar above them."""
        if collapsed != self.is_collapsed:
            self._begin_reshape()
            self.is_collapsed = collapsed
            self.height = self._height()
            self._forget_thumbnail()

    def follow(self, blocks: Mapping[str, Block]) -> None:
        """Let the ground reach below the last of its layers that is to be seen."""
        bottoms = [
            block.y() + block.height for block in map(blocks.get, self.names) if block and block.isVisible()
        ]
        bottom = max(bottoms, default=self.y()) - self.y()
        if bottom != self._bottom:
            self._begin_reshape()
            self._bottom = bottom

    def _forget_thumbnail(self) -> None:
        """An expanded group shows no picture, so its tooltip is not about one."""
        if self._thumbnail is not None:
            self._thumbnail = None
            self._tell(self.content)

    def _outline(self) -> QRectF:
        return super()._outline().united(self._ground)

    @property
    def _ground(self) -> QRectF:
        """What lies behind the layers of an expanded group."""
        if self.is_collapsed:
            return self.card_rect
        rect = self.card_rect.adjusted(-_AROUND, 0, _AROUND, 0)
        rect.setBottom(max(rect.bottom(), self._bottom + _AROUND))
        return rect

    def _height(self) -> float:
        return self._metrics.height if self.is_collapsed else self._metrics.bar

    def _paint_body(self, painter: QPainter, scale: float) -> None:
        if self.is_collapsed:
            self._paint_behind(painter, scale)
            paint_card(
                painter, self._theme, scale, self.card_rect, self.content, self._highlight, self._slot()
            )
        else:
            self._paint_ground(painter)
            self._paint_bar(TextPainter(painter, self._theme, scale))

    def _paint_behind(self, painter: QPainter, scale: float) -> None:
        """The edge of a second card: there is more than one layer here."""
        rect = self.card_rect.adjusted(_BEHIND, _BEHIND, -_BEHIND, _BEHIND)
        style = PlateStyle("card", "border", 1.0)
        made = plate(self._theme, int(rect.width()), int(rect.height()), style, scale)
        painter.drawPixmap(rect.topLeft() - QPointF(SHADOW_REACH, SHADOW_REACH), made)

    def _paint_ground(self, painter: QPainter) -> None:
        theme, highlight = self._theme, self._highlight
        line = "accent" if highlight.selected or highlight.focused else "outline"
        painter.setPen(QPen(theme.color(line), 1.6 if highlight.selected else 1.0, Qt.PenStyle.DashLine))
        painter.setBrush(theme.color("hover" if highlight.hovered else "panel", 0.6))
        painter.drawRoundedRect(self._ground, RADIUS, RADIUS)

    def _paint_bar(self, draw: TextPainter) -> None:
        theme, rect, content = self._theme, self.card_rect, self.content
        middle = rect.center().y()
        draw.icon("chevron-down", "text2", QPointF(rect.left() + theme.scaled(12 + TILE // 2), middle), 16)
        text = rect.adjusted(theme.scaled(12 + TILE + 12), 0, -theme.scaled(36), 0)
        count = counted(len(self._rows), "layer")
        right = draw.right(text, f"{count} · {content.parameters}", theme.font(12, tabular=True), "text2")
        name = QRectF(
            text.left(), text.top(), max(0.0, right - text.left() - theme.scaled(34)), text.height()
        )
        end = draw.left(name, self.name, theme.font(12, SEMIBOLD), "text")
        if content.severity:
            look = LOOKS[content.severity]
            draw.icon(look.icon, look.color, QPointF(end + theme.scaled(14), middle), 14)
        draw.icon("grip-vertical", "grip", QPointF(rect.right() - theme.scaled(19), middle), 15)
