"""Picture files as samples: what a folder, a table and pairs with masks have in common."""

import hashlib
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from cnnstudio.core.project.data import Preparation
from cnnstudio.core.project.sources import Levels
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.words import counted
from cnnstudio.engine.data.decoded import BY_FILES, Decoded, DecodedSamples
from cnnstudio.engine.data.folder.levels import levels_over
from cnnstudio.engine.data.images import Listing, Masks
from cnnstudio.engine.data.packed import PackedNames
from cnnstudio.engine.data.prepare import read_prepared, shape_of
from cnnstudio.engine.files.images import Header, read_header
from cnnstudio.engine.training.stopping import ShouldStop

MOST_HEADERS = 32
MaskOf: TypeAlias = Callable[[int], Masks]
"""The prepared mask (height, width) of a row; StudioError where it cannot be read."""
_Numbers: TypeAlias = NDArray[np.int64]


class PictureFiles(Struct, frozen=True, eq=False):
    """Paths below `root` with the class of each; those to learn from first, then `validation_count`, then
    `test_count`. Where `has_labels` is False all classes are 0 and mean nothing.
    """

    root: str
    paths: Sequence[str]
    labels: _Numbers
    validation_count: int
    test_count: int
    has_labels: bool = True
    test_is_drawn: bool = False


def samples_of(
    files: PictureFiles,
    preparation: Preparation,
    levels: Levels | None,
    remarks: tuple[str, ...],
    mask_of: MaskOf | None = None,
    other_files: Sequence[str] = (),
) -> DecodedSamples:
    """Samples that are decoded when they are wanted. Looks at the size of each file, and of `other_files`."""
    above = len(_with_separator(files.root))
    locators = PackedNames(path[above:].replace(os.sep, "/") for path in files.paths)
    listing = Listing(
        files.labels,
        locators,
        files.validation_count,
        files.test_count,
        files.has_labels,
        files.test_is_drawn,
    )
    sizes, times = _looked_at([*files.paths, *other_files])
    root = Path(files.root)

    def decode(row: int) -> Decoded:
        pixels = read_prepared(root / locators[row], preparation, levels)
        return pixels, None if mask_of is None else mask_of(row)

    return DecodedSamples(
        listing,
        decode,
        shape_of(preparation),
        _fingerprint(listing, sizes),
        remarks,
        has_masks=mask_of is not None,
        stamp=_stamp(files.paths, sizes, times),
    )


def stamp_of(files: PictureFiles, other_files: Sequence[str] = ()) -> str:
    """Another text whenever a file came, went or was written."""
    return _stamp(files.paths, *_looked_at([*files.paths, *other_files]))


def some_headers(paths: Sequence[str]) -> list[Header]:
    """Of pictures spread evenly over all; those that cannot be read are left out.

    StudioError when none of them can.
    """
    chosen = paths[:: -(-len(paths) // MOST_HEADERS)]
    found: list[Header] = []
    refusals: list[StudioError] = []
    for path in chosen:
        try:
            found.append(read_header(Path(path)))
        except StudioError as error:
            refusals.append(error)
    if not found:
        raise StudioError(
            f"None of {counted(len(chosen), 'picture')} tried can be read; the first: {refusals[0]}"
        )
    return found


def levels_of(paths: Sequence[str], should_stop: ShouldStop) -> Levels | None:
    """What is black and white where the source does not say it; None where the pictures are not deep."""
    with suppress(StudioError):
        if any(header.is_deep for header in some_headers(paths)):
            return levels_over(paths, should_stop)
    return None


def _with_separator(path: str) -> str:
    return path if path.endswith(os.sep) else path + os.sep


def _looked_at(paths: Sequence[str]) -> tuple[_Numbers, _Numbers]:
    """The size of each file in bytes, and when it was written, in nanoseconds; 0 for one that is gone."""
    # Plain lists, and no Path or context for each file: of a million it is seconds.
    sizes, times = [], []
    for path in paths:
        try:
            about = os.stat(path)  # noqa: PTH116
        except OSError:
            sizes.append(0)
            times.append(0)
        else:
            sizes.append(about.st_size)
            times.append(about.st_mtime_ns)
    return np.array(sizes, np.int64), np.array(times, np.int64)


def _stamp(paths: Sequence[str], sizes: _Numbers, times: _Numbers) -> str:
    digest = hashlib.sha256("\0".join(paths).encode("utf-8", "surrogateescape"))
    digest.update(sizes.tobytes() + times.tobytes())
    return digest.hexdigest()


def _fingerprint(listing: Listing, sizes: _Numbers) -> str:
    """Over the names, classes, parts and sizes of the files: to read them all would take minutes.

    Not over their times, which a copy of the folder need not keep.
    """
    digest = hashlib.sha256(f"{listing.validation_count} {listing.test_count}".encode())
    digest.update(listing.labels.tobytes())
    digest.update("\0".join(listing.locators).encode("utf-8", "surrogateescape") + sizes.tobytes())
    return BY_FILES + digest.hexdigest()[:16]
