"""The sums of the selected layer, numbers in place; each number knows the setting it comes from."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from cnnstudio.core.layers.arithmetic import Sum
from cnnstudio.core.values.words import with_signs
from cnnstudio.gui.pages.builder.panel.sum_layout import Measure, Placed, placed
from cnnstudio.gui.theme.measuring import draw_line, width_of
from cnnstudio.gui.theme.theme import Theme

_TEXT_PX = 12
_LABEL_PX = 70
_LINE_PX = 22
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class SumLines(QWidget):
    """Paints sums; the pieces that come from a setting are underlined and can be pointed at.

    The mouse points at them, and so do the arrow keys once the widget has the focus.

    Signals:
        term_hovered(object): the name of the setting pointed at, or `None`.
        term_clicked(object): the name of the setting that was clicked, or on which Enter was pressed.
    """

    term_hovered = Signal(object)
    term_clicked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sums: Sequence[Sum] = ()
        self._placed = Placed((), (), 0)
        self._areas: list[QRectF] = []
        self._pointed: int | None = None
        self._told: str | None = None
        self._width = self._measure()
        self.setMouseTracking(True)
        # It has a ground of its own: what it covers need not be painted first.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Arithmetic of the selected layer")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._on_theme_changed)

    def show_sums(self, sums: Sequence[Sum]) -> None:
        """Show these sums; what is pointed at stays where the same setting is still there."""
        if tuple(sums) == tuple(self._sums):
            return
        self._sums = sums
        self.setAccessibleDescription("; ".join(f"{one.label}: {with_signs(one.text)}" for one in sums))
        self._place()

    def pointed_setting(self) -> str | None:
        """The setting of the piece that is pointed at."""
        return None if self._pointed is None else self._placed.pieces[self._pointed].setting

    def rect_of(self, setting: str) -> QRectF:
        """Where the first piece of that setting stands; an empty rectangle when there is none."""
        at = next((at for at in self._placed.links if self._placed.pieces[at].setting == setting), None)
        return QRectF() if at is None else self._areas[at]

    def sizeHint(self) -> QSize:
        return QSize(self._theme.scaled(260), self._theme.scaled(_LINE_PX) * max(1, self._placed.lines) + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.scaled(160), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._place()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self._at(event.position().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # A finger presses without having pointed.
        self._point(self._at(event.position().toPoint()))
        if self._pointed is not None:
            self.term_clicked.emit(self.pointed_setting())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._pointed is None and self._placed.links and event.reason() != Qt.FocusReason.MouseFocusReason:
            self._point(self._placed.links[0])

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and self._placed.links:
            self._point(self._stepped(step))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._pointed is not None:
            self.term_clicked.emit(self.pointed_setting())
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        painter.fillRect(event.rect(), self._theme.color("panel"))
        self._paint_labels(painter, event.rect())
        if self._pointed is not None:
            self._paint_pointer(painter, self._areas[self._pointed])
        seen = [at for at, area in enumerate(self._areas) if event.rect().intersects(area.toAlignedRect())]
        links = [at for at in seen if self._placed.pieces[at].setting is not None]
        self._paint_texts(painter, "text", [at for at in seen if at not in links])
        self._paint_texts(painter, "accent", links)
        self._paint_underlines(painter, links)

    def _paint_labels(self, painter: QPainter, seen: QRect) -> None:
        width = self._theme.scaled(_LABEL_PX)
        painter.setPen(self._theme.color("text3"))
        for one in self._placed.labels:
            area = self._line_rect(one.line, width)
            if seen.intersects(area):
                draw_line(painter, self._font, one.text, area)

    def _paint_texts(self, painter: QPainter, color: str, pieces: Sequence[int]) -> None:
        painter.setPen(self._theme.color(color))
        for at in pieces:
            text = self._placed.pieces[at].text
            draw_line(painter, self._font, text, self._areas[at])

    def _paint_underlines(self, painter: QPainter, links: Sequence[int]) -> None:
        painter.setPen(QPen(self._theme.color("accent"), 1, Qt.PenStyle.DotLine))
        below = self._theme.scaled(_TEXT_PX) * 0.62
        for area in (self._areas[at] for at in links):
            y = round(area.center().y() + below)
            painter.drawLine(round(area.left()), y, round(area.right()), y)

    def _paint_pointer(self, painter: QPainter, area: QRectF) -> None:
        painter.setPen(QPen(self._theme.color("accent"), 1))
        painter.setBrush(self._theme.color("accent_soft"))
        painter.drawRoundedRect(area.adjusted(-2.5, 2.5, 2.5, -2.5), 4, 4)

    @property
    def _font(self) -> QFont:
        return self._theme.font(_TEXT_PX, tabular=True)

    def _measure(self) -> Measure:
        """How wide a text is in the theme's font."""
        return partial(width_of, self._font)

    def _place(self) -> None:
        left = self._theme.scaled(_LABEL_PX)
        former, setting = self._placed, self.pointed_setting()
        self._placed = placed(self._sums, left, self.width() - 4, self._width)
        height = self._theme.scaled(_LINE_PX)
        self._areas = [QRectF(one.x, one.line * height, one.width, height) for one in self._placed.pieces]
        same = (at for at in self._placed.links if self._placed.pieces[at].setting == setting)
        self._point(next(same, None) if setting is not None else None)
        if former.lines != self._placed.lines:
            self.updateGeometry()
        for line in self._placed.differing(former):
            self.update(self._line_rect(line, self.width()))

    def _line_rect(self, line: int, width: int) -> QRect:
        height = self._theme.scaled(_LINE_PX)
        return QRect(0, line * height, width, height)

    def _at(self, position: QPoint) -> int | None:
        return next((at for at in self._placed.links if self._areas[at].contains(position)), None)

    def _stepped(self, step: int) -> int:
        links = self._placed.links
        if self._pointed is None:
            return links[0 if step > 0 else -1]
        return links[max(0, min(links.index(self._pointed) + step, len(links) - 1))]

    def _point(self, at: int | None) -> None:
        if at != self._pointed:
            self._pointed = at
            self.setCursor(Qt.CursorShape.ArrowCursor if at is None else Qt.CursorShape.PointingHandCursor)
            self.update()
        setting = self.pointed_setting()
        if setting != self._told:
            self._told = setting
            self.term_hovered.emit(setting)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._width = self._measure()
        self._place()
        self.updateGeometry()
        self.update()
