"""How wide single lines of text are and where they begin, kept: to measure costs as much as to paint.

A view paints the same few hundred texts again and again, with a handful of fonts.
"""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF

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


@lru_cache(maxsize=256)
def _baseline(font: QFont, height: float) -> float:
    metrics = _metrics(font)
    return (height - metrics.height()) / 2 + metrics.ascent()


@lru_cache(maxsize=2_048)
def _shortened(font: QFont, text: str, room: float, mode: Qt.TextElideMode) -> str:
    return _metrics(font).elidedText(text, mode, room)


@lru_cache(maxsize=64)
def _metrics(font: QFont) -> QFontMetricsF:
    return QFontMetricsF(font)
