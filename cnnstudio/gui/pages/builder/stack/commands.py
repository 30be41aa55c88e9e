"""What menus and the window's actions ask of the canvas itself."""

from cnnstudio.core.network import EditError, edits
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.builder.stack.overlays import Overlays
from cnnstudio.gui.pages.builder.stack.scene import StackScene


class StackCommands:
    """Each does one thing for the selection, and raises `EditError` where it cannot be done."""

    def __init__(self, scene: StackScene, overlays: Overlays, document: Document) -> None:
        self._scene, self._overlays, self._document = scene, overlays, document

    def open_search(self) -> None:
        """Open the small search box at the place below the selection."""
        self._overlays.open_search("")

    def rename(self) -> None:
        """Let the person type another name over the current block's, or over its collapsed group's."""
        self._overlays.open_name_editor()

    def group(self) -> None:
        """Make a group of the selected layers and let the person name it."""
        self._document.edit(edits.group_selected)
        self._overlays.open_group_editor()

    def rename_group(self) -> None:
        """Let the person type another name over that of the current layer's group."""
        self._overlays.open_group_editor()

    def fold(self) -> None:
        """Collapse the current layer's group, or expand it."""
        head = self._scene.folding.head_of(self._document.current or "")
        if head is None:
            raise EditError("No selected layer is in a group. Select a layer of the group first.")
        self._document.fold(head.name, not head.is_collapsed)
