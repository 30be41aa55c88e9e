"""A card that shows one figure."""

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from cnnstudio.gui.widgets.labels import label


class KpiCard(QFrame):
    """A caption over a large value, such as `Val. accuracy` over `86.3%`; read out as one text."""

    def __init__(self, caption: str, value: str = "–", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "well")
        self._caption = label(caption, "secondary", self)
        self._value = label("", "value", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(4)
        column.addWidget(self._caption)
        column.addWidget(self._value)
        self.set_value(value)

    def value(self) -> str:
        """The text that is shown."""
        return self._value.text()

    def set_title(self, caption: str) -> None:
        """Say what the figure is."""
        self._caption.setText(caption)
        self.setAccessibleName(f"{caption}: {self.value()}")

    def set_value(self, text: str) -> None:
        """Show another figure, already formatted with its unit."""
        self._value.setText(text)
        self.setAccessibleName(f"{self._caption.text()}: {text}")
