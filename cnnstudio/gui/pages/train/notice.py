"""One sentence on a colored ground that comes and goes with what it says."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.labels import label


class Notice(QFrame):
    """A warning; hidden while there is nothing to say."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("severity", "warning")
        self._picture = QLabel(self)
        self.text = label("", "body", self, wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(10)
        row.addWidget(self._picture)
        row.addWidget(self.text, 1)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self.say("")

    def say(self, text: str) -> None:
        """Show a sentence, or nothing for an empty one."""
        self.text.setText(text)
        self.setAccessibleName(f"Warning: {text}")
        self.setVisible(bool(text))

    @Slot()
    def _on_theme_changed(self) -> None:
        ratio = self.devicePixelRatioF()
        self._picture.setPixmap(self._theme.pixmap("triangle-alert", "warning", 18, ratio))
