"""The room of the response panel."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from cnnstudio.gui.pages.inspector.response_panel import ResponsePanel

_SCROLL_BAR_PX = 12


class PanelScroll(QScrollArea):
    """In a low window the panel scrolls instead of keeping the window high; it is told how much is seen."""

    def __init__(self, panel: ResponsePanel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panel = panel
        self.setWidget(panel)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def minimumSizeHint(self) -> QSize:
        """The panel is never cut at its side."""
        width = self._panel.minimumSizeHint().width() + _SCROLL_BAR_PX
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._panel.arrange(self.viewport().width(), self.viewport().height())
