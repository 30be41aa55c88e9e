"""The stack with the shape table at its right, where the page is wide enough for both."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from cnnstudio.gui.pages.builder.columns import LEAST_STACK, Least
from cnnstudio.gui.pages.builder.divided import Divided
from cnnstudio.gui.theme.theme import Theme

_TABLE = 330
"""Designed pixels of the table while there is room."""
_MARGINS_PX = (12, 10, 8, 6)


class StackAndShapes(Divided):
    """The stack takes what the table leaves; the line between them is movable."""

    def __init__(self, stack: QWidget, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, Qt.Orientation.Horizontal, 1, _TABLE, LEAST_STACK, parent)
        self._stack = stack
        self._frame = QFrame(self)
        self._frame.setProperty("surface", "panel")
        self._column = QVBoxLayout(self._frame)
        self._column.setContentsMargins(*_MARGINS_PX)
        self.addWidget(stack)
        self.addWidget(self._frame)
        self._frame.hide()

    def hold(self, shapes: QWidget) -> None:
        """Take the shapes in."""
        self._column.addWidget(shapes)
        shapes.show()
        self._frame.show()
        self.share()

    def let_go(self) -> None:
        """Leave the place of the shapes, which go elsewhere, to the stack."""
        self._frame.hide()

    def fit(self, least: Least) -> None:
        """Keep to the narrowest widths there are."""
        self._stack.setMinimumWidth(least.stack if least.table else 1)
        self._frame.setMinimumWidth(max(least.table, 1))
