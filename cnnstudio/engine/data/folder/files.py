"""Which picture files a folder holds for each class, and which of them are kept for the test."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from cnnstudio.core.project.sources import MAX_CLASSES, Rules
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.data.folder.first_rules import first_layout, first_pictures
from cnnstudio.engine.data.folder.layout import Layout, layout_of
from cnnstudio.engine.data.folder.walk import Passed, passed_over_sentence, pictures_below
from cnnstudio.engine.data.source import Tell, silent

RULES: Rules = 2
"""Those a folder is looked through by when it is chosen now."""
_ONE_IN = 10
_LEAST_TO_SHARE = 3
_SEED = b"1"


class ClassFiles(Struct, frozen=True):
    """The pictures of one class by path, in the order of their names."""

    name: str
    training: tuple[str, ...]
    validation: tuple[str, ...]
    test: tuple[str, ...]


class FolderFiles(Struct, frozen=True):
    """The classes of a folder in the order of their names, where they lie, and what was passed over."""

    root: Path
    layout: Layout
    classes: tuple[ClassFiles, ...]
    passed: Passed

    @property
    def paths(self) -> list[str]:
        """All pictures, of all classes and parts."""
        return [path for one in self.classes for path in (*one.training, *one.validation, *one.test)]

    @property
    def remarks(self) -> tuple[str, ...]:
        """How the folder was read, as sentences for a person; none where there is nothing to say."""
        return tuple(
            filter(None, (_place_of(self), _parts_of(self.layout), passed_over_sentence(self.passed)))
        )


def folder_files(root: Path, rules: Rules = RULES, tell: Tell = silent) -> FolderFiles:
    """The pictures of each class, of which there are at least two to learn from.

    Parts that the folder has are taken as they are; without any, one picture in ten of each class is kept
    for the test, always the same. Only names are read. `rules` are those of the source. Who is told how many
    were found so far may raise. StudioError for a folder that is no such data set.
    """
    passed: Passed = Passed()
    count = 0
    with _listing_errors(root):
        layout = first_layout(root) if rules == 1 else layout_of(root, passed)
        _check_names(layout.class_names, root)

        def listed(folder: Path) -> list[str]:
            nonlocal count
            found = first_pictures(folder) if rules == 1 else pictures_below(folder, passed)
            count += len(found)
            tell(count)
            return found

        classes = tuple(_class_of(name, layout, listed) for name in layout.class_names)
    if rules != 1:
        layout, classes = _without_empty(layout, classes, passed)
    for one in classes:
        _check_class(one, layout.training)
    return FolderFiles(root, layout, classes, passed)


def _without_empty(
    layout: Layout, classes: tuple[ClassFiles, ...], passed: Passed
) -> tuple[Layout, tuple[ClassFiles, ...]]:
    """The classes that have pictures, where there are two to tell apart: the others cannot be learned yet."""
    there = tuple(one for one in classes if one.training or one.validation or one.test)
    if not 2 <= len(there) < len(classes):
        return layout, classes
    passed["empty"] += len(classes) - len(there)
    return replace(layout, class_names=tuple(one.name for one in there)), there


def class_files(root: Path) -> tuple[ClassFiles, ...]:
    """The classes of a folder; StudioError as for `folder_files`."""
    return folder_files(root).classes


def _class_of(name: str, layout: Layout, listed: Callable[[Path], list[str]]) -> ClassFiles:
    parts = (layout.training, layout.validation, layout.test)
    training, validation, test = (
        listed(part / name) if part is not None and (part / name).is_dir() else [] for part in parts
    )
    if layout.validation is None and layout.test is None:
        return _shared(name, training)
    return ClassFiles(name, tuple(training), tuple(validation), tuple(test))


def _place_of(files: FolderFiles) -> str:
    """Where the classes are, if in a folder within and not told by the parts."""
    inner, has_parts = files.layout.training.relative_to(files.root), _parts_of(files.layout)
    return f"The classes are the folders in {inner.as_posix()}." if inner.parts and not has_parts else ""


def _parts_of(layout: Layout) -> str:
    match layout:
        case Layout(validation=None, test=None):
            return ""
        case Layout(validation=None):
            return "The test pictures are the folder's own."
        case Layout(test=None):
            return "The validation pictures are the folder's own; no share is held out. None is for the test."
        case _:
            return "The validation and test pictures are the folder's own; no share is held out."


@contextmanager
def _listing_errors(root: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise StudioError(
            f"There is no folder {root}. Check the name, or choose another folder of pictures."
        ) from error
    except NotADirectoryError as error:
        raise StudioError(
            f"{root} is no folder. Choose a folder with a folder for each class, a ZIP archive of one, a "
            "table or a file of arrays."
        ) from error
    except PermissionError as error:
        raise StudioError(
            f"You may not read {error.filename or root}. Change its permissions, or choose another folder."
        ) from error
    except (OSError, ValueError) as error:
        raise StudioError(f"{root} cannot be read ({error}). Choose another folder.") from error


def _check_names(names: tuple[str, ...], root: Path) -> None:
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


def _refuse_unwritable(name: str) -> None:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError as error:
        raise StudioError(
            f"The name of the folder {name!r} is not Unicode text. Give the folder another name."
        ) from error


def _shared(name: str, pictures: list[str]) -> ClassFiles:
    """Keep some for the test: those whose names come first when scrambled, whatever else is there."""
    count = len(pictures) // _ONE_IN or int(len(pictures) >= _LEAST_TO_SHARE)
    test = set(sorted(pictures, key=scrambled)[:count])
    return ClassFiles(name, tuple(path for path in pictures if path not in test), (), tuple(sorted(test)))


def scrambled(path: str) -> bytes:
    """A key that sorts files as if by chance, and always alike: it is made of the file's name alone."""
    name = path[path.rfind(os.sep) + 1 :]
    return hashlib.sha256(_SEED + name.encode("utf-8", "surrogateescape")).digest()


def _check_class(one: ClassFiles, place: Path) -> None:
    if not one.training:
        raise StudioError(
            f"The folder {one.name} in {place} has no pictures (png, jpg, tif and their kin). Add some, or "
            "take the folder out."
        )
    if len(one.training) == 1:
        raise StudioError(
            f"The class {one.name} in {place} has one picture only, and each class needs at least two. "
            "Add some, or take the folder out."
        )
