"""Brings the pictures of a source into the blocks."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Slot

from cnnstudio.gui.pages.builder.previews import PreviewSource, ShownPreview
from cnnstudio.gui.pages.builder.stack.scene import StackScene


class Pictures(QObject):
    """Follows a source on behalf of a scene, which owns it."""

    def __init__(self, scene: StackScene) -> None:
        super().__init__(scene)
        self._scene = scene
        self._source: PreviewSource | None = None

    def set_source(self, source: PreviewSource | None) -> None:
        """Follow another source; `None` takes all pictures away."""
        if self._source is not None:
            self._source.toggled.disconnect(self._on_toggled)
            self._source.changed.disconnect(self._on_changed)
        self._source = source
        if source is not None:
            source.toggled.connect(self._on_toggled)
            source.changed.connect(self._on_changed)
        self._on_toggled(source is not None and source.is_on)
        self._on_changed({} if source is None else source.pictures)

    @Slot(bool)
    def _on_toggled(self, on: bool) -> None:
        self._scene.show_slots(on)

    @Slot(object)
    def _on_changed(self, pictures: Mapping[str, ShownPreview]) -> None:
        self._scene.show_pictures(pictures)
