"""Whether the chosen data are still where they were."""

from pathlib import Path

from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import Folder


def absence_of(choice: DataChoice) -> str:
    """A sentence where the folder of the data is gone; empty where it is there, or none is needed.

    Asks the disk, which may take long where that is a network's.
    """
    source = choice.source
    if not isinstance(source, Folder) or Path(source.path).is_dir():
        return ""
    return (
        f"The folder of the data, {source.path}, is not there. Bring it back, or choose the data anew on the "
        "Data page."
    )
