"""The left column of the page: the settings, and the button that starts and stops."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.train.form import TrainingForm
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.labels import label, separator
from cnnstudio.gui.widgets.scroll import scrolled
from cnnstudio.gui.widgets.side_panel import SidePanel
from cnnstudio.gui.widgets.single_click_button import SingleClickButton

_WIDTH = 324


class SettingsPanel(SidePanel):
    """Form and buttons; `show_running` says which of them can be pressed.

    Signals:
        start_requested(): the person wants to train.
        stop_requested(): the person wants the training to end.
    """

    start_requested = Signal()
    stop_requested = Signal()

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, _WIDTH, parent)
        self._theme = theme
        self.setProperty("surface", "left")
        self.form = TrainingForm(document, theme, self)
        self.start_button = SingleClickButton(theme, "Train", "play-filled", "primary", self)
        self.stop_button = SingleClickButton(theme, "Stop", "square", "danger", self)
        self.next_run = label("Training runs. Changes apply to the next run.", "secondary", self, wrap=True)
        self._lay_out()
        self.start_button.clicked.connect(self.start_requested)
        self.stop_button.clicked.connect(self.stop_requested)
        self.show_running(False, False)

    def show_running(self, running: bool, stopping: bool) -> None:
        """Offer Train, or Stop while a training runs; one that is asked to stop can only be waited for.

        The keyboard goes from the button that was pressed to the one that takes its place.
        """
        holds_keyboard = QApplication.focusWidget() in (self, self.start_button, self.stop_button)
        if holds_keyboard:
            self.setFocus()
        self.start_button.setVisible(not running)
        self.stop_button.setVisible(running)
        self.stop_button.setEnabled(not stopping)
        self.stop_button.set_text("Stopping…" if stopping else "Stop")
        if holds_keyboard and not stopping:
            (self.stop_button if running else self.start_button).setFocus()
        self.next_run.setVisible(running)

    def _lay_out(self) -> None:
        inner = QWidget()
        inside = QVBoxLayout(inner)
        inside.setContentsMargins(16, 4, 12, 16)
        inside.addWidget(self.form)
        inside.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 14, 0, 0)
        column.setSpacing(8)
        heading = label("Training", "title", self)
        heading.setContentsMargins(16, 0, 16, 0)
        column.addWidget(heading)
        column.addWidget(scrolled(inner, self), 1)
        column.addWidget(self._footer())

    def _footer(self) -> QWidget:
        footer = QWidget(self)
        column = QVBoxLayout(footer)
        column.setContentsMargins(0, 0, 0, 14)
        column.setSpacing(10)
        column.addWidget(separator(parent=footer))
        inside = QVBoxLayout()
        inside.setContentsMargins(16, 0, 16, 0)
        for widget in (self.next_run, self.start_button, self.stop_button):
            inside.addWidget(widget)
        column.addLayout(inside)
        return footer
