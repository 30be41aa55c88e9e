"""Keys in a text that can be selected but not written: the text's own, before they are the window's."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

_Standard = QKeySequence.StandardKey
_OF_TEXT = (
    _Standard.Copy,
    _Standard.SelectAll,
    _Standard.Cut,
    _Standard.Paste,
    _Standard.Delete,
    _Standard.Backspace,
)


class TextKeys(QObject):
    """While `text` has the focus, no command of the window takes the keys a text knows.

    Qt keeps them only for texts that can be written: in others Ctrl+C would be a command of the window. Keys
    the text has no use for, such as Delete, do nothing then. `others` are further shortcuts to keep.
    """

    def __init__(self, text: QWidget, others: Iterable[str] = ()) -> None:
        super().__init__(text)
        self._others = [QKeySequence(keys) for keys in others]
        text.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim a key before shortcuts are looked up."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._keeps(event)
        ):
            event.accept()
            return True
        return super().eventFilter(watched, event)

    def _keeps(self, event: QKeyEvent) -> bool:
        return any(map(event.matches, _OF_TEXT)) or QKeySequence(event.keyCombination()) in self._others
