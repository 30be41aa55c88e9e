"""One layer on the canvas."""

import html
from collections.abc import Sequence

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPen

from cnnstudio.core.analysis import Row
from cnnstudio.core.findings import Finding
from cnnstudio.gui.builder.previews import ShownPreview
from cnnstudio.gui.builder.stack.card import paint_card, texts_of
from cnnstudio.gui.builder.stack.content import Content, content_of, is_small
from cnnstudio.gui.builder.stack.metrics import Metrics
from cnnstudio.gui.builder.stack.standing import Standing
from cnnstudio.gui.builder.stack.thumbnail import Slot, Thumbnail, slot_box, thumbnail_of
from cnnstudio.gui.theme.theme import Theme

_PORT = 6.0


class Block(Standing):
    """Shows one row of the analysis. What it shows is worked out when it is painted or read."""

    def __init__(self, theme: Theme, metrics: Metrics, row: Row) -> None:
        super().__init__(theme, metrics)
        self.row = row
        self._findings: tuple[Finding, ...] = ()
        self._content: Content | None = None
        self._picture: ShownPreview | None = None
        self._thumbnail: Thumbnail | None = None
        self.height = self._height()
        self._port = False

    @property
    def name(self) -> str:
        """The layer's name."""
        return self.row.name

    @property
    def names(self) -> tuple[str, ...]:
        return (self.row.name,)

    @property
    def content(self) -> Content:
        if self._content is None:
            self._content = content_of(self.row, self._findings)
        return self._content

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
        self._begin_reshape()
        self.row = row
        self._content = None
        self.height = self._height()
        self.update()

    def show_port(self, shown: bool) -> None:
        """Show or hide the handle from which an arc is drawn."""
        if shown != self._port:
            self._port = shown
            self.update()

    def _height(self) -> float:
        return self._metrics.small_height if is_small(self.row) else self._metrics.height

    def _paint_body(self, painter: QPainter, scale: float) -> None:
        paint_card(painter, self._theme, scale, self.card_rect, self.content, self._mood, self._slot())
        if self._port:
            self._paint_port(painter)

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
