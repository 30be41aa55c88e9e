"""A row of choices of which exactly one is on."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from cnnstudio.gui.widgets.reading_order import mark_as_choice

_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
}


class _Segment(QPushButton):
    """One choice; arrow keys are handed to the control, which knows the neighbours."""

    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(step)


class Segmented(QFrame):
    """Shows `(value, text)` choices side by side; Tab reaches the one that is on, arrow keys move it.

    `chosen(object)` carries the new value and fires only when a person changed it.
    """

    chosen = Signal(object)

    def __init__(
        self, choices: Sequence[tuple[object, str]], name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("control", "segmented")
        self._values = [value for value, _ in choices]
        self._group = QButtonGroup(self)
        self._buttons = [self._add(index, text) for index, (_, text) in enumerate(choices)]
        self._shown: int | None = 0
        self.setAccessibleName(name)
        self._lay_out()
        self.set_value(self._values[0])
        self._group.idClicked.connect(self._on_clicked)

    def value(self) -> object:
        """The value that is on; None after `show_none`."""
        return None if self._shown is None else self._values[self._shown]

    def set_value(self, value: object) -> None:
        """Show `value` as on, without a signal. Raises ValueError when it is not one of the choices."""
        self._shown = index = self._values.index(value)
        self._buttons[index].setChecked(True)

    def show_none(self) -> None:
        """Show no choice as on, without a signal: what is shown is none of them."""
        self._group.setExclusive(False)
        for button in self._buttons:
            button.setChecked(False)
        self._group.setExclusive(True)
        self._shown = None

    def button(self, value: object) -> QAbstractButton:
        """The button of one choice, to disable it or to give it a tooltip."""
        return self._buttons[self._values.index(value)]

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        for button in self._buttons:
            button.setAccessibleName(f"{name}: {button.text()}" if name else button.text())

    def _add(self, index: int, text: str) -> _Segment:
        button = _Segment(text, self)
        button.setCheckable(True)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.stepped.connect(self._on_stepped)
        mark_as_choice(button)
        self._group.addButton(button, index)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(3, 3, 3, 3)
        row.setSpacing(2)
        for button in self._buttons:
            row.addWidget(button)
        # Keeps its own height where a header or a form offers more.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @Slot(int)
    def _on_clicked(self, index: int) -> None:
        if index != self._shown:
            self._shown = index
            self.chosen.emit(self._values[index])

    @Slot(int)
    def _on_stepped(self, step: int) -> None:
        # From the button that got the key: perhaps none is on.
        pressed = self.sender()
        assert isinstance(pressed, _Segment)
        after = self._buttons.index(pressed) + step
        while 0 <= after < len(self._buttons) and not self._buttons[after].isEnabled():
            after += step
        if 0 <= after < len(self._buttons):
            self._buttons[after].setChecked(True)
            self._buttons[after].setFocus(Qt.FocusReason.TabFocusReason)
            self._on_clicked(after)
