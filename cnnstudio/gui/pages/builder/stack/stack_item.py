"""What stands in the column, a layer's block or the head of a group, and the line that comes from above."""

import html

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from cnnstudio.gui.pages.builder.previews import ShownPreview
from cnnstudio.gui.pages.builder.stack.card import Highlight, texts_of
from cnnstudio.gui.pages.builder.stack.content import Content
from cnnstudio.gui.pages.builder.stack.looks import SHADOW_REACH
from cnnstudio.gui.pages.builder.stack.metrics import Metrics
from cnnstudio.gui.pages.builder.stack.thumbnail import Slot, Thumbnail, slot_box, slot_width, thumbnail_of
from cnnstudio.gui.theme.theme import Theme

_APART = 5


class StackItem(QGraphicsObject):
    """Its origin is the upper edge of its card, in the column's middle."""

    height: float

    def __init__(self, theme: Theme, metrics: Metrics) -> None:
        super().__init__()
        self._theme, self._metrics = theme, metrics
        self._highlight = Highlight()
        self._has_slot = False
        self._picture: ShownPreview | None = None
        self._thumbnail: Thumbnail | None = None
        self._wire = 0.0
        self._bounds: QRectF | None = None
        self.setCacheMode(QGraphicsItem.CacheMode.NoCache)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    @property
    def names(self) -> tuple[str, ...]:
        """The layers it stands for: what is selected, moved and copied with it."""
        raise NotImplementedError

    @property
    def content(self) -> Content:
        """What it says."""
        raise NotImplementedError

    @property
    def card_rect(self) -> QRectF:
        """The card, in the item's own coordinates."""
        return QRectF(self._metrics.left, 0, self._metrics.width, self.height)

    @property
    def port(self) -> QPointF:
        """Where arcs leave, in the scene: the handle at the right edge."""
        return QPointF(self._metrics.right, self.y() + self.height / 2)

    @property
    def highlight(self) -> Highlight:
        """How it is shown apart from what it says."""
        return self._highlight

    def show_highlight(self, highlight: Highlight) -> None:
        """Show it selected, hovered or otherwise."""
        if highlight != self._highlight:
            self._highlight = highlight
            self.update()

    def show_slot(self, shown: bool) -> None:
        """Keep room for a picture, or give it to the texts."""
        if shown != self._has_slot:
            self._has_slot = shown
            self.update()

    @property
    def texts_rect(self) -> QRectF:
        """Where the texts of the card stand, beside its picture."""
        room = texts_of(self.card_rect, self._theme)
        return room.adjusted(0, 0, -slot_width(self._theme), 0) if self._has_slot else room

    @property
    def picture(self) -> ShownPreview | None:
        """The picture it was given last."""
        return self._picture

    def show_picture(self, picture: ShownPreview | None) -> None:
        """Show what the sample looks like after its last layer; repaints only where it is another picture."""
        if picture == self._picture:
            return
        if picture is None or self._picture is None or picture.preview is not self._picture.preview:
            self._thumbnail = None
        self._picture = picture
        if picture is None:
            self._tell(self.content)
        box = slot_box(self._theme, texts_of(self.card_rect, self._theme), is_small=False)
        self.update(box.adjusted(-2, -2, 2, 2))

    def set_wire(self, length: float) -> None:
        """How long the line from above is; 0 for none."""
        if length != self._wire:
            self._begin_reshape()
            self._wire = length

    def set_metrics(self, metrics: Metrics) -> None:
        """Take over other measures."""
        self._begin_reshape()
        self._metrics = metrics
        self.height = self._height()
        self.update()

    def boundingRect(self) -> QRectF:
        # Kept: Qt asks for it hundreds of times a repaint.
        if self._bounds is None:
            self._bounds = self._outline()
        return self._bounds

    def _outline(self) -> QRectF:
        """All that is painted."""
        reach = SHADOW_REACH + 2
        return self.card_rect.adjusted(-reach, -max(reach, self._wire), reach, reach)

    def _begin_reshape(self) -> None:
        """Call it before anything that `_outline` depends on changes."""
        self.prepareGeometryChange()
        self._bounds = None

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        ratio = widget.devicePixelRatioF() if widget else 1.0
        if self._wire:
            self._paint_wire(painter)
        self._paint_body(painter, option.levelOfDetailFromTransform(painter.worldTransform()) * ratio)

    def _height(self) -> float:
        raise NotImplementedError

    def _paint_body(self, painter: QPainter, scale: float) -> None:
        """`scale` is device pixels a unit."""
        raise NotImplementedError

    def _slot(self) -> Slot | None:
        if not self._has_slot:
            return None
        if self._picture is None:
            return Slot()
        if self._thumbnail is None:
            # Only now: most blocks of a long stack are never seen, and cannot be pointed at before.
            self._thumbnail = thumbnail_of(self._picture.preview)
            self._tell(self.content)
        return Slot(self._thumbnail, self._picture.is_stale)

    def _tell(self, content: Content) -> None:
        words = f"<p>{html.escape(self._thumbnail.words)}</p>" if self._thumbnail else ""
        self.setToolTip(content.tooltip + words)

    def _paint_wire(self, painter: QPainter) -> None:
        color = self._theme.color("wire")
        painter.setPen(QPen(color, 1.5))
        # Clear of the frame and the focus ring of the card above.
        painter.drawLine(QPointF(0, _APART - self._wire), QPointF(0, -7))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawPolygon(QPolygonF([QPointF(-4, -9), QPointF(4, -9), QPointF(0, -3)]))
