"""Where in a folder the class folders of each part are: those to learn from, to validate by, for the test."""

import re
from pathlib import Path

from msgspec import Struct

from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.words import listed
from cnnstudio.engine.data.folder.walk import (
    Passed,
    count_all,
    count_loose,
    folders_in,
    has_pictures,
    pictures_below,
)

_SPELLINGS = {
    "training": r"train|training",
    "validation": r"val|valid|validation",
    "test": r"test|testing",
}
_ENDING = r"(?:[ _-]?(?:set|data|images))?"
"""As in `training_set`, `test-data`."""
_MOST_WRAPPERS = 4


class Layout(Struct, frozen=True):
    """The folders that hold the class folders; None for a part that the folder has none of."""

    training: Path
    validation: Path | None
    test: Path | None
    class_names: tuple[str, ...]


def layout_of(root: Path, passed: Passed) -> Layout:
    """Find the parts below `root`; what belongs to none of them is counted in `passed`.

    A single folder around all others is looked into. Folders named as parts are parts when class folders are
    in them: `train` beside or without others, or a validation or test folder beside the classes of whose
    names it holds no others. StudioError where parts have no classes to learn from; OSError.
    """
    place = _unwrapped(root)
    parts = _named_as_parts(place)
    training = parts.get("training")
    if training is not None and _is_training_part(place, training, parts):
        return _with_training(place, _unwrapped(training), parts, passed)
    if parts and len(parts) == len(folders_in(place)) > 1:
        names = listed(sorted(one.name for one in parts.values()))
        raise StudioError(
            f"{place} holds the parts {names}, and no class folders to learn from. Put a folder "
            "train into it, with a folder of pictures for each class."
        )
    return _beside_classes(place, parts, passed)


def _unwrapped(folder: Path) -> Path:
    """The folder within that holds the class folders or the parts, where there is one around them only."""
    place = folder
    for _ in range(_MOST_WRAPPERS):
        names = folders_in(place)
        if len(names) != 1 or has_pictures(place):
            break
        place = place / names[0]
    is_class = place != folder and has_pictures(place)
    return place if len(folders_in(place)) > 1 and not is_class else folder


def _named_as_parts(place: Path) -> dict[str, Path]:
    """The folders whose names are those of parts, by the part; of several the first in their order."""
    found: dict[str, Path] = {}
    for name in folders_in(place):
        for part, spelling in _SPELLINGS.items():
            if re.fullmatch(f"(?:{spelling}){_ENDING}", name.lower()):
                found.setdefault(part, place / name)
    return found


def _is_training_part(place: Path, training: Path, parts: dict[str, Path]) -> bool:
    """Whether the folder named so holds class folders; a class may be named so too."""
    classes = set(folders_in(_unwrapped(training)))
    if not classes or has_pictures(training):
        return False
    others = [parts[part] for part in ("validation", "test") if part in parts]
    if any(classes & set(folders_in(other)) for other in others):
        return True
    beside = set(folders_in(place)) - {one.name for one in parts.values()}
    return not any(has_pictures(place / name) for name in beside)


def _with_training(place: Path, training: Path, parts: dict[str, Path], passed: Passed) -> Layout:
    names = folders_in(training)
    given = {part: _given(parts.get(part), names, passed) for part in ("validation", "test")}
    for name in set(folders_in(place)) - {one.name for one in parts.values()}:
        count_all(place / name, passed)
    for folder in {place, training}:
        count_loose(folder, passed)
    return Layout(training, given["validation"], given["test"], tuple(names))


def _given(part: Path | None, names: list[str], passed: Passed) -> Path | None:
    """The place of a part's class folders; None, and its pictures counted, where it has none of them."""
    if part is None:
        return None
    inner = part if set(folders_in(part)) & set(names) else _unwrapped(part)
    classes = set(folders_in(inner))
    if not _holds_pictures(inner, classes & set(names)):
        count_all(part, passed)
        return None
    _refuse_strangers(classes - set(names), inner)
    count_loose(inner, passed)
    return inner


def _beside_classes(place: Path, parts: dict[str, Path], passed: Passed) -> Layout:
    """The classes lie in the folder itself, and beside them perhaps folders for the other parts."""
    names = folders_in(place)
    candidates = {part: parts[part] for part in ("validation", "test") if part in parts}
    classes = set(names) - {one.name for one in candidates.values()}
    given = {part: one for part, one in candidates.items() if _is_part_of(classes, one)}
    for folder in (place, *given.values()):
        count_loose(folder, passed)
    taken = {one.name for one in given.values()}
    class_names = tuple(name for name in names if name not in taken)
    return Layout(place, given.get("validation"), given.get("test"), class_names)


def _is_part_of(classes: set[str], part: Path) -> bool:
    """Whether a folder beside the classes holds folders of their names only, with pictures."""
    inner = set(folders_in(part))
    return inner <= classes and not has_pictures(part) and _holds_pictures(part, inner)


def _holds_pictures(part: Path, names: set[str]) -> bool:
    """Whether any of the class folders in a part has pictures."""
    return any(pictures_below(part / name, Passed()) for name in names)


def _refuse_strangers(strangers: set[str], part: Path) -> None:
    if strangers:
        raise StudioError(
            f"{part} holds the class {min(strangers)}, of which there are no pictures to learn from. "
            "Give all parts the same class folders."
        )
