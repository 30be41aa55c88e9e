"""A folder with a folder of pictures for each class: `folder/cat/1.png`, `folder/dog/2.jpg`."""

from typing import TYPE_CHECKING

from cnnstudio.core.project.data import DataChoice, DataFacts, FolderSource
from cnnstudio.engine.data.kind import DatasetKind
from cnnstudio.engine.training.stopping import ShouldStop

if TYPE_CHECKING:
    from cnnstudio.engine.data.arrays import Images, Pixels


def _facts_of(choice: DataChoice) -> DataFacts:
    source = _source_of(choice)
    return DataFacts(
        title=source.name,
        sample_shape=source.sample_shape,
        class_names=source.class_names,
        train_count=source.train_count,
        test_count=source.test_count,
        value_range=(0.0, 255.0),
    )


def _load(choice: DataChoice, should_stop: ShouldStop) -> "Images":
    from cnnstudio.engine.data.folder.cache import CACHE

    return CACHE.images(_source_of(choice), should_stop)


def first_of_folder(source: FolderSource) -> "Pixels":
    """The first training picture that can be read, brought to size; StudioError when there is none."""
    from cnnstudio.engine.data.folder.images import first_picture

    return first_picture(source)


def _source_of(choice: DataChoice) -> FolderSource:
    assert choice.folder is not None  # a choice of this kind always has one
    return choice.folder


FOLDER = DatasetKind("folder", _facts_of, _load)
