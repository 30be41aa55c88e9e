"""Whether the chosen data are still where they were."""

from cnnstudio.core.project.data import DataChoice
from cnnstudio.engine.data import kind_of


def absence_of(choice: DataChoice) -> str:
    """A sentence where the files of the data are gone; empty where they are there, or none are needed.

    Asks the disk, which may take long where that is a network's.
    """
    return "" if choice.source is None else kind_of(choice.source).absence(choice.source)
