"""A layer is dragged from the palette to the stack by the mouse of a real window system."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QDrag
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cnnstudio.core.project import Project
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.builder.palette import Palette
from cnnstudio.gui.pages.builder.stack.view import StackView
from cnnstudio.gui.theme.theme import Theme
from tests.core.pictures import names, stack

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
STEP_MS, GUARD_MS = 20, 4000


class Hand(QObject):
    """Feeds mouse events into the nested loop in which a drag blocks."""

    def __init__(self, window: QWidget, way: Iterator[QPoint], end: QPoint, done: Callable[[], bool]) -> None:
        super().__init__(window)
        self._handle, self._way, self._end, self._done = window.windowHandle(), way, end, done
        self._guard = QTimer(self, singleShot=True, interval=GUARD_MS)
        self._guard.timeout.connect(QDrag.cancel)
        self._guard.start()

    def feed(self) -> None:
        if self._done():
            self._guard.stop()
            return
        if (point := next(self._way, None)) is None:
            QTest.mouseRelease(self._handle, LEFT, NONE, self._end)
            QTimer.singleShot(STEP_MS, self.feed)
            return
        QTest.mouseMove(self._handle, point)
        QTimer.singleShot(STEP_MS, self.feed)


@pytest.mark.xvfb
def test_a_layer_is_dragged_from_the_palette_onto_the_stack(qtbot: QtBot, theme: Theme) -> None:
    document = Document(Project(network=stack("a=conv b=flatten")))
    window = QWidget()
    qtbot.addWidget(window)
    row = QHBoxLayout(window)
    palette, view = Palette(theme, window), StackView(document, theme, window)
    row.addWidget(palette)
    row.addWidget(view, 1)
    window.resize(900, 700)
    with qtbot.waitExposed(window):
        window.show()

    family = palette.tree.model().match(
        palette.tree.model().index(0, 0),
        Qt.ItemDataRole.DisplayRole,
        "Conv2D",
        1,
        Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive,
    )[0]
    port = palette.tree.viewport()
    start = port.mapTo(window, palette.tree.visualRect(family).center())
    block = view.stack.blocks["b"]
    end = view.viewport().mapTo(window, view.mapFromScene(0, block.y() + 5))

    def done() -> bool:
        return len(document.network.layers) == 4

    hand = Hand(window, iter([start + (end - start) * share for share in (0.4, 0.7, 1.0, 1.0)]), end, done)
    handle = window.windowHandle()
    QTest.mousePress(handle, LEFT, NONE, start)
    QTimer.singleShot(2 * STEP_MS, hand.feed)
    QTest.mouseMove(handle, start + QPoint(15, 0))
    QTest.mouseMove(handle, start + QPoint(30, 2))
    qtbot.waitUntil(done)
    qtbot.wait(3 * STEP_MS)
    assert names(document.network) == "a conv1 b"
