"""What the form shows while there is nothing to edit, narrow enough for a side panel."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.labels import label

_ICON_PX = 28


class NothingSelected(QWidget):
    """An icon, a title and a sentence that says what to do."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._picture = QLabel(self)
        self.title = label("", "heading", self)
        self.sentence = label("", "secondary", self, wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(6)
        column.addStretch(1)
        for part in (self._picture, self.title, self.sentence):
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(part)
        column.addStretch(2)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_texts(self, title: str, sentence: str) -> None:
        """Say this."""
        self.title.setText(title)
        self.sentence.setText(sentence)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)

    @Slot()
    def _on_theme_changed(self) -> None:
        picture = self._theme.pixmap("sliders-horizontal", "text3", _ICON_PX, self.devicePixelRatioF())
        self._picture.setPixmap(picture)
