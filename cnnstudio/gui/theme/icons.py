"""Shipped line icons in any color and size.

A name is that of a file in `resources/icons` without `.svg`; `-filled` at its end (`play-filled`,
`star-filled`) gives the same outline with its inside filled.
"""

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from cnnstudio.engine.files.resources import resource_path

_FILLED = "-filled"


def icon_path(name: str) -> Path:
    """Where the icon's file is."""
    return resource_path("icons", f"{name.removesuffix(_FILLED)}.svg")


def icon_svg(name: str, color: str, stroke: float = 2.0) -> str:
    """The icon as SVG text, drawn in `color` with lines `stroke` of its 24 units thick."""
    text = _source(name.removesuffix(_FILLED))
    if name.endswith(_FILLED):
        text = text.replace('fill="none"', 'fill="currentColor"')
    return text.replace("currentColor", color).replace('stroke-width="2"', f'stroke-width="{stroke}"')


@lru_cache(maxsize=4096)
def pixmap(name: str, color: str, size: int, dpr: float = 1.0) -> QPixmap:
    """The icon in `color` on a transparent ground, `size` logical pixels wide and high."""
    side = round(size * dpr)
    drawn = QPixmap(side, side)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    QSvgRenderer(QByteArray(icon_svg(name, color).encode())).render(painter)
    painter.end()
    drawn.setDevicePixelRatio(dpr)
    return drawn


@lru_cache(maxsize=1024)
def icon(
    name: str, color: str, size: int = 18, disabled: str | None = None, ratios: tuple[float, ...] = (1.0,)
) -> QIcon:
    """The icon for buttons and menus, drawn for each ratio; in `disabled` where it cannot be pressed."""
    made = QIcon()
    for dpr in ratios:
        made.addPixmap(pixmap(name, color, size, dpr))
        if disabled is not None:
            made.addPixmap(pixmap(name, disabled, size, dpr), QIcon.Mode.Disabled)
    return made


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    return icon_path(name).read_text(encoding="utf-8")
