"""A field for two whole numbers, such as the height and width of a kernel."""

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.icon_button import IconButton
from cnnstudio.gui.widgets.spin import LARGEST, IntSpin


class PairField(QWidget):
    """Two spin boxes with a link between them; while linked, a change of one is a change of both.

    `value_changed(object)` carries the new `(first, second)` and fires only when a person changed it.
    """

    value_changed = Signal(object)

    def __init__(
        self,
        theme: Theme,
        lowest: int = 1,
        highest: int = LARGEST,
        name: str = "",
        parts: tuple[str, str] = ("height", "width"),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.first = IntSpin(lowest, highest, parent=self)
        self.second = IntSpin(lowest, highest, parent=self)
        self.link = IconButton(theme, "link", "Keep both the same", size=14, parent=self)
        self.link.setCheckable(True)
        self.link.setChecked(True)
        self._parts = parts
        self.setAccessibleName(name)
        self.setFocusProxy(self.first)
        self._lay_out()
        self._connect()

    def value(self) -> tuple[int, int]:
        """The two numbers, first then second."""
        return self.first.value(), self.second.value()

    def set_value(self, value: tuple[int, int]) -> None:
        """Show two numbers without a signal; two that differ undo the link."""
        if value[0] != value[1]:
            self.link.setChecked(False)
        self._show(value)

    def is_linked(self) -> bool:
        """Whether one number follows the other."""
        return self.link.isChecked()

    def setAccessibleName(self, name: str) -> None:  # noqa: N802
        super().setAccessibleName(name)
        self.first.setAccessibleName(f"{name} {self._parts[0]}".strip())
        self.second.setAccessibleName(f"{name} {self._parts[1]}".strip())

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.first, 1)
        row.addWidget(self.link)
        row.addWidget(self.second, 1)

    def _connect(self) -> None:
        self.first.valueChanged.connect(self._on_first_changed)
        self.second.valueChanged.connect(self._on_second_changed)
        self.link.toggled.connect(self._on_link_toggled)

    def _show(self, value: tuple[int, int]) -> None:
        for spin, number in zip((self.first, self.second), value, strict=True):
            blocker = QSignalBlocker(spin)
            spin.setValue(number)
            blocker.unblock()

    @Slot(int)
    def _on_first_changed(self, number: int) -> None:
        self._changed((number, number if self.is_linked() else self.second.value()))

    @Slot(int)
    def _on_second_changed(self, number: int) -> None:
        self._changed((number if self.is_linked() else self.first.value(), number))

    @Slot(bool)
    def _on_link_toggled(self, linked: bool) -> None:
        self.link.set_icon("link" if linked else "unlink")
        if linked and self.first.value() != self.second.value():
            self._on_first_changed(self.first.value())

    def _changed(self, value: tuple[int, int]) -> None:
        self._show(value)
        self.value_changed.emit(value)
