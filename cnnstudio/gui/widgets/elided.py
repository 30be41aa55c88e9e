"""A label that never asks for more room than it is given."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from cnnstudio.gui.widgets.labels import Role


class ElidedLabel(QLabel):
    """One line, cut with an ellipsis where it does not fit; the whole text is its tooltip and its name."""

    def __init__(
        self, role: Role, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._whole, self._mode = "", mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str, tooltip: str = "") -> None:
        """Show another text; `tooltip` where more can be said than the text itself."""
        self._whole = text
        self.setToolTip(tooltip or text)
        self.setAccessibleName(text)
        self._elide()

    def whole_text(self) -> str:
        """The text, uncut."""
        return self._whole

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 4, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(40, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        self.setText(self.fontMetrics().elidedText(self._whole, self._mode, max(self.width(), 20)))
