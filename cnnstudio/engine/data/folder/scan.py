"""What a folder of class folders is, found out by its names and a few of its pictures."""

from pathlib import Path
from statistics import median

from cnnstudio.core.project.data import Colors, Preparation
from cnnstudio.core.project.sources import MAX_NAME, MAX_PATH, Folder
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.data.folder.files import RULES, FolderFiles, folder_files
from cnnstudio.engine.data.folder.levels import levels_over
from cnnstudio.engine.data.picture_files import some_headers
from cnnstudio.engine.data.source import Found, Tell, silent
from cnnstudio.engine.files.deep import sentence_about
from cnnstudio.engine.files.images import Header
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested, never

USUAL_SIDE = 64
"""Pixels of the longer side, where the pictures have that many: a small network learns from it in minutes."""
_SAME_ASPECT = 1.1


class FoundFolder(Found, frozen=True):
    """A folder that is a data set."""

    source: Folder


def scan(path: Path, should_stop: ShouldStop = never, tell: Tell = silent) -> FoundFolder:
    """Look through a folder of class folders; blocks, and reads the beginning of a few pictures only.

    Where these are deep, it reads all pictures: what is black and white hangs on all of them. Size and
    colors are a proposal: the middle size of the few, at most 64 pixels long, square where their
    shapes differ, and gray when all of them are. StudioError, in one sentence, for any other folder;
    StopRequested once it was asked to stop.
    """
    root = path.absolute()
    _check_path(root)

    def looked(count: int) -> None:
        if should_stop():
            raise StopRequested
        tell(count)

    files = folder_files(root, tell=looked)
    headers = some_headers([path for one in files.classes for path in one.training])
    gray = all(header.is_gray for header in headers)
    colors: Colors = "gray" if gray else "color"
    is_deep = any(header.is_deep for header in headers)
    levels = levels_over(files.paths, should_stop) if is_deep else None
    source = _source_of(files).model_copy(update={"levels": levels})
    remarks = (*files.remarks, sentence_about(levels)) if levels else files.remarks
    preparation = Preparation(size=proposed_size(headers), colors=colors)
    return FoundFolder(source=source, preparation=preparation, remarks=remarks)


def _source_of(files: FolderFiles) -> Folder:
    counts = tuple((len(one.training), len(one.validation), len(one.test)) for one in files.classes)
    training, validation, test = (sum(column) for column in zip(*counts, strict=True))
    return Folder(
        path=str(files.root),
        class_names=files.layout.class_names,
        train_count=training,
        validation_count=validation or None,
        test_count=test,
        class_counts=counts,
        rules=RULES,
    )


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


def proposed_size(headers: list[Header]) -> tuple[int, int]:
    """The middle size, at most 64 pixels long, square where the shapes differ; (height, width)."""
    aspects = [header.width / header.height for header in headers]
    height = median(header.height for header in headers)
    width = median(header.width for header in headers)
    if max(aspects) > _SAME_ASPECT * min(aspects):
        height = width = min(height, width)
    share = min(1.0, USUAL_SIDE / max(height, width))
    return max(1, round(share * height)), max(1, round(share * width))
