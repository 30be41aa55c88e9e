"""A table (CSV) with the file and the class of a picture in each row; paths are relative to the table."""

from pathlib import Path
from typing import TYPE_CHECKING

from cnnstudio.core.project.data import Preparation
from cnnstudio.core.project.sources import Table
from cnnstudio.core.values.facts import DataFacts
from cnnstudio.engine.data.source import Finder, Found, SourceKind, Tell, facts_of_own, folder_absence
from cnnstudio.engine.training.stopping import ShouldStop

if TYPE_CHECKING:
    from cnnstudio.engine.data.decoded import DecodedSamples


def _facts_of(source: Table, preparation: Preparation) -> DataFacts:
    return facts_of_own(source, preparation.shape_of((None, None, 3)))


def _open(source: Table, preparation: Preparation, should_stop: ShouldStop) -> "DecodedSamples":
    from cnnstudio.engine.data.table.opening import open_table

    return open_table(source, preparation, should_stop)


def _stamp(source: Table) -> str:
    from cnnstudio.engine.data.table.opening import stamp_of

    return stamp_of(source)


def _accepts(path: Path) -> bool:
    from cnnstudio.engine.data.table.reading import names_pictures

    return names_pictures(path)


def _find(path: Path, should_stop: ShouldStop, _tell: Tell) -> Found:
    from cnnstudio.engine.data.table.opening import find_table

    return find_table(path, should_stop)


def _file_of(source: Table, locator: str) -> Path:
    return Path(source.path).parent / locator


TABLES = SourceKind(
    Table, _facts_of, _open, _stamp, folder_absence, Finder(accepts=_accepts, find=_find), _file_of
)
