"""The keys of the canvas that are not commands of the window."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.builder.stack.overlays import Overlays
from cnnstudio.gui.pages.builder.stack.pointer import Pointer
from cnnstudio.gui.pages.builder.stack.scene import StackScene

_SHIFT = Qt.KeyboardModifier.ShiftModifier
_COMMAND = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)
_PAGE = 5
_FAR = 10**9
_STEPS = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -_PAGE,
    Qt.Key.Key_PageDown: _PAGE,
    Qt.Key.Key_Home: -_FAR,
    Qt.Key.Key_End: _FAR,
}


class Keys(QObject):
    """Arrows, Home and End walk through the blocks (with Shift they extend the selection), Left and Right
    collapse and expand a group, Enter edits, F2 renames, Escape cancels, a letter opens the search box.

    Signals: edit_requested(), walked(str) with the layer the keyboard is at now.
    """

    edit_requested = Signal()
    walked = Signal(str)

    def __init__(
        self, parent: QObject, scene: StackScene, pointer: Pointer, overlays: Overlays, document: Document
    ) -> None:
        super().__init__(parent)
        self._scene, self._pointer = scene, pointer
        self._overlays, self._document = overlays, document
        self._at: str | None = None

    def takes(self, event: QKeyEvent) -> bool:
        """Do what a key stands for; tells whether it stands for anything here."""
        key = Qt.Key(event.key())
        if event.modifiers() & _COMMAND:
            return False
        if key in _STEPS:
            self._walk(_STEPS[key], bool(event.modifiers() & _SHIFT))
            return True
        return self._acts(key) or self._types(event.text())

    def _acts(self, key: Qt.Key) -> bool:
        match key:
            case Qt.Key.Key_Left | Qt.Key.Key_Right if self._document.current:
                self._fold(key == Qt.Key.Key_Left)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self._document.current:
                self.edit_requested.emit()
            case Qt.Key.Key_F2 if self._document.current:
                self._overlays.open_name_editor()
            case Qt.Key.Key_Escape:
                if not self._pointer.cancel():
                    self._document.select(())
            case _:
                return False
        return True

    def _types(self, text: str) -> bool:
        if not text.isalnum():
            return False
        self._overlays.open_search(text)
        return True

    def _walk(self, steps: int, extending: bool) -> None:
        stops = self._scene.stops
        at = self._at if self._at in self._document.selection else self._document.current
        if at is None:
            index = 0 if steps in (1, _PAGE, -_FAR) else len(stops) - 1
        else:
            index = max(0, min(stops.index(self._scene.shower_of(at)) + steps, len(stops) - 1))
        self._at = stops[index].names[0]
        self._pointer.pick(stops[index], "range" if extending else "only")
        self.walked.emit(self._at)

    def _fold(self, collapsed: bool) -> None:
        head = self._scene.folding.head_of(self._document.current or "")
        if head is not None:
            self._document.fold(head.name, collapsed)
            self.walked.emit(self._document.current or "")
