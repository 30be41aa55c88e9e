"""One layer on the canvas."""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPen

from cnnstudio.core.analysis import Row
from cnnstudio.core.analysis.findings import Finding
from cnnstudio.gui.pages.builder.stack.card import paint_card
from cnnstudio.gui.pages.builder.stack.content import Content, content_of, is_small
from cnnstudio.gui.pages.builder.stack.metrics import Metrics
from cnnstudio.gui.pages.builder.stack.stack_item import StackItem
from cnnstudio.gui.pages.builder.stack.stack_rows import StackRows
from cnnstudio.gui.theme.theme import Theme

_PORT = 6.0


class Block(StackItem):
    """Shows what is known of a layer, looked up when it is painted or read: most blocks are out of sight."""

    def __init__(self, theme: Theme, metrics: Metrics, name: str, stack_rows: StackRows) -> None:
        super().__init__(theme, metrics)
        self.name = name
        self._stack_rows = stack_rows
        self._row = stack_rows.row(name)
        self._findings: tuple[Finding, ...] = ()
        self._content: Content | None = None
        self.height = self._height()
        self._port = False

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name,)

    @property
    def content(self) -> Content:
        self.refresh()
        if self._content is None:
            self._content = content_of(self._row, self._findings)
            self._tell(self._content)
        return self._content

    def refresh(self) -> None:
        """Take over what is known now, and repaint where something to be seen is another."""
        row, findings = self._stack_rows.row(self.name), self._stack_rows.findings(self.name)
        same = row is self._row or _visible(row) == _visible(self._row)
        self._row = row
        if not same or findings != self._findings:
            self._findings, self._content = findings, None
            # Also while it is being painted: that may be for a strip of it only, beside something that moved.
            self.update()

    def update_height(self) -> None:
        """Stand as high as the kind of its layer asks for."""
        if self._height() != self.height:
            self._begin_reshape()
            self.height = self._height()
            self.update()

    def show_port(self, shown: bool) -> None:
        """Show or hide the handle from which an arc is drawn."""
        if shown != self._port:
            self._port = shown
            self.update()

    def _height(self) -> float:
        is_low = is_small(self._stack_rows.row(self.name))
        return self._metrics.small_height if is_low else self._metrics.height

    def _paint_body(self, painter: QPainter, scale: float) -> None:
        paint_card(painter, self._theme, scale, self.card_rect, self.content, self._highlight, self._slot())
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
