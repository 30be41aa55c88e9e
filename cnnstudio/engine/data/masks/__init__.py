"""Pictures with masks of the same names, for segmentation: `images/1.jpg` and `masks/1.png`."""

from pathlib import Path
from typing import TYPE_CHECKING

from cnnstudio.core.project.data import Preparation
from cnnstudio.core.project.sources import MaskPairs
from cnnstudio.core.values.facts import DataFacts
from cnnstudio.engine.data.source import Finder, Found, SourceKind, Tell, facts_of_own, folder_absence
from cnnstudio.engine.training.stopping import ShouldStop

if TYPE_CHECKING:
    from cnnstudio.engine.data.decoded import DecodedSamples


def _facts_of(source: MaskPairs, preparation: Preparation) -> DataFacts:
    return facts_of_own(source, preparation.shape_of((None, None, 3)), has_masks=True, has_labels=False)


def _open(source: MaskPairs, preparation: Preparation, should_stop: ShouldStop) -> "DecodedSamples":
    from cnnstudio.engine.data.masks.opening import open_pairs

    return open_pairs(source, preparation, should_stop)


def _stamp(source: MaskPairs) -> str:
    from cnnstudio.engine.data.masks.opening import stamp_of

    return stamp_of(source)


def _accepts(path: Path) -> bool:
    from cnnstudio.engine.data.masks.pairs import looks_like_pairs

    return path.is_dir() and looks_like_pairs(path)


def _find(path: Path, should_stop: ShouldStop, _tell: Tell) -> Found:
    from cnnstudio.engine.data.masks.opening import find_pairs

    return find_pairs(path, should_stop)


def _file_of(source: MaskPairs, locator: str) -> Path:
    return Path(source.path, locator)


MASK_PAIRS = SourceKind(
    MaskPairs, _facts_of, _open, _stamp, folder_absence, Finder(accepts=_accepts, find=_find), _file_of
)
