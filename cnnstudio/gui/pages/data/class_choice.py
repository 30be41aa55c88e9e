"""Which of the classes of the data are learned."""

from typing import Any, TypeAlias

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout

from cnnstudio.gui.fields.editor import Editor, explain
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.tooltips import plain_tooltip

_LEAST = 2
_TOO_FEW = "Telling apart takes two classes: choose another one first."
_MOST_ROWS = 5

Names: TypeAlias = tuple[str, ...]


class ClassesEditor(Editor):
    """A list with a mark at each class that is learned.

    Its value are all names and the chosen ones; what it gives are the chosen ones. None chosen are all.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._all: Names = ()
        self._chosen: Names = ()
        self.list = QListWidget(self)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        self.setFocusProxy(self.list)
        self.list.itemChanged.connect(self._on_item_changed)
        theme.changed.connect(self._on_theme_changed)

    def show_value(self, value: Any) -> None:
        names, chosen = value
        with QSignalBlocker(self.list):
            if names != self._all:
                self._fill(names)
            self._chosen = names if chosen is None else chosen
            wanted = set(self._chosen)
            for row, name in enumerate(names):
                self._mark(self.list.item(row), name in wanted)
        self._on_theme_changed()

    def show_mixed(self, value: Any) -> None:
        raise NotImplementedError("there is one data set")

    def set_texts(self, name: str, explanation: str) -> None:
        super().set_texts(name, explanation)
        explain(self.list, name, explanation)

    def _fill(self, names: Names) -> None:
        self._all = names
        self.list.clear()
        for name in names:
            item = QListWidgetItem(name, self.list)
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
            )
            item.setToolTip(plain_tooltip(name))

    def _mark(self, item: QListWidgetItem, on: bool) -> None:
        item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)

    @Slot(QListWidgetItem)
    def _on_item_changed(self, item: QListWidgetItem) -> None:
        name, on = item.text(), item.checkState() == Qt.CheckState.Checked
        if on == (name in self._chosen):
            return
        if not on and len(self._chosen) <= _LEAST:
            with QSignalBlocker(self.list):
                self._mark(item, True)
            self.refused.emit(_TOO_FEW)
            return
        self._chosen = self._with(name) if on else tuple(one for one in self._chosen if one != name)
        self.refused.emit("")
        self.edited.emit(None if self._chosen == self._all else self._chosen)
        self.finished.emit()

    def _with(self, name: str) -> Names:
        """The chosen ones and one more: in its place among them, unless they have an order of their own."""
        chosen = set(self._chosen)
        if self._chosen != tuple(one for one in self._all if one in chosen):
            return (*self._chosen, name)
        return tuple(one for one in self._all if one in chosen or one == name)

    @Slot()
    def _on_theme_changed(self) -> None:
        rows = min(max(len(self._all), _LEAST), _MOST_ROWS)
        self.list.setFixedHeight(rows * max(self.list.sizeHintForRow(0), 1) + 2 * self.list.frameWidth())
