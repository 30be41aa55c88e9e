"""How the studio looks, as a person chooses it and as the settings remember it."""

from math import log

from cnnstudio.gui.pages.builder.previews import PreviewSource
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.window.settings import Settings

_STEP = 1.1


class Appearance:
    """Theme, size of text, and pictures in the blocks; each change is remembered."""

    def __init__(self, theme: Theme, settings: Settings, previews: PreviewSource) -> None:
        self._theme, self._settings, self._previews = theme, settings, previews
        previews.set_on(settings.previews)

    def toggle_theme(self) -> None:
        """Go from light to dark or back."""
        self._theme.toggle()
        self._settings.theme_mode = self._theme.mode

    def follow_system_theme(self) -> None:
        """Be light or dark as the desktop is."""
        self._theme.set_mode("system")
        self._settings.theme_mode = "system"

    def scale_text(self, steps: int) -> None:
        """Make all text larger, or smaller below 0, by so many steps; as many back lead to the same size."""
        taken = round(log(self._theme.text_scale, _STEP))
        self._settings.text_scale = _STEP ** (taken + steps)
        self._theme.set_text_scale(self._settings.text_scale)

    def toggle_previews(self) -> None:
        """Show the pictures in the blocks or hide them."""
        self._settings.previews = not self._settings.previews
        self._previews.set_on(self._settings.previews)
