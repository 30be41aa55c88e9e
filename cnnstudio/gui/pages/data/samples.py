"""The samples of a data set as a list that a view can show: a row for each, however many there are."""

from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from cnnstudio.core.project.corrections import LEFT_OUT
from cnnstudio.engine.data.catalog import ALL_PICTURES, Part
from cnnstudio.engine.data.dataset import Dataset
from cnnstudio.engine.data.images import Indices, Masks
from cnnstudio.engine.data.looking import file_of, place_of

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class Sample(Struct, frozen=True, eq=False):
    """One image (height, width, channels) of bytes, its class number, where it is, and its mask if any."""

    image: NDArray[np.uint8]
    label: int
    class_name: str
    part: Part | None
    """None where it takes no part."""
    index: int
    """Its place in the part, from 0; or its row."""
    row: int
    locator: str
    file: Path | None = None
    mask: Masks | None = None


class Shown(Struct, frozen=True, eq=False):
    """Some samples of a data set, by their `rows` in its catalog; any thread may ask."""

    data: Dataset
    rows: Indices

    def sample(self, place: int) -> Sample:
        """A sample with its pixels; blocks while it is decoded. StudioError where it cannot be read."""
        row = int(self.rows[place])
        read = self.data.everything().sample(row)
        part, index = place_of(self.data, row) or (None, row)
        file = file_of(self.data.choice, read.locator)
        name = self.class_name(place)
        return Sample(read.pixels, read.label, name, part, index, row, read.locator, file, read.mask)

    def locator(self, place: int) -> str:
        """How a sample is named in its source."""
        return self.data.catalog.locators[int(self.rows[place])]

    def class_name(self, place: int) -> str:
        """The class a sample is of now; empty for one whose class is not learned. Of pictures that as a whole
        are of none, the name of the file.
        """
        label, names = int(self.data.catalog.labels[int(self.rows[place])]), self.data.catalog.class_names
        if names == (ALL_PICTURES,):
            return PurePosixPath(self.locator(place)).name
        return names[label] if label >= 0 else ""

    def title(self, place: int) -> str:
        """Class and place of a sample, for a person."""
        found = place_of(self.data, int(self.rows[place]))
        return f"{self.class_name(place)}, {LEFT_OUT if found is None else place_text(*found)}"


def place_text(part: Part, index: int) -> str:
    """`training image 3`."""
    return f"{part} image {index + 1:,}"


class SampleModel(QAbstractListModel):
    """The samples that are shown, and which of them were put right."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shown: Shown | None = None
        self._left_out: frozenset[str] = frozenset()

    def show_samples(self, shown: Shown) -> None:
        """Show other samples."""
        self.beginResetModel()
        self.shown = shown
        self._left_out = frozenset(shown.data.choice.corrections.left_out)
        self.endResetModel()

    def sample(self, place: int) -> Sample:
        """As `Shown.sample`."""
        assert self.shown is not None
        return self.shown.sample(place)

    def mark(self, place: int) -> str:
        """What was put right about a sample, in words; empty for most."""
        assert self.shown is not None
        locator = self.shown.locator(place)
        if locator in self._left_out:
            return LEFT_OUT
        return "given another class" if locator in self.shown.data.choice.corrections.relabelled else ""

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() or self.shown is None else len(self.shown.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self.shown is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.shown.class_name(index.row())
            case Qt.ItemDataRole.AccessibleTextRole:
                return ", ".join(filter(None, (self.shown.title(index.row()), self.mark(index.row()))))
            case Qt.ItemDataRole.ToolTipRole:
                said = self.data(index, Qt.ItemDataRole.AccessibleTextRole)
                return f"{said}\n{self.shown.locator(index.row())}"
            case _:
                return None
