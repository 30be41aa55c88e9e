"""A folder with a folder of pictures for each class: `folder/cat/1.png`, `folder/dog/2.jpg`."""

from pathlib import Path
from typing import TYPE_CHECKING

from cnnstudio.core.project.data import Preparation
from cnnstudio.core.project.sources import Folder
from cnnstudio.core.values.facts import DataFacts
from cnnstudio.engine.data.source import Finder, Found, SourceKind
from cnnstudio.engine.training.stopping import ShouldStop

if TYPE_CHECKING:
    from cnnstudio.engine.data.images import Images, Listing, Pixels


def _facts_of(source: Folder, preparation: Preparation) -> DataFacts:
    assert preparation.size is not None  # a choice of a folder always says it
    return DataFacts(
        title=source.name,
        sample_shape=(*preparation.size, 1 if preparation.colors == "gray" else 3),
        class_names=source.class_names,
        train_count=source.train_count,
        test_count=source.test_count,
        validation_count=source.validation_count,
        class_counts=source.class_counts,
        value_range=(0.0, 255.0),
    )


def _read(source: Folder, preparation: Preparation, should_stop: ShouldStop) -> "Images":
    from cnnstudio.engine.data.folder.images import read

    return read(source, preparation, should_stop)


def _first(source: Folder, preparation: Preparation) -> "Pixels":
    from cnnstudio.engine.data.folder.images import first_picture

    return first_picture(source, preparation)


def _stamp(source: Folder) -> str:
    from cnnstudio.engine.data.folder.images import stamp_of

    return stamp_of(source)


def _listed(source: Folder) -> "Listing":
    from cnnstudio.engine.data.folder.images import listing_of

    return listing_of(source)


def _picture(source: Folder, preparation: Preparation, locator: str) -> "Pixels":
    from cnnstudio.engine.data.folder.images import picture_at

    return picture_at(source, preparation, locator)


def _find(path: Path, should_stop: ShouldStop) -> Found:
    from cnnstudio.engine.data.folder.scan import scan

    return scan(path, should_stop)


FOLDERS = SourceKind(
    Folder, _facts_of, _read, _first, _stamp, _listed, _picture, Finder(accepts=Path.is_dir, find=_find)
)
