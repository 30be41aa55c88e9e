"""Layers that are dragged from the palette onto the canvas."""

from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent

from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.builder.mime import layer_type
from cnnstudio.gui.pages.builder.stack.gestures import Arrival
from cnnstudio.gui.pages.builder.stack.pointer import Pointer
from cnnstudio.gui.pages.builder.stack.scene import StackScene


class Arrivals:
    """Hands drag events to the pointer as an `Arrival`; whatever else is dragged is for the window."""

    def __init__(self, scene: StackScene, document: Document, pointer: Pointer) -> None:
        self._scene, self._document, self._pointer = scene, document, pointer

    def enter(self, event: QDragEnterEvent) -> None:
        """Something is dragged over the canvas."""
        carried = layer_type(event.mimeData())
        if carried is None:
            event.ignore()
        else:
            self._pointer.begin(Arrival(self._scene, self._document, carried))
            self._follow(event)

    def move(self, event: QDragMoveEvent) -> None:
        """It moves on."""
        if layer_type(event.mimeData()) is None:
            event.ignore()
        else:
            self._follow(event)

    def drop(self, event: QDropEvent) -> bool:
        """It is let go; tells whether it was a layer."""
        if layer_type(event.mimeData()) is None:
            event.ignore()
            return False
        self._follow(event)
        self._pointer.drop()
        return True

    def _follow(self, event: QDropEvent) -> None:
        self._pointer.drag_to(event.position().toPoint(), copying=False)
        event.acceptProposedAction()
