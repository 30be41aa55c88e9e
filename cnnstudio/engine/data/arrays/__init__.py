"""Arrays in files: NumPy's archive, HDF5, IDX, tables of pixels. A new format is a `Container` and a line in
`opening.py`.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from cnnstudio.core.project.data import Preparation
from cnnstudio.core.project.sources import Arrays
from cnnstudio.core.values.facts import DataFacts
from cnnstudio.engine.data.source import Finder, Found, SourceKind, Tell, facts_of_own, folder_absence
from cnnstudio.engine.training.stopping import ShouldStop

if TYPE_CHECKING:
    from cnnstudio.engine.data.samples import Samples


def _facts_of(source: Arrays, preparation: Preparation) -> DataFacts:
    return facts_of_own(source, preparation.shape_of(source.sample_shape))


def _open(source: Arrays, preparation: Preparation, should_stop: ShouldStop) -> "Samples":
    from cnnstudio.engine.data.arrays.opening import open_arrays

    return open_arrays(source, preparation, should_stop)


def _stamp(source: Arrays) -> str:
    from cnnstudio.engine.data.arrays.opening import stamp_of

    return stamp_of(source)


def _accepts(path: Path) -> bool:
    from cnnstudio.engine.data.arrays.opening import accepts

    return accepts(path)


def _find(path: Path, should_stop: ShouldStop, _tell: Tell) -> Found:
    from cnnstudio.engine.data.arrays.opening import find_arrays

    return find_arrays(path, should_stop)


ARRAYS = SourceKind(Arrays, _facts_of, _open, _stamp, folder_absence, Finder(accepts=_accepts, find=_find))
