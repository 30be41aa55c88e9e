"""A table of picture files, looked through and opened."""

import os
from pathlib import Path

import numpy as np
from msgspec import Struct

from cnnstudio.core.project.data import Colors, Preparation
from cnnstudio.core.project.sources import MAX_CLASSES, Table
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.words import counted
from cnnstudio.engine.data import picture_files
from cnnstudio.engine.data.arrays.labels import class_of_each
from cnnstudio.engine.data.decoded import DecodedSamples
from cnnstudio.engine.data.folder.levels import levels_over
from cnnstudio.engine.data.folder.scan import proposed_size
from cnnstudio.engine.data.picture_files import PictureFiles, levels_of, samples_of, some_headers
from cnnstudio.engine.data.source import Found
from cnnstudio.engine.data.split import stratified_split
from cnnstudio.engine.data.table.reading import PARTS, Columns, columns_of, read_rows
from cnnstudio.engine.files.deep import sentence_about
from cnnstudio.engine.training.stopping import ShouldStop, never

_TEST_SHARE, _TEST_SEED = 0.1, 1


class _Listed(Struct, frozen=True):
    """The pictures of a table that are there, and how many are not."""

    parts: tuple[list[tuple[str, str]], list[tuple[str, str]], list[tuple[str, str]]]
    missing: int
    outside: int

    @property
    def remark(self) -> str:
        """What was passed over, for a person; empty for nothing."""
        told = [f"{counted(self.missing, 'file')} that the table names and that are not there"] * bool(
            self.missing
        )
        told += [f"{counted(self.outside, 'file')} outside of the folder of the table"] * bool(self.outside)
        return f"Passed over: {' and '.join(told)}." if told else ""


def find_table(path: Path, should_stop: ShouldStop = never) -> Found:
    """Look through a table of picture files; blocks for the time of asking for each file.

    StudioError for a table that is no data set.
    """
    file = path.absolute()
    rows = read_rows(file)
    columns = columns_of(rows, file)
    listed = _listed(file, columns)
    names = tuple(sorted({name for part in listed.parts for _, name in part}))
    _refuse_unfit(file, names, listed)
    counts = [[sum(one == name for _, one in part) for part in listed.parts] for name in names]
    paths = [name for part in listed.parts for name, _ in part]
    headers = some_headers(paths)
    colors: Colors = "gray" if all(header.is_gray for header in headers) else "color"
    levels = levels_over(paths, should_stop) if any(header.is_deep for header in headers) else None
    training, validation, test = (len(part) for part in listed.parts)
    source = Table(
        path=str(file),
        class_names=names,
        train_count=training,
        validation_count=validation or None,
        test_count=test,
        class_counts=tuple((row[0], row[1], row[2]) for row in counts),
        levels=levels,
        files=columns.files,
        labels=columns.labels,
        parts=columns.parts,
    )
    own = "" if columns.parts else " One picture in ten of each class is kept for the test."
    told = f"The files are in the column {columns.files}, the classes in {columns.labels}.{own}"
    remarks = (told, listed.remark, sentence_about(levels) if levels else "")
    preparation = Preparation(size=proposed_size(headers), colors=colors)
    return Found(source=source, preparation=preparation, remarks=tuple(filter(None, remarks)))


def open_table(source: Table, preparation: Preparation, should_stop: ShouldStop = never) -> DecodedSamples:
    """The pictures of a table; blocks for the time of asking for each file.

    StudioError when its classes are other ones than the source says; StopRequested once it was asked to stop.
    """
    files, listed = _files_of(source)
    levels = source.levels or levels_of(files.paths, should_stop)
    remarks = (listed.remark, sentence_about(levels) if levels else "")
    return samples_of(files, preparation, levels, tuple(filter(None, remarks)), other_files=[source.path])


def stamp_of(source: Table) -> str:
    """Another text whenever the table or a file was written. StudioError as for `open_table`."""
    return picture_files.stamp_of(_files_of(source)[0], [source.path])


def _files_of(source: Table) -> tuple[PictureFiles, _Listed]:
    file = Path(source.path)
    listed = _listed(file, Columns(source.files, source.labels, source.parts))
    names = {name for part in listed.parts for _, name in part}
    if names != set(source.class_names):
        stranger = min(names ^ set(source.class_names))
        raise StudioError(
            f"{file} names other classes than when it was chosen, such as {stranger[:60]}. Choose it again "
            "on the Data "
            "page."
        )
    numbers = {name: number for number, name in enumerate(source.class_names)}
    every = [row for part in listed.parts for row in part]
    labels = np.array([numbers[name] for _, name in every], np.int64)
    paths = [path for path, _ in every]
    _, validation, test = (len(part) for part in listed.parts)
    drawn = source.parts is None
    return PictureFiles(str(file.parent), paths, labels, validation, test, test_is_drawn=drawn), listed


def _listed(file: Path, columns: Columns) -> _Listed:
    """The pictures of each part in the order of the table, by path and class."""
    rows = read_rows(file)
    names = class_of_each(np.array(rows.column(columns.labels)), columns.labels).astype(str).tolist()
    parts = ["train"] * len(names) if columns.parts is None else rows.column(columns.parts)
    found: dict[str, list[tuple[str, str]]] = {"training": [], "validation": [], "test": []}
    missing = outside = 0
    root = str(file.parent)
    for given, name, part in zip(rows.column(columns.files), names, parts, strict=True):
        path = os.path.normpath(os.path.join(root, given.replace("\\", "/")))  # noqa: PTH118 - very many
        if not path.startswith(root + os.sep):
            outside += 1
        elif not os.path.isfile(path):  # noqa: PTH113 - very many
            missing += 1
        else:
            found[PARTS.get(part.lower(), "training")].append((path, name))
    training, validation, test = found["training"], found["validation"], found["test"]
    if columns.parts is None and training:
        training, test = _shared(training)
    return _Listed((training, validation, test), missing, outside)


def _shared(rows: list[tuple[str, str]]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """One picture in ten of each class is kept for the test, always the same."""
    _, labels = np.unique([name for _, name in rows], return_inverse=True)
    learned, kept = stratified_split(labels, _TEST_SHARE, _TEST_SEED)
    return [rows[place] for place in learned], [rows[place] for place in kept]


def _refuse_unfit(file: Path, names: tuple[str, ...], listed: _Listed) -> None:
    if not names:
        raise StudioError(
            f"None of the files that {file} names is there; {listed.remark or 'it names none'} Paths are "
            "relative to "
            "the folder of the table."
        )
    if len(names) == 1:
        raise StudioError(f"{file} names one class only, {names[0]}, and telling apart takes two.")
    if len(names) > MAX_CLASSES:
        raise StudioError(
            f"{file} names {len(names):,} classes, and at most {MAX_CLASSES:,} can be told apart."
        )
    here = {name for _, name in listed.parts[0]}
    for name in names:
        if name not in here:
            raise StudioError(f"{file} has no picture of the class {name} to learn from. Add some.")
