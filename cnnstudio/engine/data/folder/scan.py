"""What a folder of class folders is, found out by its names and a few of its pictures."""

from pathlib import Path
from statistics import median

from msgspec import Struct

from cnnstudio.core.project.data import Colors, Preparation
from cnnstudio.core.project.sources import MAX_NAME, MAX_PATH, Folder
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.data.folder.files import ClassFiles, class_files
from cnnstudio.engine.files.images import Header, read_header

MOST_HEADERS = 32
USUAL_SIDE = 64
"""Pixels of the longer side, where the pictures have that many: a small network learns from it in minutes."""
_SAME_ASPECT = 1.1


class FoundFolder(Struct, frozen=True):
    """A folder that is a data set, and what its pictures had better be brought to."""

    source: Folder
    preparation: Preparation


def scan(path: Path) -> FoundFolder:
    """Look through a folder of class folders; blocks, and reads the beginning of a few pictures only.

    Size and colors are a proposal: the middle size of those pictures, at most 64 pixels long, square where
    their shapes differ, and gray when all of them are. StudioError, in one sentence, for any other folder.
    """
    root = path.absolute()
    _check_path(root)
    classes = class_files(root)
    headers = _headers(classes)
    gray = all(header.is_gray for header in headers)
    colors: Colors = "gray" if gray else "color"
    source = Folder(
        path=str(root),
        class_names=tuple(one.name for one in classes),
        train_count=sum(len(one.training) for one in classes),
        test_count=sum(len(one.test) for one in classes),
    )
    return FoundFolder(source, Preparation(size=_proposed_size(headers), colors=colors))


def _check_path(root: Path) -> None:
    text = str(root)
    if len(text) > MAX_PATH or max(map(len, root.parts)) > MAX_NAME or "\0" in text:
        raise StudioError(f"{text[:60]}... is too long for the name of a folder. Choose another folder.")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise StudioError(
            f"The name of the folder {text!r} is not Unicode text. Give the folder another name."
        ) from error


def _headers(classes: tuple[ClassFiles, ...]) -> list[Header]:
    """Of pictures spread evenly over all; those that cannot be read are left out."""
    files = [path for one in classes for path in one.training]
    chosen = files[:: -(-len(files) // MOST_HEADERS)]
    found: list[Header] = []
    refusals: list[StudioError] = []
    for path in chosen:
        try:
            found.append(read_header(Path(path)))
        except StudioError as error:
            refusals.append(error)
    if not found:
        raise StudioError(f"None of {len(chosen)} pictures tried can be read; the first: {refusals[0]}")
    return found


def _proposed_size(headers: list[Header]) -> tuple[int, int]:
    aspects = [header.width / header.height for header in headers]
    height = median(header.height for header in headers)
    width = median(header.width for header in headers)
    if max(aspects) > _SAME_ASPECT * min(aspects):
        height = width = min(height, width)
    share = min(1.0, USUAL_SIDE / max(height, width))
    return max(1, round(share * height)), max(1, round(share * width))
