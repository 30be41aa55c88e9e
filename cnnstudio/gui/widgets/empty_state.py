"""What a page shows while it has nothing to show."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.labels import label

_ICON_PX = 36
_WIDEST_TEXT_PX = 340
_ALL = 1_000
"""The stretch of a text: it takes all the width up to its largest."""


class EmptyState(QWidget):
    """Icon, title, one sentence and, when `button` has a text, the next step; `activated` is that button.

    Texts wrap, so that it fits a narrow side panel as well as a page.
    """

    activated = Signal()

    def __init__(
        self,
        theme: Theme,
        icon: str,
        title: str,
        sentence: str,
        button: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._icon = theme, icon
        self._picture = QLabel(self)
        self.title = label(title, "title", self, wrap=True)
        self.sentence = label(sentence, "secondary", self, wrap=True)
        self.button = QPushButton(button, self)
        self.button.setVisible(bool(button))
        self.button.clicked.connect(self.activated)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        self._lay_out()
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def set_texts(self, title: str, sentence: str) -> None:
        """Say something else."""
        self.title.setText(title)
        self.sentence.setText(sentence)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.addStretch(1)
        column.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(4)
        for text in (self.title, self.sentence):
            text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addLayout(_centred(text))
        column.addSpacing(8)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._picture.setPixmap(self._theme.pixmap(self._icon, "text3", _ICON_PX, self.devicePixelRatioF()))
        for text in (self.title, self.sentence):
            text.setMaximumWidth(self._theme.scaled(_WIDEST_TEXT_PX))


def _centred(text: QLabel) -> QHBoxLayout:
    # An alignment flag would take away the height that wrapped lines need.
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(text, _ALL)
    row.addStretch(1)
    return row
