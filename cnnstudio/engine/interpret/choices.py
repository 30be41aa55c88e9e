"""Which picture is looked at, as plain values: importing them brings no library of numbers along."""

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from cnnstudio.core.project.sources import IncludedName
from cnnstudio.engine.files.photos import Photo

if TYPE_CHECKING:
    from cnnstudio.engine.data.catalog import Part


class Sample(Struct, frozen=True):
    """A training image of an included data set, counted from 0."""

    key: IncludedName
    index: int = 0


class DataPicture(Struct, frozen=True):
    """A picture of the project's own data: its place in a part of them, from 0."""

    part: "Part"
    index: int = 0


PictureChoice: TypeAlias = Photo | Sample | DataPicture | Path

DEFAULT_PICTURE = DataPicture("training")
"""What is looked at before anybody has chosen."""
