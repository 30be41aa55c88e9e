"""Drives a stack by real events: where its blocks are, presses, moves, drops."""

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnnstudio.core.project import Project
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.builder.stack.view import StackView
from cnnstudio.gui.theme.theme import Theme
from tests.core.pictures import names, stack

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


class StackDriver:
    """A stack view of 900 x 800 over a network written as a picture."""

    def __init__(self, qtbot: QtBot, theme: Theme, picture: str) -> None:
        self.document = Document(Project(network=stack(picture)))
        self.view = StackView(self.document, theme)
        qtbot.addWidget(self.view)
        self.view.resize(900, 800)
        with qtbot.waitActive(self.view):
            self.view.show()
            self.view.activateWindow()
        self.view.setFocus()

    @property
    def shown(self) -> str:
        """The names in stack order."""
        return names(self.document.network)

    @property
    def selected(self) -> str:
        """The names of the selected layers."""
        return " ".join(self.document.selection)

    def at(self, name: str, share: float = 0.5) -> QPoint:
        """A point of the viewport on a block, left of its middle, at a share of its height."""
        block = self.view.stack.blocks[name]
        return self.view.mapFromScene(QPointF(-100, block.y() + block.height * share))

    def handle(self, name: str) -> QPoint:
        """The point of the viewport from which arcs are drawn."""
        return self.view.mapFromScene(self.view.stack.blocks[name].port)

    def click(self, name: str, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.mouseClick(self.view.viewport(), LEFT, modifiers, self.at(name))

    def press(self, position: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.mousePress(self.view.viewport(), LEFT, modifiers, position)

    def move(self, *positions: QPoint) -> None:
        for position in positions:
            QTest.mouseMove(self.view.viewport(), position)

    def release(self, position: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.mouseRelease(self.view.viewport(), LEFT, modifiers, position)

    def drag(self, start: QPoint, end: QPoint, let_go: bool = True) -> None:
        self.press(start)
        self.move(start + (end - start) / 2, end)
        if let_go:
            self.release(end)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.view, key, modifiers)

    def drag_in(self, mime: QMimeData, position: QPoint) -> bool:
        """A drag from outside enters and moves; tells whether it is welcome."""
        action, port = Qt.DropAction.CopyAction, self.view.viewport()
        for kind in (QDragEnterEvent, QDragMoveEvent):
            event = kind(position, action, mime, LEFT, NONE)
            QApplication.sendEvent(port, event)
            if not event.isAccepted():
                return False
        return True

    def drop(self, mime: QMimeData, position: QPoint) -> bool:
        """A drag from outside enters, moves and is let go."""
        if not self.drag_in(mime, position):
            return False
        event = QDropEvent(QPointF(position), Qt.DropAction.CopyAction, mime, LEFT, NONE)
        QApplication.sendEvent(self.view.viewport(), event)
        return event.isAccepted()

    def drag_out(self) -> None:
        """A drag from outside leaves again."""
        QApplication.sendEvent(self.view.viewport(), QDragLeaveEvent())
