"""The buttons for zoom in the corner of the canvas."""

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QPushButton, QWidget

from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.icon_button import IconButton


class ZoomPill(QFrame):
    """A row of buttons; a compact one is flatter, for a canvas that the column fills.

    Signals: stepped(int) with -1 or 1, reset() to 100%, fit_requested() for the whole stack.
    """

    stepped = Signal(int)
    reset = Signal()
    fit_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self.out_button = IconButton(theme, "minus", "Zoom out", size=16, parent=self)
        self.percent = QPushButton("100%", self)
        self.percent.setProperty("variant", "quiet")
        self.percent.setToolTip("Back to 100%")
        self.in_button = IconButton(theme, "plus", "Zoom in", size=16, parent=self)
        self.fit_button = IconButton(theme, "maximize", "Show the whole stack", size=16, parent=self)
        self._row = QHBoxLayout(self)
        self._buttons = (self.out_button, self.percent, self.in_button, self.fit_button)
        for button in self._buttons:
            self._row.addWidget(button)
        self._is_compact = True
        self.set_compact(False)
        self.out_button.clicked.connect(self._on_out)
        self.in_button.clicked.connect(self._on_in)
        self.percent.clicked.connect(self.reset)
        self.fit_button.clicked.connect(self.fit_requested)
        self.show_scale(1.0, True, True)

    def set_compact(self, compact: bool) -> None:
        """Take less room, or all that is comfortable."""
        if compact == self._is_compact:
            return
        self._is_compact = compact
        margin, gap = (1, 0) if compact else (4, 2)
        self._row.setContentsMargins(margin, margin, margin, margin)
        self._row.setSpacing(gap)
        for button in self._buttons:
            button.setProperty("compact", compact)
            button.style().unpolish(button)
            button.style().polish(button)
            # A button keeps the size it would like to have until it is told that its style is another.
            QApplication.sendEvent(button, QEvent(QEvent.Type.StyleChange))

    def show_scale(self, scale: float, can_shrink: bool, can_grow: bool) -> None:
        """Show the zoom that is on."""
        self.percent.setText(f"{round(scale * 100)}%")
        self.percent.setAccessibleName(f"Zoom {round(scale * 100)} percent, press for 100")
        self.out_button.setEnabled(can_shrink)
        self.in_button.setEnabled(can_grow)

    @Slot()
    def _on_out(self) -> None:
        self.stepped.emit(-1)

    @Slot()
    def _on_in(self) -> None:
        self.stepped.emit(1)
