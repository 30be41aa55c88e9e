"""The samples of a data set as a list that a view can show: a part, a class, and a page of it."""

from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPixmap

from cnnstudio.engine.data.catalog import Part
from cnnstudio.engine.data.dataset import Dataset
from cnnstudio.engine.data.images import Masks

PAGE = 300
"""Samples shown at a time: enough to look through, few enough for one small picture of all."""
_COLUMNS = 20
_LONGEST_TILE = 128
"""Pixels of the longer side of a picture in the grid; larger ones are thinned out for it."""

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class Sample(Struct, frozen=True, eq=False):
    """One image (height, width, channels) of bytes, its class number, where it is, and its mask if any."""

    image: NDArray[np.uint8]
    label: int
    class_name: str
    part: Part
    index: int
    """Its place in the part, from 0."""
    mask: Masks | None = None

    @property
    def title(self) -> str:
        """Class and place, for a person."""
        return title_of(self.class_name, self.part, self.index)


def title_of(class_name: str, part: Part, index: int) -> str:
    """Class and place of a sample, for a person."""
    return f"{class_name}, {part} image {index + 1:,}"


def atlas_of(images: NDArray[np.uint8], columns: int = _COLUMNS) -> NDArray[np.uint8]:
    """All images (count, height, width, channels) side by side in rows, as one (height, width, 3) picture."""
    count, height, width, channels = images.shape
    rows = -(-count // columns)
    tiles = np.zeros((rows * columns, height, width, 3), np.uint8)
    tiles[:count] = images[..., :3] if channels >= 3 else images[..., :1]
    grid = tiles.reshape(rows, columns, height, width, 3).swapaxes(1, 2)
    return np.ascontiguousarray(grid.reshape(rows * height, columns * width, 3))


class SampleModel(QAbstractListModel):
    """One page of the samples of a part, of all classes or of one; its pictures are parts of one atlas."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._data: Dataset | None = None
        self.part: Part = "training"
        self.class_number: int | None = None
        self.page = 0
        self._all = np.zeros(0, np.int64)
        self._shown = np.zeros(0, np.int64)
        self.atlas = QPixmap()
        self._tile = QSize()

    @property
    def total(self) -> int:
        """Samples of the part and class, on all pages."""
        return len(self._all)

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(-(-self.total // PAGE), 1)

    def show_samples(self, data: Dataset, part: Part, class_number: int | None, page: int = 0) -> None:
        """Show another page, part or class; a page beyond the last is the last."""
        self.beginResetModel()
        self._data, self.part, self.class_number = data, part, class_number
        labels = data.stream(part).labels
        chosen = labels == class_number if class_number is not None else np.ones(len(labels), bool)
        self._all = np.flatnonzero(chosen)
        self.page = min(max(page, 0), self.pages - 1)
        self._shown = self._all[self.page * PAGE : (self.page + 1) * PAGE]
        self.atlas = self._make_atlas()
        self.endResetModel()

    def sample(self, row: int) -> Sample:
        """The sample of a row; StudioError where it cannot be read."""
        data = self._data
        assert data is not None
        index = int(self._shown[row])
        sample = data.stream(self.part).sample(index)
        name = data.catalog.class_names[sample.label]
        return Sample(sample.pixels, sample.label, name, self.part, index, sample.mask)

    def source(self, row: int) -> QRect:
        """Where the picture of a row is in the atlas."""
        width, height = self._tile.width(), self._tile.height()
        return QRect(row % _COLUMNS * width, row // _COLUMNS * height, width, height)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._class_name(index.row())
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return title_of(self._class_name(index.row()), self.part, int(self._shown[index.row()]))
            case _:
                return None

    def _class_name(self, row: int) -> str:
        assert self._data is not None
        label = self._data.stream(self.part).labels[self._shown[row]]
        return self._data.catalog.class_names[int(label)]

    def _make_atlas(self) -> QPixmap:
        if self._data is None or not len(self._shown):
            return QPixmap()
        batch = self._data.stream(self.part).batch(self._shown)
        images = np.zeros((len(self._shown), *batch.pixels.shape[1:]), np.uint8)
        images[np.searchsorted(self._shown, batch.places)] = batch.pixels
        step = -(-max(images.shape[1:3]) // _LONGEST_TILE)
        tiles = images[:, ::step, ::step]
        self._tile = QSize(tiles.shape[2], tiles.shape[1])
        picture = atlas_of(tiles)
        height, width, _ = picture.shape
        image = QImage(picture.data, width, height, 3 * width, QImage.Format.Format_RGB888)
        return QPixmap.fromImage(image)
