"""The keys of undo and redo in a field: the document's, not those of the text alone."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

_UNDO, _REDO = QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo
_CLAIM, _PRESS = QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress


class UndoKeys(QObject):
    """Keeps undo and redo from a field that is written in; its parents and the window's commands get them.

    Qt's line edits would take back single strokes instead, which no other view and no undo step knows of; so
    the menu of its `line` does not offer to.

    Signals:
        pressed(): one of the keys was pressed, and nothing has been undone or redone yet.
    """

    pressed = Signal()

    def __init__(self, field: QWidget, line: QLineEdit) -> None:
        super().__init__(field)
        self._line = line
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ignore the keys and open the menu in the field's place."""
        if isinstance(event, QContextMenuEvent):
            menu = menu_without_undo(self._line)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(event.globalPos())
            return True
        if event.type() not in (_CLAIM, _PRESS) or not is_undo_or_redo(event):
            return super().eventFilter(watched, event)
        if event.type() == _CLAIM:
            self.pressed.emit()
        event.ignore()
        return True


def menu_without_undo(line: QLineEdit) -> QMenu:
    """The menu of a line of text from Cut to Select All."""
    menu = line.createStandardContextMenu()
    actions = menu.actions()
    first = next(at for at, action in enumerate(actions) if action.objectName() == "edit-cut")
    for action in actions[:first]:
        menu.removeAction(action)
    return menu


def is_undo(event: QEvent) -> bool:
    """Whether it is the key of undo."""
    return isinstance(event, QKeyEvent) and event.matches(_UNDO)


def is_undo_or_redo(event: QEvent) -> bool:
    """Whether it is the key of undo or of redo."""
    return is_undo(event) or (isinstance(event, QKeyEvent) and event.matches(_REDO))


def claims_undo(event: QEvent) -> bool:
    """Whether Qt asks, before the window's commands get the key, who takes undo or redo."""
    return event.type() == _CLAIM and is_undo_or_redo(event)
