"""All keyboard shortcuts on one sheet, made from the table of commands."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QDialog, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from cnnstudio.gui.commands.action_spec import ActionSpec
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.labels import label

Row: TypeAlias = tuple[str, str, str]
"""Group, keys, and what they do."""

_WIDTH, _HEIGHT, _WIDE, _ABOVE_GROUP = 840, 760, 720, 20
OTHER_KEYS = (
    ("Stack", "Any letter", "Add a layer by typing its name"),
    ("Stack", "Up, Down, Home, End", "Go through the layers; with Shift select more"),
    ("Stack", "F2", "Rename the layer"),
    ("Stack", "Enter", "Go to the layer's settings"),
    ("Stack", "Escape", "Give up a drag or a search"),
    ("Stack", "Ctrl + wheel", "Zoom"),
    ("Everywhere", "F10", "Open the menu"),
)


def sheet_rows(actions: Sequence[ActionSpec]) -> list[Row]:
    """Rows of group, keys and what they do: the table's own first, then those of the views."""
    rows = [(spec.menu, _native(spec.shortcuts), spec.title) for spec in actions if spec.shortcut]
    return [*rows, *OTHER_KEYS]


def _native(shortcuts: Sequence[str]) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    return " or ".join(QKeySequence(keys).toString(native) for keys in shortcuts)


class ShortcutSheet(QDialog):
    """The sheet; Escape closes it."""

    def __init__(self, actions: Sequence[ActionSpec], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keyboard shortcuts")
        self.rows = sheet_rows(actions)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        self._theme = theme
        self._columns = [_column(half) for half in _split(self.rows)]
        area.setWidget(self._sheet())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)
        room = parent.window().size()
        self.resize(min(theme.scaled(_WIDTH), room.width()), min(theme.scaled(_HEIGHT), room.height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= self._theme.scaled(_WIDE)
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        self._halves.setDirection(direction)

    def _sheet(self) -> QWidget:
        sheet = QWidget()
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight, sheet)
        self._halves.setContentsMargins(24, 4, 24, 24)
        self._halves.setSpacing(40)
        for part in self._columns:
            self._halves.addWidget(part, 1, Qt.AlignmentFlag.AlignTop)
        return sheet


def _split(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """The groups in two columns of about the same height; no group is torn."""
    first: list[Row] = []
    for _, group in groupby(rows, key=itemgetter(0)):
        if len(first) >= len(rows) / 2:
            break
        first += group
    return first, list(rows[len(first) :])


def _column(rows: Sequence[Row]) -> QWidget:
    column = QWidget()
    grid = QGridLayout(column)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(1, 1)
    group = ""
    for heading, keys, title in rows:
        if heading != group:
            over = label(heading, "overline")
            over.setContentsMargins(0, _ABOVE_GROUP, 0, 0)
            grid.addWidget(over, grid.rowCount(), 0, 1, 2)
            group = heading
        row = grid.rowCount()
        grid.addWidget(label(keys, "key"), row, 0, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(label(title, wrap=True), row, 1)
    return column
