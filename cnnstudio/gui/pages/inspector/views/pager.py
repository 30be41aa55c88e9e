"""Goes through long lists page by page."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.icon_button import IconButton
from cnnstudio.gui.widgets.labels import label


class Pager(QWidget):
    """Hidden while one page holds everything; `page_changed(object)` carries the new page's first item."""

    page_changed = Signal(object)

    def __init__(self, theme: Theme, size: int, items: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size, self._items = size, items
        self._count = 0
        self.first = 0
        self.back = IconButton(theme, "chevron-left", f"The {size} {items} before", parent=self)
        self.forward = IconButton(theme, "chevron-right", f"The next {size} {items}", parent=self)
        self.text = label("", "secondary", self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for part in (self.back, self.text, self.forward):
            row.addWidget(part)
        self.back.clicked.connect(self._on_back)
        self.forward.clicked.connect(self._on_forward)
        self.set_count(0)

    def set_count(self, count: int, shown: int = 0) -> None:
        """Say how many items there are, and go to the page of one of them; without a signal."""
        self._count = count
        self.setVisible(count > self._size)
        self.show_item(shown)

    def show_item(self, item: int) -> None:
        """Go to the page of an item, without a signal."""
        self.first = item // self._size * self._size
        last = min(self.first + self._size, self._count) - 1
        self.text.setText(f"{self._items.capitalize()} {self.first}–{last} of {self._count:,}")
        self.back.setEnabled(self.first > 0)
        self.forward.setEnabled(last + 1 < self._count)

    @Slot()
    def _on_back(self) -> None:
        self.show_item(self.first - self._size)
        self.page_changed.emit(self.first)

    @Slot()
    def _on_forward(self) -> None:
        self.show_item(self.first + self._size)
        self.page_changed.emit(self.first)
