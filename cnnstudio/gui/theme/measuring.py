"""How wide single lines of text are, kept: to measure a text costs as much as to paint it.

A view paints the same few hundred texts again and again, with a handful of fonts.
"""

from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF


@lru_cache(maxsize=8_192)
def width_of(font: QFont, text: str) -> float:
    """How many logical pixels a text takes."""
    return _metrics(font).horizontalAdvance(text)


def fitted(font: QFont, text: str, room: float, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> str:
    """The text, shortened with an ellipsis where it is wider than `room` logical pixels."""
    return text if width_of(font, text) <= room else _shortened(font, text, max(room, 0.0), mode)


@lru_cache(maxsize=2_048)
def _shortened(font: QFont, text: str, room: float, mode: Qt.TextElideMode) -> str:
    return _metrics(font).elidedText(text, mode, room)


@lru_cache(maxsize=64)
def _metrics(font: QFont) -> QFontMetricsF:
    return QFontMetricsF(font)
