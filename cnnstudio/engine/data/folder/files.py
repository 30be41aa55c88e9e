"""Which picture files a folder holds for each class, and which of them are kept for the test."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from cnnstudio.core.project.sources import MAX_CLASSES
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.files.kinds import PICTURE_SUFFIXES

_TRAINING = ("train", "training")
_TEST = ("test", "testing", "val", "valid", "validation")
_ONE_IN = 10
_LEAST_TO_SHARE = 3
_SEED = "1"


class ClassFiles(Struct, frozen=True):
    """The pictures of one class by path, in the order of their names."""

    name: str
    training: tuple[str, ...]
    test: tuple[str, ...]


def class_files(root: Path) -> tuple[ClassFiles, ...]:
    """The classes in the order of their names, each with at least two pictures to learn from.

    Where the folder holds `train` and `test` (or `val`) with class folders, those are taken; else one picture
    in ten of each class is kept for the test, always the same. Hidden files and folders and files that are
    no pictures by their ending do not count; folders in a class folder are not looked into. Only names are
    read. StudioError for a folder that is no such data set.
    """
    with _listing_errors(root):
        training, test = _parts(root)
        names = _class_names(training, root)
        if test is None:
            found = [_shared(name, _pictures(training / name)) for name in names]
        else:
            found = [_given(name, training, test) for name in names]
            _refuse_strangers(names, test)
    for one in found:
        _check_class(one, root)
    return tuple(found)


@contextmanager
def _listing_errors(root: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise StudioError(
            f"There is no folder {root}. Check the name, or choose another folder of pictures."
        ) from error
    except NotADirectoryError as error:
        raise StudioError(f"{root} is no folder. Choose a folder with a folder for each class.") from error
    except PermissionError as error:
        raise StudioError(
            f"You may not read {error.filename or root}. Change its permissions, or choose another folder."
        ) from error
    except (OSError, ValueError) as error:
        raise StudioError(f"{root} cannot be read ({error}). Choose another folder.") from error


def _parts(root: Path) -> tuple[Path, Path | None]:
    """Where the class folders are: those to learn from, and those for the test where there are any."""
    by_name = {name.lower(): root / name for name in _folders(root)}
    training = next((by_name[name] for name in _TRAINING if name in by_name), None)
    test = next((by_name[name] for name in _TEST if name in by_name), None)
    if training is None or test is None or not (_folders(training) and _folders(test)):
        return root, None
    return training, test


def _class_names(training: Path, root: Path) -> list[str]:
    names = _folders(training)
    if not names:
        raise StudioError(
            f"{root} holds no class folders. Put the pictures of each class into a folder of their own, "
            "such as cat and dog, and choose the folder around them."
        )
    if len(names) == 1:
        raise StudioError(
            f"{root} holds one class folder only, {names[0]}, and telling apart takes two. Add a folder for "
            "each other class, or choose the folder around it."
        )
    if len(names) > MAX_CLASSES:
        raise StudioError(
            f"{root} holds {len(names):,} folders, and at most {MAX_CLASSES:,} classes can be told apart. "
            "Choose a folder with a folder for each class."
        )
    for name in names:
        _refuse_unwritable(name)
    return names


def _refuse_unwritable(name: str) -> None:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError as error:
        raise StudioError(
            f"The name of the folder {name!r} is not Unicode text. Give the folder another name."
        ) from error


def _folders(folder: Path) -> list[str]:
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries if not entry.name.startswith(".") and _is_dir(entry))


def _is_dir(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


def _pictures(folder: Path) -> list[str]:
    with os.scandir(folder) as entries:
        return sorted(entry.path for entry in entries if _is_picture(entry))


def _is_picture(entry: "os.DirEntry[str]") -> bool:
    if entry.name.startswith(".") or not entry.name.lower().endswith(PICTURE_SUFFIXES):
        return False
    try:
        return entry.is_file()
    except OSError:
        return False


def _shared(name: str, pictures: list[str]) -> ClassFiles:
    """Keep some for the test: those whose names come first when scrambled, whatever else is there."""
    count = len(pictures) // _ONE_IN or int(len(pictures) >= _LEAST_TO_SHARE)
    test = set(sorted(pictures, key=scrambled)[:count])
    return ClassFiles(name, tuple(path for path in pictures if path not in test), tuple(sorted(test)))


def scrambled(path: str) -> bytes:
    """A key that sorts files as if by chance, and always alike: it is made of the file's name alone."""
    name = os.path.basename(path)  # noqa: PTH119 - a Path for each of a million files takes a minute
    return hashlib.sha256(_SEED.encode() + os.fsencode(name)).digest()


def _given(name: str, training: Path, test: Path) -> ClassFiles:
    there = _pictures(test / name) if (test / name).is_dir() else []
    return ClassFiles(name, tuple(_pictures(training / name)), tuple(there))


def _refuse_strangers(names: list[str], test: Path) -> None:
    unknown = sorted(set(_folders(test)) - set(names))
    if unknown:
        raise StudioError(
            f"{test} holds the class {unknown[0]}, of which there are no pictures to learn from. "
            "Give both parts the same class folders."
        )


def _check_class(one: ClassFiles, root: Path) -> None:
    endings = ", ".join(suffix.removeprefix(".") for suffix in PICTURE_SUFFIXES)
    if not one.training:
        raise StudioError(
            f"The folder {one.name} in {root} has no pictures ({endings}). Add some, or take the folder out."
        )
    if len(one.training) == 1:
        raise StudioError(
            f"The class {one.name} in {root} has one picture only, and each class needs at least two. "
            "Add some, or take the folder out."
        )
