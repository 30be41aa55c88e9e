"""How wide single lines of text are and where they begin, kept: to measure costs as much as to paint.

A view paints the same few hundred texts again and again, with a handful of fonts.
"""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QStaticText

_BETWEEN = " · "


@lru_cache(maxsize=8_192)
def width_of(font: QFont, text: str) -> float:
    """How many logical pixels a text takes."""
    return _metrics(font).horizontalAdvance(text)


def fitted(font: QFont, text: str, room: float, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> str:
    """The text, shortened with an ellipsis where it is wider than `room` logical pixels."""
    return text if width_of(font, text) <= room else _shortened(font, text, max(room, 0.0), mode)


@lru_cache(maxsize=2_048)
def whole_parts(font: QFont, text: str, room: float) -> str:
    """As many parts between ` · ` as fit, with an ellipsis for the rest; nothing where none fits.

    Half a word, such as `dilati…`, says less than none.
    """
    if width_of(font, text) <= room:
        return text
    parts = text.split(_BETWEEN)
    shorter = (_BETWEEN.join([*parts[:count], "…"]) for count in range(len(parts) - 1, 0, -1))
    return next((one for one in shorter if width_of(font, one) <= room), "")


def line_start(font: QFont, text: str, area: QRect | QRectF, at_right: bool = False) -> QPointF:
    """Where to paint a line of text: the left end of its baseline, centred between top and bottom.

    With a rectangle instead of a point, `QPainter.drawText` lays out a paragraph first.
    """
    x = area.x() + area.width() - width_of(font, text) if at_right else area.x()
    return QPointF(x, round(area.y() + _baseline(font, area.height())))


def draw_line(
    painter: QPainter, font: QFont, text: str, area: QRect | QRectF, at_right: bool = False
) -> None:
    """Paint a line of text as `line_start` places it; `painter` has that font.

    The glyphs are kept: in a table of many cells `QPainter.drawText` would choose them again for each.
    """
    line, taken = _line(font, text)
    x = area.x() + area.width() - taken if at_right else area.x()
    painter.drawStaticText(QPointF(x, _top(font, area.y(), area.height())), line)


@lru_cache(maxsize=2_048)
def _line(font: QFont, text: str) -> tuple[QStaticText, float]:
    """The text ready to be painted, and its width."""
    made = QStaticText(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made, width_of(font, text)


@lru_cache(maxsize=256)
def _baseline(font: QFont, height: float) -> float:
    metrics = _metrics(font)
    return (height - metrics.height()) / 2 + metrics.ascent()


@lru_cache(maxsize=256)
def _top(font: QFont, y: float, height: float) -> float:
    """The upper end of a line of text with its baseline on a whole pixel."""
    return round(y + _baseline(font, height)) - _metrics(font).ascent()


@lru_cache(maxsize=2_048)
def _shortened(font: QFont, text: str, room: float, mode: Qt.TextElideMode) -> str:
    return _metrics(font).elidedText(text, mode, room)


@lru_cache(maxsize=64)
def _metrics(font: QFont) -> QFontMetricsF:
    return QFontMetricsF(font)
