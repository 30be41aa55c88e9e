"""Files of arrays looked through, and opened as samples."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from cnnstudio.core.project.data import Preparation
from cnnstudio.core.project.sources import Arrays, Levels, PartArrays
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.words import counted
from cnnstudio.engine.data.arrays.choosing import Chosen, chosen_from
from cnnstudio.engine.data.arrays.container import Array, Container, array_named, refuse_without_room
from cnnstudio.engine.data.arrays.idx import IdxFiles, is_idx_name
from cnnstudio.engine.data.arrays.labels import class_of_each, names_of, numbered
from cnnstudio.engine.data.arrays.npz import NpzFile
from cnnstudio.engine.data.arrays.pictures import Form, as_pictures, extremes_of, form_of, seen_shape
from cnnstudio.engine.data.arrays.table import SUFFIXES as TABLE_SUFFIXES
from cnnstudio.engine.data.arrays.table import TableFile
from cnnstudio.engine.data.decoded import BY_FILES, Decoded, DecodedSamples
from cnnstudio.engine.data.images import Images, Labels, Listing
from cnnstudio.engine.data.prepare import all_prepared, prepared
from cnnstudio.engine.data.samples import Samples
from cnnstudio.engine.data.source import Found
from cnnstudio.engine.data.split import stratified_split
from cnnstudio.engine.files.deep import ends_text, joined, levels_of
from cnnstudio.engine.files.kinds import HDF5_SUFFIXES
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested, never

NPZ_SUFFIX = ".npz"
_TEST_SHARE, _TEST_SEED = 0.1, 1
_ROWS_AT_ONCE = 256


def accepts(path: Path) -> bool:
    """Whether a path may be arrays, by its name; a folder by the names in it."""
    name = path.name.lower()
    if path.is_dir():
        with suppress(OSError), os.scandir(path) as entries:
            return any(is_idx_name(entry.name) for entry in entries)
        return False
    return name.endswith((NPZ_SUFFIX, *HDF5_SUFFIXES, *TABLE_SUFFIXES)) or is_idx_name(name)


def arrays_in(path: Path, should_stop: ShouldStop = never) -> tuple[Array, ...]:
    """What a file holds, to choose from. Blocks; StudioError for what cannot be read."""
    with _open(path, should_stop) as container:
        return container.arrays()


def find_arrays(path: Path, should_stop: ShouldStop = never, chosen: Chosen | None = None) -> Found:
    """Look through a file of arrays; `chosen` are those a person picked, in place of the likeliest.

    Blocks; reads all pictures once where they are no bytes. StudioError for what is no data set;
    StopRequested once it was asked to stop.
    """
    root = _place(path.absolute())
    with _open(root, should_stop) as container:
        chosen = chosen or chosen_from(container.arrays(), path.name)
        parts = _parts(chosen)
        read = [_part_of(container, part, root) for part in parts]
        given = None if chosen.names is None else container.read(chosen.names)
        names = names_of([one.classes for one in read], given)
        numbers = [numbered(one.classes, names) for one in read]
        levels = _levels_over(container, [part.images for part in parts], root, should_stop)
    form = read[0].form
    source = _source(root, chosen, names, numbers, seen_shape(form), levels)
    remarks = (*_arrays_sentence(chosen), form.remark, _levels_sentence(levels))
    return Found(source=source, remarks=tuple(filter(None, remarks)))


def open_arrays(source: Arrays, preparation: Preparation, should_stop: ShouldStop = never) -> Samples:
    """The samples of a source. Blocks while arrays are read that cannot be read row by row.

    StudioError when the arrays are other ones than the source says; StopRequested once it was asked to stop.
    """
    root = Path(source.path)
    stamp = stamp_of(source)
    container = _container(root, should_stop)
    parts = [part for part in (source.training, source.validation, source.test) if part is not None]
    read = [_part_of(container, part, root) for part in parts]
    labels = [numbered(one.classes, source.class_names) for one in read]
    rows = _rows(source, labels)
    if any(seen_shape(one.form) != source.sample_shape for one in read):
        raise StudioError(f"{root} holds pictures of another size than when it was chosen. Choose it again.")
    if container.reads_rows:
        return _by_row(container, source, preparation, rows, labels, read, stamp)
    with _closing(container):
        images = _whole(container, source, preparation, rows, labels, read, should_stop)
    return replace(images, stamp=stamp)


def stamp_of(source: Arrays) -> str:
    """Another text whenever a file was written. StudioError where it is gone."""
    told = []
    for path in _files(source):
        try:
            about = path.stat()
        except OSError as error:
            raise StudioError(f"There is no file {path}. Choose the data again on the Data page.") from error
        told.append(f"{path.name} {about.st_size} {about.st_mtime_ns}")
    return " ".join(told)


class _Row(Struct, frozen=True):
    """Where a sample lies: the number of its part, and its row in the arrays of that part."""

    part: int
    row: int


class _Part(Struct, frozen=True, eq=False):
    images: str
    classes: NDArray[Any]
    form: Form


def _part_of(container: Container, part: PartArrays, path: Path) -> _Part:
    images = array_named(container, part.images, path)
    form = form_of(images.shape)
    if form is None:
        raise StudioError(f"The array {part.images} holds no pictures. Choose another array.")
    labels = array_named(container, part.labels, path)
    if not images.shape[0]:
        raise StudioError(f"The array {part.images} is empty. Choose another array.")
    classes = class_of_each(container.read(labels.name), labels.name)
    if len(classes) != images.shape[0]:
        raise StudioError(
            f"{part.images} has {counted(images.shape[0], 'picture')}, and {part.labels} has "
            f"{counted(len(classes), 'label')}. Give each picture one label."
        )
    return _Part(part.images, classes, form)


def _source(
    root: Path,
    chosen: Chosen,
    names: tuple[str, ...],
    numbers: list[Labels],
    shape: tuple[int, int, int],
    levels: Levels | None,
) -> Arrays:
    source = Arrays(
        path=str(root),
        class_names=names,
        train_count=max(len(numbers[0]), 2),
        test_count=0,
        training=chosen.training,
        validation=chosen.validation,
        test=chosen.test,
        sample_shape=shape,
        levels=levels,
    )
    rows = _rows(source, numbers)
    counts = [np.bincount([numbers[at.part][at.row] for at in part], minlength=len(names)) for part in rows]
    training, validation, test = (len(part) for part in rows)
    if training < 2 or counts[0].min() == 0:
        name = names[int(counts[0].argmin())]
        raise StudioError(
            f"There is no picture of the class {name} to learn from. Add some, or leave it out."
        )
    return source.model_copy(
        update={
            "train_count": training,
            "validation_count": validation or None,
            "test_count": test,
            "class_counts": tuple(tuple(int(n) for n in row) for row in np.stack(counts, axis=1)),
        }
    )


def _rows(source: Arrays, labels: list[Labels]) -> tuple[list[_Row], list[_Row], list[_Row]]:
    """Training, validation and test. Where the file has no test part, one picture in ten of each class is
    kept for it, always the same.
    """
    training = range(len(labels[0]))
    others = {name: number for number, name in enumerate(_names_of_parts(source)) if number}
    validation, test = (
        [_Row(others[name], row) for row in range(len(labels[others[name]]))] if name in others else []
        for name in ("validation", "test")
    )
    if not validation and not test:
        learned, kept = stratified_split(labels[0], _TEST_SHARE, _TEST_SEED)
        return [_Row(0, int(row)) for row in learned], [], [_Row(0, int(row)) for row in kept]
    return [_Row(0, row) for row in training], validation, test


def _names_of_parts(source: Arrays) -> list[str]:
    return [name for name in ("training", "validation", "test") if getattr(source, name) is not None]


def _listing(
    source: Arrays, rows: tuple[list[_Row], list[_Row], list[_Row]], labels: list[Labels], read: list[_Part]
) -> Listing:
    every = [at for part in rows for at in part]
    return Listing(
        np.array([labels[at.part][at.row] for at in every], np.int64),
        [f"{read[at.part].images}/{at.row}" for at in every],
        len(rows[1]),
        len(rows[2]),
    )


def _whole(
    container: Container,
    source: Arrays,
    preparation: Preparation,
    rows: tuple[list[_Row], list[_Row], list[_Row]],
    labels: list[Labels],
    read: list[_Part],
    should_stop: ShouldStop,
) -> Images:
    """All pictures in memory."""
    refuse_without_room(
        [array_named(container, one.images, Path(source.path)) for one in read], Path(source.path)
    )
    parts = []
    for one in read:
        if should_stop():
            raise StopRequested
        parts.append(as_pictures(container.read(one.images), one.form, source.levels))
    places = np.concatenate([[0], np.cumsum([len(part) for part in parts])])
    order = np.array([places[at.part] + at.row for part in rows for at in part])
    listing = _listing(source, rows, labels, read)
    images = Images(
        np.concatenate(parts)[order] if len(parts) > 1 else parts[0][order],
        listing.labels,
        listing.locators,
        listing.test_count,
        validation_count=listing.validation_count,
        remarks=_remarks(source, read),
    )
    return images if preparation == Preparation() else all_prepared(images, preparation, should_stop)


def _by_row(
    container: Container,
    source: Arrays,
    preparation: Preparation,
    rows: tuple[list[_Row], list[_Row], list[_Row]],
    labels: list[Labels],
    read: list[_Part],
    stamp: str,
) -> DecodedSamples:
    """Each picture is read when it is wanted; the file stays open as long as the samples live."""
    every = [at for part in rows for at in part]

    def decode(row: int) -> Decoded:
        at = every[row]
        one = read[at.part]
        values = container.row(one.images, at.row)[np.newaxis]
        return prepared(as_pictures(values, one.form, source.levels)[0], preparation), None

    listing = _listing(source, rows, labels, read)
    height, width, channels = preparation.shape_of(source.sample_shape)
    digest = hashlib.sha256(listing.labels.tobytes())
    digest.update(f"{source.sample_shape} {[path.stat().st_size for path in _files(source)]}".encode())
    return DecodedSamples(
        listing,
        decode,
        (height or 1, width or 1, channels or 1),
        BY_FILES + digest.hexdigest()[:16],
        _remarks(source, read),
        stamp=stamp,
    )


def _remarks(source: Arrays, read: list[_Part]) -> tuple[str, ...]:
    return tuple(filter(None, (read[0].form.remark, _levels_sentence(source.levels))))


def _levels_sentence(levels: Levels | None) -> str:
    told = "" if levels is None else ends_text(levels)
    return f"The pictures are {told}." if told else ""


def _arrays_sentence(chosen: Chosen) -> tuple[str, ...]:
    names = [f"{part.images} with {part.labels}" for part in _parts(chosen)]
    own = (
        "" if chosen.validation or chosen.test else " One picture in ten of each class is kept for the test."
    )
    return (f"The arrays are {', '.join(names)}.{own}",)


def _parts(chosen: Chosen) -> list[PartArrays]:
    return [part for part in (chosen.training, chosen.validation, chosen.test) if part is not None]


def _levels_over(
    container: Container, names: list[str], path: Path, should_stop: ShouldStop
) -> Levels | None:
    """What is black and white in all the pictures; None for bytes, which need nothing said."""
    found = []
    for name in names:
        about = array_named(container, name, path)
        if about.dtype.endswith("u1"):
            continue
        if not container.reads_rows:
            refuse_without_room([about], path)
            found.append(extremes_of(container.read(name)))
            continue
        for start in range(0, about.shape[0], _ROWS_AT_ONCE):
            if should_stop():
                raise StopRequested
            some = range(start, min(start + _ROWS_AT_ONCE, about.shape[0]))
            found.append(extremes_of(np.stack([container.row(name, row) for row in some])))
    levels = levels_of(joined(found))
    return levels if levels != Levels() else None


def _place(path: Path) -> Path:
    """The folder of an IDX file, which holds the other ones; else the file itself."""
    return path.parent if is_idx_name(path.name) and not path.is_dir() else path


def _files(source: Arrays) -> list[Path]:
    root = Path(source.path)
    parts = [part for part in (source.training, source.validation, source.test) if part is not None]
    if not any(is_idx_name(part.images) for part in parts) or root.is_file():
        return [root]
    return [root / name for part in parts for name in (part.images, part.labels)]


def _container(path: Path, should_stop: ShouldStop) -> Container:
    name = path.name.lower()
    if path.is_dir():
        return IdxFiles(path)
    if name.endswith(NPZ_SUFFIX):
        return NpzFile(path)
    if name.endswith(TABLE_SUFFIXES):
        return TableFile(path, should_stop)
    # The only one whose library is slow to import.
    from cnnstudio.engine.data.arrays.hdf5 import Hdf5File

    return Hdf5File(path)


@contextmanager
def _open(path: Path, should_stop: ShouldStop) -> Iterator[Container]:
    with _closing(_container(path, should_stop)) as container:
        yield container


@contextmanager
def _closing(container: Container) -> Iterator[Container]:
    try:
        yield container
    finally:
        container.close()
