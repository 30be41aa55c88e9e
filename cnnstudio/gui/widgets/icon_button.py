"""A button that shows only an icon and says in words what it does."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QToolButton, QWidget

from cnnstudio.gui.theme.theme import Theme


class IconButton(QToolButton):
    """Tool button whose icon follows the theme; `text` is its accessible name and tooltip.

    The shortcut is only shown in the tooltip, the action of the window owns it.
    """

    def __init__(
        self,
        theme: Theme,
        icon: str,
        text: str,
        shortcut: str = "",
        size: int = 18,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._icon, self._size, self._shortcut = theme, icon, size, shortcut
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.set_text(text)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def set_icon(self, name: str) -> None:
        """Show another icon, by its name."""
        self._icon = name
        self._on_theme_changed()

    def set_text(self, text: str) -> None:
        """Say something else in the tooltip and to screen readers."""
        keys = QKeySequence(self._shortcut).toString(QKeySequence.SequenceFormat.NativeText)
        self.setAccessibleName(text)
        self.setToolTip(f"{text} ({keys})" if keys else text)

    @Slot()
    def _on_theme_changed(self) -> None:
        side = self._theme.scaled(self._size)
        self.setIconSize(QSize(side, side))
        self.setIcon(self._theme.icon(self._icon, size=self._size))
