"""Whether the chosen data are still where they were."""

from pathlib import Path

from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import OwnData
from cnnstudio.engine.data import kind_of
from cnnstudio.engine.data.archive import is_archive


def absence_of(choice: DataChoice) -> str:
    """A sentence where the files of the data are gone; empty where they are there, or none are needed.

    Asks the disk, which may take long where that is a network's.
    """
    source = choice.source
    if source is None or (isinstance(source, OwnData) and is_archive(Path(source.path))):
        return ""
    return kind_of(source).absence(source)
