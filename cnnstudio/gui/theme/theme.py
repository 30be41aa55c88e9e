"""The look that is on: light or dark, and the colors, fonts and icons of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Qt, QTemporaryDir, Signal, Slot
from PySide6.QtGui import QColor, QFont, QIcon, QPixmap
from PySide6.QtWidgets import QApplication

from cnnstudio.gui.theme import fonts, icons
from cnnstudio.gui.theme.palette import palette
from cnnstudio.gui.theme.ratios import ScreenRatios
from cnnstudio.gui.theme.stylesheet import style_sheet
from cnnstudio.gui.theme.tokens import DARK, LIGHT, Tokens

Mode = Literal["light", "dark", "system"]


def wants_dark(mode: Mode, desktop: Qt.ColorScheme) -> bool:
    """Whether the dark look is to be on; a desktop that does not say counts as light."""
    return desktop == Qt.ColorScheme.Dark if mode == "system" else mode == "dark"


class Theme(QObject):
    """One per application, handed to every widget that paints or holds icons.

    `changed` is emitted after the application wears the new look, and when icons have to be drawn anew for
    another screen. A widget refreshes what it took from the theme in a slot that is its own bound method: Qt
    then drops the connection together with the widget.
    """

    changed = Signal()

    def __init__(self, app: QApplication, mode: Mode = "system", text_scale: float = 1.0) -> None:
        super().__init__(app)
        fonts.load_fonts()
        app.setStyle("Fusion")
        self.animation_ms = 160
        self._app = app
        self._mode: Mode = mode
        self._text_scale = text_scale
        self._pictures = QTemporaryDir()
        self._ratios = ScreenRatios(app, self)
        self._ratios.changed.connect(self.changed)
        self._dark = wants_dark(mode, app.styleHints().colorScheme())
        app.styleHints().colorSchemeChanged.connect(self._on_system_changed)
        self.apply()

    @property
    def mode(self) -> Mode:
        """What the person chose; `system` follows the desktop."""
        return self._mode

    @property
    def is_dark(self) -> bool:
        """Whether the dark look is on now."""
        return self._dark

    @property
    def tokens(self) -> Tokens:
        """The color table that is on now."""
        return DARK if self._dark else LIGHT

    @property
    def text_scale(self) -> float:
        """How much larger than designed all text is; 1.25 is 125%."""
        return self._text_scale

    def set_mode(self, mode: Mode) -> None:
        """Choose light, dark or the desktop's look."""
        self._mode = mode
        self._on_system_changed()

    def set_text_scale(self, scale: float) -> None:
        """Choose how large text is; 1.0 is as designed."""
        if scale != self._text_scale:
            self._text_scale = scale
            self.apply()

    def toggle(self) -> None:
        """Go to light from dark and to dark from light, whatever the desktop does."""
        self.set_mode("light" if self._dark else "dark")

    def apply(self) -> None:
        """Dress the application in the current look and tell everybody."""
        self._app.setPalette(palette(self.tokens))
        self._app.setFont(self.font(13))
        self._style_sheet = style_sheet(self.tokens, Path(self._pictures.path()), self._text_scale)
        self._app.setStyleSheet(self._style_sheet)
        self.changed.emit()

    @contextmanager
    def without_style_sheet(self) -> Iterator[None]:
        """Build many widgets meanwhile: Qt works the style sheet out anew for all that a widget contains
        whenever the widget gets another parent, at each level of a window.
        """
        self._app.setStyleSheet("")
        try:
            yield
        finally:
            self._app.setStyleSheet(self._style_sheet)

    def color(self, name: str, alpha: float = 1.0) -> QColor:
        """The color of a token, shared between callers: do not change it in place."""
        return _color(getattr(self.tokens, name), alpha)

    def family_color(self, family: str, alpha: float = 1.0) -> QColor:
        """The hue of a layer family, a key of `tokens.Family`; shared as `color` is."""
        return self.color(family, alpha)

    def tile_color(self, family: str) -> QColor:
        """The translucent ground of a family's icon tile."""
        return self.color(family, self.tokens.tile_alpha)

    def font(self, px: float, weight: QFont.Weight = fonts.REGULAR, tabular: bool = False) -> QFont:
        """Inter at `px` designed pixels; the text scale is applied here."""
        return fonts.font(px, weight, tabular, self._text_scale)

    def scaled(self, px: float) -> int:
        """A designed length in pixels, grown with the text."""
        return round(px * self._text_scale)

    def icon(self, name: str, color: str = "text2", size: int = 18) -> QIcon:
        """An icon in the color of the token `color`."""
        return icons.icon(
            name, getattr(self.tokens, color), self.scaled(size), self.tokens.disabled, self._ratios.values
        )

    def pixmap(self, name: str, color: str, size: int, dpr: float = 1.0) -> QPixmap:
        """A picture of an icon in the color of the token `color`, for painted widgets and labels."""
        return icons.pixmap(name, getattr(self.tokens, color), self.scaled(size), dpr)

    @Slot()
    def _on_system_changed(self) -> None:
        if wants_dark(self._mode, self._app.styleHints().colorScheme()) != self._dark:
            self._dark = not self._dark
            self.apply()


@lru_cache(maxsize=512)
def _color(name: str, alpha: float) -> QColor:
    made = QColor(name)
    made.setAlphaF(alpha)
    return made
