"""The run log: what happened, a line each, as a list that can be read, selected and copied."""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from cnnstudio.engine.runs.words import LogLine
from cnnstudio.gui.theme.theme import Theme

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_ICON_PX = 14


class LogModel(QAbstractListModel):
    """The lines of one run, the newest at the end."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines: list[LogLine] = []
        theme.changed.connect(self._on_theme_changed)

    def add(self, line: LogLine) -> None:
        """Put a line at the end."""
        row = len(self._lines)
        self.beginInsertRows(QModelIndex(), row, row)
        self._lines.append(line)
        self.endInsertRows()

    def clear(self) -> None:
        """Forget the lines of the run before."""
        self.beginResetModel()
        self._lines.clear()
        self.endResetModel()

    def texts(self) -> list[str]:
        """All lines, as text."""
        return [line.text for line in self._lines]

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self._lines[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return line.text
            case Qt.ItemDataRole.DecorationRole:
                return self._theme.icon(line.icon, line.color, _ICON_PX)
            case _:
                return None

    @Slot()
    def _on_theme_changed(self) -> None:
        if self._lines:
            self.dataChanged.emit(self.index(0), self.index(len(self._lines) - 1))


class LogView(QListView):
    """Follows the newest line while it is at the end; Ctrl+C copies the selected lines."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = LogModel(theme, self)
        self.setModel(self.lines)
        self.setAccessibleName("Run log")
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setUniformItemSizes(True)
        self.setStyleSheet("QListView::item { padding: 2px 4px; }")
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def add(self, line: LogLine) -> None:
        """Put a line at the end, and show it unless the person has scrolled up."""
        bar = self.verticalScrollBar()
        at_end = bar.value() >= bar.maximum()
        self.lines.add(line)
        if at_end:
            self.scrollToBottom()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            rows = sorted(index.row() for index in self.selectedIndexes())
            texts = self.lines.texts()
            QGuiApplication.clipboard().setText("\n".join(texts[row] for row in rows))
        else:
            super().keyPressEvent(event)
