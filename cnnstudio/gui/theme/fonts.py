"""The shipped typefaces: Inter in the sizes and weights the window uses, JetBrains Mono for code."""

from functools import lru_cache

from PySide6.QtGui import QFont, QFontDatabase

from cnnstudio.engine.files.resources import resource_path

FAMILY = "Inter"
CODE_FAMILY = "JetBrains Mono"
REGULAR, MEDIUM, SEMIBOLD = QFont.Weight.Normal, QFont.Weight.Medium, QFont.Weight.DemiBold
_FILES = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf", "JetBrainsMono-Regular.ttf")


@lru_cache(maxsize=1)
def load_fonts() -> None:
    """Make the typefaces known to Qt; needs a QGuiApplication. A second call does nothing."""
    for name in _FILES:
        QFontDatabase.addApplicationFont(str(resource_path("fonts", name)))


@lru_cache(maxsize=256)
def font(px: float, weight: QFont.Weight = REGULAR, tabular: bool = False, scale: float = 1.0) -> QFont:
    """Inter of `px` times `scale` logical pixels; `tabular` gives all digits one width.

    The font is shared: copy it before changing it.
    """
    made = QFont(FAMILY)
    made.setPixelSize(round(px * scale))
    made.setWeight(weight)
    if tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


@lru_cache(maxsize=64)
def code_font(px: float, scale: float = 1.0) -> QFont:
    """JetBrains Mono of `px` times `scale` logical pixels, without ligatures: `!=` stays two letters.

    The font is shared: copy it before changing it.
    """
    made = QFont(CODE_FAMILY)
    made.setStyleHint(QFont.StyleHint.Monospace)
    made.setPixelSize(round(px * scale))
    made.setFeature(QFont.Tag("calt"), 0)
    return made
