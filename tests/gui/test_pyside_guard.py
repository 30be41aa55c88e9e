"""PySide6 itself: a release that loses references to None kills the window after some minutes."""

import sys

from PySide6.QtGui import QImage, QPainter, QPen
from pytestqt.qtbot import QtBot

CALLS = 500


def test_a_qt_method_that_returns_none_keeps_the_reference_count_of_none(qtbot: QtBot) -> None:
    image = QImage(8, 8, QImage.Format.Format_ARGB32_Premultiplied)
    painter, pen = QPainter(image), QPen()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        painter.setPen(pen)
    painter.end()
    assert sys.getrefcount(None) > before - CALLS // 5
