"""Which files are pictures and which their masks, told by the names of folders or of the files themselves."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.words import counted
from cnnstudio.engine.data.folder.walk import Passed, folders_in, pictures_below

_PICTURES = re.compile(r"(images?|imgs?|pictures?|photos?|jpegimages|inputs?)", re.IGNORECASE)
_MASKS = re.compile(
    r"(masks?|labels?|annotations?|segmentationclass|segmentations?|ground_?truths?|gts?|targets?)",
    re.IGNORECASE,
)
_PARTS = {
    "training": re.compile(r"train(ing)?", re.IGNORECASE),
    "validation": re.compile(r"val(id(ation)?)?", re.IGNORECASE),
    "test": re.compile(r"test(ing)?", re.IGNORECASE),
}
_ENDING = re.compile(r"[-_. ]?(masks?|labels?|gt|seg(mentation)?|annotation|groundtruth)$", re.IGNORECASE)
_MOST_DEPTH = 4


class Pair(Struct, frozen=True):
    """A picture, its mask, and the part it is of by the names of the folders, or None."""

    picture: str
    mask: str
    part: str | None


class Pairs(Struct, frozen=True):
    """All pairs of a folder sorted by the picture, and how many files have no partner."""

    pairs: tuple[Pair, ...]
    alone: int

    @property
    def remark(self) -> str:
        """What was passed over, for a person; empty for nothing."""
        if not self.alone:
            return ""
        return f"Passed over: {counted(self.alone, 'file')} without a picture or mask of the same name."


def looks_like_pairs(root: Path) -> bool:
    """Whether folders below are named as those of pictures and of masks; asks the disk for names only."""
    try:
        return next(_places(root), None) is not None
    except OSError:
        return False


def pairs_in(root: Path) -> Pairs:
    """The pictures with masks in a folder. StudioError where there are none; OSError."""
    found: list[Pair] = []
    alone = 0
    for pictures, masks in _places(root):
        pairs, left = _matched(root, pictures, masks)
        found += pairs
        alone += left
    if not found:
        raise StudioError(
            f"{root} holds no pictures with masks of the same names. Put the pictures into a folder images, "
            "and "
            "their masks, named alike, into a folder masks beside it."
        )
    return Pairs(tuple(sorted(found, key=lambda pair: pair.picture)), alone)


def _places(folder: Path, depth: int = 0) -> Iterator[tuple[Path, Path]]:
    """Each folder of pictures with the folder of masks beside it."""
    names = folders_in(folder)
    pictures = [name for name in names if _PICTURES.fullmatch(name)]
    masks = [name for name in names if _MASKS.fullmatch(name)]
    if pictures and masks:
        yield folder / pictures[0], folder / masks[0]
        return
    if depth < _MOST_DEPTH:
        for name in names:
            yield from _places(folder / name, depth + 1)


def _matched(root: Path, pictures: Path, masks: Path) -> tuple[list[Pair], int]:
    by_name = {_stem(path, masks): path for path in pictures_below(masks, Passed())}
    paths = pictures_below(pictures, Passed())
    pairs = [
        Pair(path, by_name[_stem(path, pictures)], _part_of(path, root))
        for path in paths
        if _stem(path, pictures) in by_name
    ]
    return pairs, len(paths) + len(by_name) - 2 * len(pairs)


def _stem(path: str, folder: Path) -> str:
    """What a picture and its mask have in common: the name below their folders, without endings."""
    below = os.path.relpath(path, folder)
    name = below[: below.rfind(".")]
    return _ENDING.sub("", name)


def _part_of(path: str, root: Path) -> str | None:
    folders = Path(os.path.relpath(path, root)).parts[:-1]
    named = (part for name in folders for part, words in _PARTS.items() if words.fullmatch(name))
    return next(named, None)
