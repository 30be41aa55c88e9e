"""Which files of a folder are pictures, by their names, and what is passed over, by reason."""

import os
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, TypeAlias

from cnnstudio.core.values.words import counted, listed
from cnnstudio.engine.files.kinds import PICTURE_SUFFIXES

MAX_DEPTH = 8
"""Folders within folders that are looked into, below the folder of a class."""
_SUFFIXES = frozenset(PICTURE_SUFFIXES)
_BY_SYSTEMS = ("__MACOSX", "@eaDir")
"""Folders that an archive or a network drive adds; in them lie shadows of the pictures, under their names."""

Reason: TypeAlias = Literal["no picture", "hidden", "too deep", "link", "no class", "empty"]
Passed: TypeAlias = Counter[Reason]
"""How many files and folders were passed over, by reason. A folder counts as one, whatever is in it."""


def folders_in(folder: Path) -> list[str]:
    """The names of the folders in a folder that are not hidden, sorted."""
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries if not _is_hidden(entry) and is_dir(entry))


def has_pictures(folder: Path) -> bool:
    """Whether pictures lie in the folder itself."""
    with os.scandir(folder) as entries:
        return any(is_picture(entry) for entry in entries)


def pictures_below(folder: Path, passed: Passed) -> list[str]:
    """The paths of the pictures in a folder and the folders in it, sorted; what is no picture is counted.

    Links to folders are not followed: they may lead in a circle.
    """
    found: list[str] = []
    waiting: list[tuple[str, int]] = [(str(folder), 0)]
    while waiting:
        place, depth = waiting.pop()
        with os.scandir(place) as entries:
            for entry in entries:
                if _is_plain_picture(entry) or is_picture(entry):
                    found.append(entry.path)
                elif (reason := _reason_against(entry, depth)) is not None:
                    passed[reason] += 1
                else:
                    waiting.append((entry.path, depth + 1))
    return sorted(found)


def count_loose(folder: Path, passed: Passed) -> None:
    """Count what lies beside the class folders: pictures there have no class."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if is_picture(entry):
                passed["no class"] += 1
            elif _is_hidden(entry):
                passed["hidden"] += 1


def count_all(folder: Path, passed: Passed) -> None:
    """Count a whole folder that is of no class."""
    passed["no class"] += len(pictures_below(folder, passed))


def is_picture(entry: "os.DirEntry[str]", suffixes: tuple[str, ...] = PICTURE_SUFFIXES) -> bool:
    """Whether an entry is a file with the ending of a picture, and not hidden."""
    if _is_hidden(entry) or not entry.name.lower().endswith(suffixes):
        return False
    try:
        return entry.is_file()
    except OSError:
        return False


def _is_plain_picture(entry: "os.DirEntry[str]") -> bool:
    """`is_picture` for what almost all entries are, in a third of the time: a file, no link, not hidden."""
    name = entry.name
    if name[0] == "." or not entry.is_file(follow_symlinks=False):
        return False
    return name[name.rfind(".") :].lower() in _SUFFIXES


def is_dir(entry: "os.DirEntry[str]") -> bool:
    """Whether an entry is a folder, or a link to one."""
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


def _reason_against(entry: "os.DirEntry[str]", depth: int) -> Reason | None:
    """Why an entry that is no picture is passed over; None for a folder to look into."""
    if _is_hidden(entry):
        return "hidden"
    if not is_dir(entry):
        return "no picture"
    if entry.is_symlink():
        return "link"
    return "too deep" if depth >= MAX_DEPTH else None


def _is_hidden(entry: "os.DirEntry[str]") -> bool:
    return entry.name.startswith(".") or entry.name in _BY_SYSTEMS


_WORDS: Mapping[Reason, Callable[[int], str]] = {
    "no picture": lambda count: f"{counted(count, 'file')} without the ending of a picture",
    "hidden": lambda count: f"{count:,} hidden",
    "too deep": lambda count: f"{counted(count, 'folder')} more than {MAX_DEPTH} folders deep",
    "link": lambda count: f"{counted(count, 'link')} to folders",
    "no class": lambda count: f"{counted(count, 'picture')} outside of the class folders",
    "empty": lambda count: f"{counted(count, 'class folder')} without a picture",
}


def passed_over_sentence(passed: Passed) -> str:
    """What was passed over, by reason, for a person; empty for nothing."""
    told = [words(passed[reason]) for reason, words in _WORDS.items() if passed[reason]]
    return f"Passed over: {listed(told)}." if told else ""
