"""The stack for screen readers: a list whose items are the blocks and the heads of groups."""

from functools import lru_cache
from typing import cast

from PySide6.QtCore import QObject, QRect
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface, QWindow
from PySide6.QtWidgets import QAccessibleWidget, QGraphicsView

from cnnstudio.gui.pages.builder.stack.group_item import GroupItem
from cnnstudio.gui.pages.builder.stack.stack_item import StackItem

NAME = "Layer stack"
# Qt takes none for an answer, its type stubs do not.
_NOTHING = cast(QAccessibleInterface, None)


class BlockList(QGraphicsView):
    """A view whose blocks screen readers can walk through."""

    def listed(self) -> list[StackItem]:
        """What stands in the column, from top to bottom."""
        raise NotImplementedError

    def announce_focus(self, block: StackItem) -> None:
        """Tell screen readers which block the keyboard is at."""
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(block, QAccessible.Event.Focus))


@lru_cache(maxsize=1)
def install() -> None:
    """Make Qt ask here for the accessible form of stacks and blocks; needs a QApplication."""
    QAccessible.installFactory(_made)


def _made(key: str, thing: QObject) -> QAccessibleInterface | None:
    del key
    match thing:
        case BlockList():
            return _StackAccess(thing)
        case StackItem():
            view = _view_of(thing)
            return None if view is None else _BlockAccess(view, thing)
        case _:
            return None


def _view_of(block: StackItem) -> BlockList | None:
    return next((view for view in block.scene().views() if isinstance(view, BlockList)), None)


class _StackAccess(QAccessibleWidget):
    def __init__(self, view: BlockList) -> None:
        super().__init__(view, QAccessible.Role.List, NAME)
        self._view = view

    def childCount(self) -> int:
        return len(self._view.listed())

    def child(self, index: int) -> QAccessibleInterface:
        blocks = self._view.listed()
        if not 0 <= index < len(blocks):
            return _NOTHING
        return QAccessible.queryAccessibleInterface(blocks[index])

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        blocks = self._view.listed()
        thing = child.object()
        return blocks.index(thing) if isinstance(thing, StackItem) and thing in blocks else -1


class _BlockAccess(QAccessibleInterface):
    def __init__(self, view: BlockList, block: StackItem) -> None:
        super().__init__()
        self._view, self._block = view, block

    def isValid(self) -> bool:
        return True

    def object(self) -> QObject:
        return self._block

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def text(self, kind: QAccessible.Text) -> str:
        return self._block.content.spoken if kind == QAccessible.Text.Name else ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """Names are changed in the form or in place, not through here."""

    def parent(self) -> QAccessibleInterface:
        return QAccessible.queryAccessibleInterface(self._view)

    def child(self, index: int) -> QAccessibleInterface:
        del index
        return _NOTHING

    def childCount(self) -> int:
        return 0

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        del child
        return -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface:
        del x, y
        return _NOTHING

    def window(self) -> QWindow:
        return self._view.window().windowHandle()

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.selectable = True
        state.focusable = True
        state.selected = self._block.highlight.selected
        state.focused = self._block.highlight.focused
        if isinstance(self._block, GroupItem):
            state.expandable = True
            state.collapsed = self._block.is_collapsed
            state.expanded = not self._block.is_collapsed
        return state

    def rect(self) -> QRect:
        card = self._block.mapRectToScene(self._block.card_rect)
        seen = self._view.mapFromScene(card).boundingRect()
        return QRect(self._view.viewport().mapToGlobal(seen.topLeft()), seen.size())
