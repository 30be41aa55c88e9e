"""A message that stays in the page instead of stopping the person with a dialog."""

from typing import Literal

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from cnnstudio.gui.theme.fonts import code_font
from cnnstudio.gui.theme.severity import LOOKS
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.icon_button import IconButton
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.text_keys import TextKeys

Severity = Literal["info", "warning", "error"]

_UNDER_WAY = "info"
_DETAILS_HEIGHT = 120
_LEAST_WIDTH, _BESIDE_TEXT = 280, 96
"""Designed pixels: the narrowest bar, and what icon, close button and margins take beside the text."""


class MessageBar(QFrame):
    """Hidden until `show_message`; shows one message at a time, whose text can be selected and copied.

    `closed` fires when the person closes it. Screen readers are told as soon as a message appears.
    """

    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._severity: Severity = "info"
        self._picture = QLabel(self)
        self.text = label("", "body", self, wrap=True)
        self.more = QPushButton("Details", self)
        self.details = QPlainTextEdit(self)
        self.close_button = IconButton(theme, "x", "Close this message", size=16, parent=self)
        self._set_up()
        self._lay_out()
        theme.changed.connect(self._on_theme_changed)
        self.hide()

    def show_message(self, severity: Severity, text: str, details: str = "") -> None:
        """Show a sentence; `details`, such as a traceback, stays folded until it is asked for.

        An empty text takes away what stands there: what it was about has gone well since.
        """
        if not text:
            self.hide()
            return
        self._severity = severity
        self.text.setText(text)
        self.setAccessibleName(f"{severity.capitalize()}: {text}")
        self.details.setPlainText(details)
        self.more.setVisible(bool(details))
        self._fold(True)
        self.setProperty("severity", severity)
        self.style().unpolish(self)
        self.style().polish(self)
        self._on_theme_changed()
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def severity(self) -> Severity:
        """How serious the message that was shown last is."""
        return self._severity

    def sizeHint(self) -> QSize:
        """Wide enough for the text on one line."""
        text = self.text.fontMetrics().horizontalAdvance(self.text.text())
        more = self.more.sizeHint().width() if not self.more.isHidden() else 0
        width = max(text + more + self._theme.scaled(_BESIDE_TEXT), self._theme.scaled(_LEAST_WIDTH))
        return QSize(width, super().sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._on_closed()
        else:
            super().keyPressEvent(event)

    def _set_up(self) -> None:
        flags = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        self.text.setTextInteractionFlags(flags)
        for text in (self.text, self.details):
            TextKeys(text)
        self.more.setProperty("variant", "quiet")
        self.details.setReadOnly(True)
        self.details.setFixedHeight(_DETAILS_HEIGHT)
        self.details.setAccessibleName("Details of the message")
        self.more.clicked.connect(self._on_more_clicked)
        self.close_button.clicked.connect(self._on_closed)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.text, 1)
        row.addWidget(self.more, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 6, 6)
        column.addLayout(row)
        column.addWidget(self.details)

    def _fold(self, folded: bool) -> None:
        self.details.setVisible(not folded)
        self.more.setText("Details" if folded else "Hide details")

    @Slot()
    def _on_more_clicked(self) -> None:
        self._fold(self.details.isVisible())

    @Slot()
    def _on_closed(self) -> None:
        self.hide()
        self.closed.emit()

    @Slot()
    def _on_theme_changed(self) -> None:
        look = LOOKS[self._severity]
        name = look.icon
        if self._severity == "info" and self.text.text().endswith("…"):
            name = _UNDER_WAY
        self.details.setFont(code_font(12, self._theme.text_scale))
        self._picture.setPixmap(self._theme.pixmap(name, look.color, 18, self.devicePixelRatioF()))
