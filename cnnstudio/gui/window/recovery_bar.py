"""The bar that offers work a crash left behind."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from cnnstudio.engine.files.recovery import Recovery
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.icon_button import IconButton
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.push_button import PushButton


class RecoveryBar(QFrame):
    """Hidden until `offer`; the person restores, discards, or closes it to be asked again at the next start.

    Signals, each with the Recovery that is offered:
        restore_requested(Recovery), discard_requested(Recovery).
    """

    restore_requested = Signal(object)
    discard_requested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._recovery: Recovery | None = None
        self._picture = QLabel(self)
        self.text = label("", "body", self, wrap=True)
        self.restore_button = PushButton(theme, "Restore", "history", "primary", self)
        self.discard_button = PushButton(theme, "Discard", "trash-2", "plain", self)
        self.close_button = IconButton(theme, "x", "Ask again at the next start", size=16, parent=self)
        self.setProperty("severity", "info")
        self._lay_out()
        self.restore_button.clicked.connect(self._on_restore)
        self.discard_button.clicked.connect(self._on_discard)
        self.close_button.clicked.connect(self.hide)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self.hide()

    @Slot(object)
    def offer(self, recovery: Recovery) -> None:
        """Show the bar with this work; screen readers are told."""
        self._recovery = recovery
        self.text.setText(sentence(recovery))
        self.setAccessibleName(self.text.text())
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.setSpacing(10)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.text, 1)
        for button in (self.restore_button, self.discard_button, self.close_button):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)

    @Slot()
    def _on_restore(self) -> None:
        self.hide()
        self.restore_requested.emit(self._recovery)

    @Slot()
    def _on_discard(self) -> None:
        self.hide()
        self.discard_requested.emit(self._recovery)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._picture.setPixmap(self._theme.pixmap("history", "accent", 18, self.devicePixelRatioF()))


def sentence(recovery: Recovery) -> str:
    """What was found, in the person's own time."""
    name = f" on {recovery.original.name}" if recovery.original else ""
    return f"Unsaved work{name} from {_local(recovery.saved)} was found."


def _local(time: datetime) -> str:
    here = time.astimezone()
    return f"{here.day} {here:%B %Y, %H:%M}"
