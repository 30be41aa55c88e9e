"""A menu with round corners whose shortcuts are quieter than its words."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QMenu, QStyleOptionMenuItem, QWidget

from cnnstudio.gui.widgets.round_corners import RoundCorners

_PAD_PX = 14


class RoundMenu(QMenu):
    """Leaves the keys out of what the style paints, and writes them itself at the right."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        RoundCorners(self)

    def initStyleOption(self, option: QStyleOptionMenuItem, action: QAction) -> None:
        super().initStyleOption(option, action)
        option.text = option.text.partition("\t")[0]

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        for action in self.actions():
            self._paint_keys(painter, action)

    def _paint_keys(self, painter: QPainter, action: QAction) -> None:
        role = QPalette.ColorRole.PlaceholderText if action.isEnabled() else QPalette.ColorRole.Text
        group = QPalette.ColorGroup.Active if action.isEnabled() else QPalette.ColorGroup.Disabled
        painter.setPen(self.palette().color(group, role))
        area = self.actionGeometry(action).adjusted(0, 0, -_PAD_PX, 0)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, keys_of(action))


def keys_of(action: QAction) -> str:
    """What a menu says at the right of an entry: the keys in its text, or those of its shortcut."""
    told = action.text().partition("\t")[2]
    return told or action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
