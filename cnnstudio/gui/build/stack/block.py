"""One layer on the canvas."""

import html
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from cnnstudio.core.analysis import Row
from cnnstudio.core.findings import Finding
from cnnstudio.gui.build.previews import ShownPreview
from cnnstudio.gui.build.stack.card import Mood, paint_card, texts_of
from cnnstudio.gui.build.stack.content import Content, content_of, is_small
from cnnstudio.gui.build.stack.looks import SHADOW_REACH
from cnnstudio.gui.build.stack.metrics import Metrics
from cnnstudio.gui.build.stack.thumbnail import Slot, Thumbnail, slot_box, thumbnail_of
from cnnstudio.gui.theme.theme import Theme

_PORT = 6.0


class Block(QGraphicsObject):
    """Shows one row of the analysis; its origin is the upper edge of its card, in the column's middle.

    It also draws the line from the block above. What it shows is worked out when it is painted or read.
    """

    def __init__(self, theme: Theme, metrics: Metrics, row: Row) -> None:
        super().__init__()
        self._theme, self._metrics = theme, metrics
        self.row = row
        self._findings: tuple[Finding, ...] = ()
        self._content: Content | None = None
        self._mood = Mood()
        self._has_slot = False
        self._picture: ShownPreview | None = None
        self._thumbnail: Thumbnail | None = None
        self._wire = 0.0
        self.height = self._height()
        self._port = False
        self.setCacheMode(QGraphicsItem.CacheMode.NoCache)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    @property
    def name(self) -> str:
        """The layer's name."""
        return self.row.name

    @property
    def content(self) -> Content:
        """What the block says."""
        if self._content is None:
            self._content = content_of(self.row, self._findings)
        return self._content

    @property
    def card_rect(self) -> QRectF:
        """The card, in the block's coordinates."""
        return QRectF(self._metrics.left, 0, self._metrics.width, self.height)

    @property
    def mood(self) -> Mood:
        """How the block is shown apart from what it says."""
        return self._mood

    @property
    def port(self) -> QPointF:
        """Where arcs leave, in the scene: the handle at the right edge."""
        return QPointF(self._metrics.right, self.y() + self.height / 2)

    def show_row(self, row: Row, findings: Sequence[Finding]) -> None:
        """Show another state of the layer; repaints only where something to be seen is another."""
        remarks = tuple(findings)
        if row is self.row and remarks == self._findings:
            return
        if row.layer.family != self.row.layer.family:
            self._take_kind(row)
        same = row is self.row or _visible(row) == _visible(self.row)
        self.row = row
        if same and remarks == self._findings:
            return
        self._findings, self._content = remarks, None
        self._tell()
        self.update()

    def show_slot(self, shown: bool) -> None:
        """Keep room for a picture, or give it to the texts."""
        if shown != self._has_slot:
            self._has_slot = shown
            self.update()

    def show_picture(self, picture: ShownPreview | None) -> None:
        """Show what the sample looks like after the layer; repaints only where it is another picture."""
        if picture == self._picture:
            return
        if picture is None or self._picture is None or picture.preview is not self._picture.preview:
            self._thumbnail = None
        self._picture = picture
        if picture is None:
            self._tell()
        box = slot_box(self._theme, texts_of(self.card_rect, self._theme), is_small=False)
        self.update(box.adjusted(-2, -2, 2, 2))

    def _slot(self) -> Slot | None:
        if not self._has_slot:
            return None
        if self._picture is None:
            return Slot()
        if self._thumbnail is None:
            # Only now: most blocks of a long stack are never seen, and cannot be pointed at before.
            self._thumbnail = thumbnail_of(self._picture.preview)
            self._tell()
        return Slot(self._thumbnail, self._picture.is_stale)

    def _tell(self) -> None:
        words = f"<p>{html.escape(self._thumbnail.words)}</p>" if self._thumbnail else ""
        self.setToolTip((self.content.tooltip if self._findings else "") + words)

    def _take_kind(self, row: Row) -> None:
        self.prepareGeometryChange()
        self.row = row
        self._content = None
        self.height = self._height()
        self.update()

    def show_mood(self, mood: Mood) -> None:
        """Show it selected, hovered or otherwise."""
        if mood != self._mood:
            self._mood = mood
            self.update()

    def show_port(self, shown: bool) -> None:
        """Show or hide the handle from which an arc is drawn."""
        if shown != self._port:
            self._port = shown
            self.update()

    def set_wire(self, length: float) -> None:
        """How long the line from the block above is; 0 for none."""
        if length != self._wire:
            self.prepareGeometryChange()
            self._wire = length

    def set_metrics(self, metrics: Metrics) -> None:
        """Take over other measures."""
        self.prepareGeometryChange()
        self._metrics = metrics
        self.height = self._height()
        self.update()

    def _height(self) -> float:
        return self._metrics.small_height if is_small(self.row) else self._metrics.height

    def boundingRect(self) -> QRectF:
        reach = SHADOW_REACH + 2
        return self.card_rect.adjusted(-reach, -max(reach, self._wire), reach, reach)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        ratio = widget.devicePixelRatioF() if widget else 1.0
        scale = option.levelOfDetailFromTransform(painter.worldTransform()) * ratio
        if self._wire:
            self._paint_wire(painter)
        slot = self._slot()
        paint_card(painter, self._theme, scale, self.card_rect, self.content, self._mood, slot)
        if self._port:
            self._paint_port(painter)

    def _paint_wire(self, painter: QPainter) -> None:
        color = self._theme.color("wire")
        painter.setPen(QPen(color, 1.5))
        painter.drawLine(QPointF(0, -self._wire), QPointF(0, -7))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawPolygon(QPolygonF([QPointF(-4, -9), QPointF(4, -9), QPointF(0, -3)]))

    def _paint_port(self, painter: QPainter) -> None:
        painter.setPen(QPen(self._theme.color("card"), 2))
        painter.setBrush(self._theme.color("merging"))
        painter.drawEllipse(QPointF(self._metrics.right, self.height / 2), _PORT, _PORT)


def _visible(row: Row) -> tuple[object, ...]:
    """Everything a block shows of a row."""
    return (
        row.layer,
        row.output_shape,
        row.trainable,
        row.non_trainable,
        row.waits_for,
        row.problem,
        bool(row.inputs),
    )
