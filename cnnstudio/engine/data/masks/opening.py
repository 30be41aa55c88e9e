"""A folder of pictures with masks, looked through and opened."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from cnnstudio.core.project.data import Colors, Preparation
from cnnstudio.core.project.sources import MaskPairs
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.words import counted
from cnnstudio.engine.data import picture_files
from cnnstudio.engine.data.decoded import THREADS, DecodedSamples
from cnnstudio.engine.data.folder.files import scrambled
from cnnstudio.engine.data.folder.scan import proposed_size
from cnnstudio.engine.data.images import Masks
from cnnstudio.engine.data.masks.pairs import Pair, Pairs, pairs_in
from cnnstudio.engine.data.masks.reading import classes_among, names_for, read_mask, read_values
from cnnstudio.engine.data.picture_files import PictureFiles, levels_of, samples_of, some_headers
from cnnstudio.engine.data.prepare import prepared_mask
from cnnstudio.engine.data.source import Found
from cnnstudio.engine.files.images import read_header
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested, never

_MOST_VALUES = 255
_AT_ONCE = 64
_ONE_IN, _LEAST_TO_SHARE = 10, 3


def find_pairs(path: Path, should_stop: ShouldStop = never) -> Found:
    """Look through a folder of pictures with masks: reads all masks, for the values in them; blocks.

    StudioError for a folder that is none; StopRequested once it was asked to stop.
    """
    root = path.absolute()
    found = _pairs_at(root)
    values, in_color, from_palette = _values_of(found.pairs, should_stop)
    classes = classes_among(values, from_palette)
    if not 0 < len(classes) <= _MOST_VALUES:
        raise StudioError(_no_classes(root, len(classes)))
    parts = _parts_of(found)
    headers = some_headers([pair.picture for pair in parts[0]])
    colors: Colors = "gray" if all(header.is_gray for header in headers) else "color"
    source = MaskPairs(
        path=str(root),
        class_names=names_for(classes, in_color),
        values=classes,
        in_color=in_color,
        train_count=len(parts[0]),
        validation_count=len(parts[1]) or None,
        test_count=len(parts[2]),
    )
    remarks = (_classes_sentence(source, from_palette and 255 in values), found.remark)
    preparation = Preparation(size=proposed_size(headers), colors=colors)
    return Found(source=source, preparation=preparation, remarks=tuple(filter(None, remarks)))


def open_pairs(
    source: MaskPairs, preparation: Preparation, should_stop: ShouldStop = never
) -> DecodedSamples:
    """The pictures with their masks; blocks for the time of listing them.

    StudioError when there are none any more; StopRequested once it was asked to stop.
    """
    pairs, files = _files_of(source)
    values = np.array(source.values, np.int64)

    def mask_of(row: int) -> Masks:
        header = read_header(Path(pairs[row].picture))
        size = header.height, header.width
        return prepared_mask(read_mask(Path(pairs[row].mask), values, source.in_color, size), preparation)

    levels = levels_of(files.paths, should_stop)
    return samples_of(files, preparation, levels, (), mask_of, _masks(pairs))


def stamp_of(source: MaskPairs) -> str:
    """Another text whenever a file came, went or was written. StudioError as for `open_pairs`."""
    pairs, files = _files_of(source)
    return picture_files.stamp_of(files, _masks(pairs))


def _files_of(source: MaskPairs) -> tuple[list[Pair], PictureFiles]:
    training, validation, test = _parts_of(_pairs_at(Path(source.path)))
    pairs = [*training, *validation, *test]
    paths = [pair.picture for pair in pairs]
    labels = np.zeros(len(pairs), np.int64)
    drawn = all(pair.part is None for pair in pairs)
    files = PictureFiles(source.path, paths, labels, len(validation), len(test), False, test_is_drawn=drawn)
    return pairs, files


def _masks(pairs: list[Pair]) -> list[str]:
    return [pair.mask for pair in pairs]


def _pairs_at(root: Path) -> Pairs:
    try:
        found = pairs_in(root)
    except FileNotFoundError as error:
        raise StudioError(f"There is no folder {root}. Check the name, or choose another folder.") from error
    except OSError as error:
        raise StudioError(f"{root} cannot be read ({error}). Choose another folder.") from error
    if len(_parts_of(found)[0]) < 2:
        raise StudioError(f"{root} has fewer than two pictures with masks to learn from. Add some.")
    return found


def _parts_of(found: Pairs) -> tuple[list[Pair], list[Pair], list[Pair]]:
    """Training, validation and test, each mixed by chance, always alike. Without parts of its own, one pair
    in ten is kept for the test.
    """
    mixed = sorted(found.pairs, key=lambda pair: scrambled(pair.picture))
    named = {part: [pair for pair in mixed if pair.part == part] for part in ("validation", "test")}
    training = [pair for pair in mixed if pair.part not in named]
    if any(named.values()):
        return training, named["validation"], named["test"]
    kept = len(training) // _ONE_IN or int(len(training) >= _LEAST_TO_SHARE)
    return training[kept:], [], training[:kept]


def _values_of(pairs: tuple[Pair, ...], should_stop: ShouldStop) -> tuple[set[int], bool, bool]:
    """All values in all masks, whether they are colors, and whether they are a palette's."""
    values: set[int] = set()
    kinds: set[tuple[bool, bool]] = set()
    with ThreadPoolExecutor(THREADS, thread_name_prefix="masks") as pool:
        for start in range(0, len(pairs), _AT_ONCE):
            if should_stop():
                raise StopRequested
            for found, *kind in pool.map(_unique_in, pairs[start : start + _AT_ONCE]):
                values |= found
                kinds.add((kind[0], kind[1]))
            if len(values) > _MOST_VALUES + 1:
                raise StudioError(_no_classes(Path(pairs[0].mask).parent, len(values)))
    colors = {is_color for is_color, _ in kinds}
    if len(colors) > 1:
        raise StudioError(
            f"Some masks in {Path(pairs[0].mask).parent} are in color and some are gray. Save them all alike."
        )
    return values, colors == {True}, any(palette for _, palette in kinds)


def _unique_in(pair: Pair) -> tuple[set[int], bool, bool]:
    found, is_color, from_palette = read_values(Path(pair.mask))
    return {int(value) for value in np.unique(found)}, is_color, from_palette


def _no_classes(place: Path, count: int) -> str:
    if not count:
        return (
            f"All masks in {place} are empty: every pixel is 0, the ground. Choose a folder with other masks."
        )
    return (
        f"The masks in {place} hold {count:,} different values or more, and a mask has one for each class, "
        "at most "
        f"{_MOST_VALUES}. Save masks as PNG: JPEG changes their values."
    )


def _classes_sentence(source: MaskPairs, has_void: bool) -> str:
    named = ", ".join(source.class_names[:6]) + (" ..." if len(source.class_names) > 6 else "")
    void = " 255 is taken for a border of no class." if has_void and 255 not in source.values else ""
    others = counted(len(source.values), "other value")
    return f"In the masks 0 is the ground, and there are {others}: {named}.{void}"
