"""A folder with a folder of pictures for each class: `folder/cat/1.png`, `folder/dog/2.jpg`."""

from pathlib import Path
from typing import TYPE_CHECKING

from cnnstudio.core.project.data import Preparation
from cnnstudio.core.project.sources import Folder
from cnnstudio.core.values.facts import DataFacts
from cnnstudio.engine.data.source import Finder, Found, SourceKind, Tell, facts_of_own
from cnnstudio.engine.training.stopping import ShouldStop

if TYPE_CHECKING:
    from cnnstudio.engine.data.decoded import DecodedSamples


def _facts_of(source: Folder, preparation: Preparation) -> DataFacts:
    return facts_of_own(source, preparation.shape_of((None, None, 3)))


def _open(source: Folder, preparation: Preparation, should_stop: ShouldStop) -> "DecodedSamples":
    from cnnstudio.engine.data.folder.images import opened

    return opened(source, preparation, should_stop)


def _stamp(source: Folder) -> str:
    from cnnstudio.engine.data.folder.images import stamp_of

    return stamp_of(source)


def _absence(source: Folder) -> str:
    if Path(source.path).is_dir():
        return ""
    return (
        f"The folder of the data, {source.path}, is not there. Bring it back, or choose the data anew on the "
        "Data page."
    )


def _find(path: Path, should_stop: ShouldStop, tell: Tell) -> Found:
    from cnnstudio.engine.data.folder.scan import scan

    return scan(path, should_stop, tell)


def _file_of(source: Folder, locator: str) -> Path:
    return Path(source.path, locator)


FOLDERS = SourceKind(
    Folder, _facts_of, _open, _stamp, _absence, Finder(accepts=Path.is_dir, find=_find), _file_of
)
