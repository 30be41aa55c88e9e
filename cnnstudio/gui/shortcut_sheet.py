"""All keyboard shortcuts on one sheet, made from the table of commands."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from cnnstudio.gui.action_spec import ActionSpec
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.labels import label

OTHER_KEYS = (
    ("Stack", "Any letter", "Add a layer by typing its name"),
    ("Stack", "Up, Down, Home, End", "Go through the layers; with Shift select more"),
    ("Stack", "F2", "Rename the layer"),
    ("Stack", "Enter", "Go to the layer's settings"),
    ("Stack", "Escape", "Give up a drag or a search"),
    ("Stack", "Ctrl + wheel", "Zoom"),
    ("Everywhere", "F10", "Open the menu"),
)


def sheet_rows(actions: Sequence[ActionSpec]) -> list[tuple[str, str, str]]:
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
        area.setWidget(_grid(self.rows))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)
        self.resize(theme.scaled(480), theme.scaled(640))


def _grid(rows: Sequence[tuple[str, str, str]]) -> QWidget:
    sheet = QWidget()
    grid = QGridLayout(sheet)
    grid.setContentsMargins(24, 16, 24, 24)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(1, 1)
    group = ""
    for heading, keys, title in rows:
        if heading != group:
            grid.addWidget(label(heading, "overline"), grid.rowCount(), 0, 1, 2)
            group = heading
        row = grid.rowCount()
        grid.addWidget(label(keys, "secondary"), row, 0, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(label(title, wrap=True), row, 1)
    grid.setRowStretch(grid.rowCount(), 1)
    return sheet
