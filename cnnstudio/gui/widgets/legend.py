"""The scale of a map of numbers: a thin strip of its colors with the numbers at its ends."""

import numpy as np
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPixmap

from cnnstudio.core.values.words import with_minus
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.colormaps import LEVELS, Colormap, Range, color_table

_STRIP_PX = 6
_GAP_PX = 3
_TEXT_PX = 11


def legend_text(number: float) -> str:
    """A number short enough for the end of a scale, with a true minus sign."""
    return with_minus(f"{number:.3g}")


def legend_height(theme: Theme) -> int:
    """Pixels that the strip and its numbers take."""
    return _STRIP_PX + _GAP_PX + QFontMetrics(theme.font(_TEXT_PX, tabular=True)).height()


def paint_legend(painter: QPainter, theme: Theme, area: QRect, name: Colormap, limits: Range) -> None:
    """Paint the scale into the top of `area`; one number is enough when both limits are the same."""
    strip = QRectF(area.left(), area.top(), area.width(), _STRIP_PX)
    painter.drawPixmap(strip, _strip(name), QRectF(0, 0, LEVELS, 1))
    painter.setPen(theme.color("outline"))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(strip.adjusted(0.5, 0.5, -0.5, -0.5))
    painter.setFont(theme.font(_TEXT_PX, tabular=True))
    painter.setPen(theme.color("text2"))
    texts = area.adjusted(0, _STRIP_PX + _GAP_PX, 0, 0)
    lowest, highest = limits
    if lowest == highest:
        painter.drawText(texts, Qt.AlignmentFlag.AlignHCenter, f"{legend_text(lowest)} everywhere")
        return
    _paint_ends(painter, texts, limits)


def _paint_ends(painter: QPainter, texts: QRect, limits: Range) -> None:
    lowest, highest = (legend_text(limit) for limit in limits)
    metrics = painter.fontMetrics()
    painter.drawText(texts, Qt.AlignmentFlag.AlignLeft, lowest)
    painter.drawText(texts, Qt.AlignmentFlag.AlignRight, highest)
    if not limits[0] < 0 < limits[1]:
        return
    zero = texts.left() + round(texts.width() * -limits[0] / (limits[1] - limits[0]))
    left = texts.left() + metrics.horizontalAdvance(lowest) + metrics.averageCharWidth()
    right = texts.right() - metrics.horizontalAdvance(highest) - metrics.averageCharWidth()
    half = metrics.horizontalAdvance("0") // 2 + 1
    # The zero is left out where it would touch the number at an end.
    if left + half < zero < right - half:
        painter.drawText(
            QRect(zero - 10, texts.top(), 20, texts.height()), Qt.AlignmentFlag.AlignHCenter, "0"
        )


def _strip(name: Colormap) -> QPixmap:
    row = np.ascontiguousarray(color_table(name)[:LEVELS])
    return QPixmap.fromImage(QImage(row.data, LEVELS, 1, 3 * LEVELS, QImage.Format.Format_RGB888))
