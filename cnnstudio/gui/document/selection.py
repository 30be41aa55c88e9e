"""What the person is looking at, on every page alike."""

from typing import Literal, TypeAlias, get_args

from PySide6.QtCore import QObject, Signal, Slot

from cnnstudio.core.project.data import DataChoice
from cnnstudio.engine.interpret.choices import DEFAULT_PICTURE, DataPicture, PictureChoice
from cnnstudio.gui.document.document import Document

Checkpoint: TypeAlias = Literal["best", "last"]
CHECKPOINTS: tuple[Checkpoint, ...] = get_args(Checkpoint)


class Selection(QObject):
    """Layers, unit, picture and checkpoint; lives on the GUI thread, and makes no undo steps.

    The layers are those of the document. With another project the picture is the default one again, and
    with other data too where it was one of the data.

    Signals:
        changed(): something else is selected, or the data that the picture is of are other ones.
    """

    changed = Signal()

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._unit: int | None = None
        self._picture: PictureChoice = DEFAULT_PICTURE
        self._checkpoint: Checkpoint = "best"
        self._data = document.project.data
        document.selection_changed.connect(self._on_layers_changed)
        document.changed.connect(self._on_document_changed)
        document.opened.connect(self._on_opened)

    @property
    def layers(self) -> tuple[str, ...]:
        """The names of the selected layers, in stack order."""
        return self._document.selection

    @property
    def unit(self) -> int | None:
        """A filter or unit of the selected layer, from 0; `None` where the whole layer is meant."""
        return self._unit

    @property
    def picture(self) -> PictureChoice:
        """The picture that is looked at."""
        return self._picture

    @property
    def checkpoint(self) -> Checkpoint:
        """Which weights of the run are looked at."""
        return self._checkpoint

    @property
    def data(self) -> DataChoice:
        """The data of the project, which a picture may be one of."""
        return self._data

    @property
    def picture_source(self) -> tuple[PictureChoice, DataChoice]:
        """What reading the picture takes; equal as long as the same pixels are meant."""
        return self.source_of(self._picture)

    def source_of(self, picture: PictureChoice) -> tuple[PictureChoice, DataChoice]:
        """What reading any picture takes."""
        return picture, self._data if isinstance(picture, DataPicture) else DataChoice()

    def select_layers(self, names: tuple[str, ...]) -> None:
        """Select layers of the document; nothing changes where it has none of them."""
        if any(name in self._document.network.positions for name in names):
            self._document.select(names)

    def set_unit(self, unit: int | None) -> None:
        """Look at one filter or unit of the selected layer, or at all of them."""
        if unit != self._unit:
            self._unit = unit
            self.changed.emit()

    @Slot(object)
    def set_picture(self, picture: PictureChoice) -> None:
        """Look at another picture."""
        if picture != self._picture:
            self._picture = picture
            self.changed.emit()

    def set_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Look at the weights of another checkpoint."""
        if checkpoint != self._checkpoint:
            self._checkpoint = checkpoint
            self.changed.emit()

    @Slot()
    def _on_layers_changed(self) -> None:
        # A unit is one of the layer of before.
        self._unit = None
        self.changed.emit()

    @Slot()
    def _on_document_changed(self) -> None:
        before, self._data = self._data, self._document.project.data
        if before == self._data or not isinstance(self._picture, DataPicture):
            return
        if before.source != self._data.source:
            self._picture = DEFAULT_PICTURE
        self.changed.emit()

    @Slot()
    def _on_opened(self) -> None:
        self.set_picture(DEFAULT_PICTURE)
