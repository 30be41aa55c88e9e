"""Asks how many times the selected layers shall stand."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from cnnstudio.core.forms.fields import Integer
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.message_box import BODY_MARGIN_PX, set_variant
from cnnstudio.gui.widgets.whole_spin import WholeSpin

_TIMES = Integer(lowest=2, highest=100)


class RepeatDialog(QDialog):
    """A number, 2 at first, and the button that repeats.

    Signals:
        chosen(int): how many times the layers shall stand.
    """

    chosen = Signal(int)

    def __init__(self, names: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Repeat layers")
        self.title = label(repeat_title(names), "title", self)
        self.times = WholeSpin(_TIMES, parent=self)
        self.times.setAccessibleName("How many times")
        self.times.show_value(2)
        self._reason = label("", "error", self)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self._repeat = self._buttons.addButton("Repeat", QDialogButtonBox.ButtonRole.AcceptRole)
        set_variant(self._repeat, "primary")
        self._repeat.setDefault(True)
        self._lay_out()
        self.times.line.refused.connect(self._on_refused)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self.times.selectAll()

    @Slot()
    def accept(self) -> None:
        super().accept()
        self.chosen.emit(self.times.value())

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*(BODY_MARGIN_PX,) * 4)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(label("How many there are then, one copy after the other", "secondary", self))
        column.addWidget(self.times)
        column.addWidget(self._reason)
        column.addSpacing(8)
        column.addWidget(self._buttons)
        self._reason.hide()

    @Slot(object)
    def _on_refused(self, reason: str) -> None:
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))
        self._repeat.setEnabled(not reason)


def repeat_title(names: Sequence[str]) -> str:
    """What is repeated: one layer by name, or several together."""
    return f"Repeat {names[0]}" if len(names) == 1 else f"Repeat {len(names)} layers"
