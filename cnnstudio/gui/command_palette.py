"""Every command of the window, found by typing a part of its name."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from cnnstudio.gui.theme.theme import Theme

_WIDTH, _HEIGHT = 520, 400
_TRAVEL = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


def matches(query: str, text: str) -> bool:
    """Whether every word of the query stands somewhere in the text, whatever the case."""
    return all(word in text.casefold() for word in query.casefold().split())


class CommandPalette(QDialog):
    """A search field over a list of the commands that can be used now; Enter runs the marked one."""

    def __init__(self, actions: Sequence[QAction], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._actions = [action for action in actions if action.isEnabled()]
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("surface", "floating")
        self.setAccessibleName("Command palette")
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Type a command")
        self.search.setAccessibleName("Search commands")
        self.list = QListWidget(self)
        self.list.setAccessibleName("Commands")
        self.list.ensurePolished()
        self._lay_out()
        self.search.textChanged.connect(self._on_text_changed)
        self.search.installEventFilter(self)
        self.list.itemClicked.connect(self._on_item_chosen)
        self._on_text_changed("")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        self.resize(self._theme.scaled(_WIDTH), self._theme.scaled(_HEIGHT))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys in the search field move through the list, Enter runs."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in _TRAVEL:
                self.list.event(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._on_item_chosen(self.list.currentItem())
                return True
        return super().eventFilter(watched, event)

    @Slot(str)
    def _on_text_changed(self, query: str) -> None:
        self.list.clear()
        for action in self._actions:
            if matches(query, action.text()):
                self.list.addItem(_item(action))
        self.list.setCurrentRow(0)

    @Slot(QListWidgetItem)
    def _on_item_chosen(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        action = item.data(Qt.ItemDataRole.UserRole)
        self.close()
        action.trigger()


def _item(action: QAction) -> QListWidgetItem:
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    item = QListWidgetItem(action.icon(), f"{action.text()}    {keys}" if keys else action.text())
    item.setData(Qt.ItemDataRole.UserRole, action)
    return item
