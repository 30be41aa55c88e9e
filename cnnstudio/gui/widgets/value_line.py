"""A line with a title at its left and a value at its right."""

from PySide6.QtCore import QRect, QSize, Qt, Slot
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from cnnstudio.gui.theme.measuring import fitted, line_start, width_of
from cnnstudio.gui.theme.theme import Theme

_TEXT_PX, _LINE_PX = 12, 15
_GAP_PX = 8
_MIDDLE = Qt.TextElideMode.ElideMiddle
_LEAST_SHARE = 0.6


class ValueLine(QLabel):
    """Painted, so that another value lays nothing out anew; a title without room is cut in its middle.

    A label to screen readers: they hear both texts, and the explanation that is also the tooltip.
    """

    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._title, self._value = theme, title, ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._on_theme_changed)

    @property
    def title(self) -> str:
        """What the value is of."""
        return self._title

    @property
    def value(self) -> str:
        """What is told."""
        return self._value

    def show_value(self, value: str, explanation: str, title: str | None = None) -> None:
        """Tell another value; the title stays where none is given."""
        title = self._title if title is None else title
        self.setToolTip(explanation)
        self.setAccessibleDescription(explanation)
        if (title, value) != (self._title, self._value):
            self._title, self._value = title, value
            self.setAccessibleName(f"{title}: {value}")
            self.update()

    def sizeHint(self) -> QSize:
        room = self._theme.scaled(_GAP_PX) + width_of(self._font, self._title + self._value)
        return QSize(round(room), self._theme.scaled(_LINE_PX))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.scaled(80), self._theme.scaled(_LINE_PX))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, area = QPainter(self), self.rect()
        painter.setFont(self._font)
        painter.setPen(self._theme.color("text2"))
        value = fitted(self._font, self._value, area.width())
        painter.drawText(line_start(self._font, value, area, at_right=True), value)
        used = round(width_of(self._font, value)) + self._theme.scaled(_GAP_PX)
        room = QRect(0, 0, max(0, area.width() - used), area.height())
        # The first and the last letter of a title say nothing: the tooltip has it whole.
        is_told = room.width() >= _LEAST_SHARE * width_of(self._font, self._title)
        title = fitted(self._font, self._title, room.width(), _MIDDLE) if is_told else ""
        painter.drawText(line_start(self._font, title, room), title)

    @property
    def _font(self) -> QFont:
        return self._theme.font(_TEXT_PX, tabular=True)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.updateGeometry()
        self.update()
