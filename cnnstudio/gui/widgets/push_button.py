"""A button with a text and, if wanted, an icon that follows the theme."""

from typing import Literal

from PySide6.QtCore import QSize, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from cnnstudio.gui.theme.theme import Theme

Variant = Literal["plain", "primary", "danger", "quiet"]

_ICON_COLORS: dict[Variant, str] = {
    "plain": "text2",
    "primary": "on_accent",
    "danger": "danger",
    "quiet": "accent",
}
_ICON_PX = 15


class PushButton(QPushButton):
    """`primary` is the one main step of a page, `danger` destroys something, `quiet` has no frame."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        icon: str = "",
        variant: Variant = "plain",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._icon, self._variant = theme, icon, variant
        self.setProperty("variant", variant)
        self.set_text(text)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def set_text(self, text: str) -> None:
        """Show another text."""
        # Qt has no setting for the gap between icon and text.
        self.setText(f" {text}" if self._icon else text)
        self.setAccessibleName(text)

    def set_icon(self, name: str) -> None:
        """Show another icon, by its name."""
        self._icon = name
        self._on_theme_changed()

    @Slot()
    def _on_theme_changed(self) -> None:
        if self._icon:
            side = self._theme.scaled(_ICON_PX)
            self.setIconSize(QSize(side, side))
            self.setIcon(self._theme.icon(self._icon, _ICON_COLORS[self._variant], _ICON_PX))
