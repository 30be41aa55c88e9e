"""Pictures that are amiss by themselves, or beside the others."""

import numpy as np
from numpy.typing import NDArray

from cnnstudio.core.values.words import counted
from cnnstudio.engine.data.linting.finding import DataFinding, Looked

_DARK, _BRIGHT, _BLANK = 24.0, 231.0, 1.0
_RARE = 0.05
"""What more of the pictures have than this is their nature."""
_SIZES_APART = 8.0
_SPREADS_APART = 5.5
_LEAST_SIDE = 64
"""Of the pictures as the network receives them: smaller ones are always blurred by having been made small."""
_LEAST_SHARPER = 20.0
_FEW = 10


def unreadable(looked: Looked) -> DataFinding | None:
    """D01: files that cannot be read, or are cut off."""
    names = looked.names(np.flatnonzero(~looked.measures.readable))
    if not names:
        return None
    are = "is" if len(names) == 1 else "are"
    return DataFinding(
        "D01",
        "warning",
        f"{counted(len(names), 'picture')} cannot be read and {are} passed over while training.",
        "They are empty, cut off, or no pictures whatever their names say.",
        names,
        names,
    )


def odd_sizes(looked: Looked) -> DataFinding | None:
    """D06: pictures far larger or smaller, or far wider or higher, than the rest."""
    height, width = looked.measures.height, looked.measures.width
    known = (height > 0) & (width > 0)
    if not known.any():
        return None
    area = np.log(np.maximum(height, 1) * 1.0 * np.maximum(width, 1))
    aspect = np.log(np.maximum(width, 1) / np.maximum(height, 1))
    far = known & (
        _far(area, known, 2 * np.log(_SIZES_APART)) | _far(aspect, known, np.log(_SIZES_APART / 2))
    )
    return _rare(
        looked,
        far,
        "D06",
        "of a size or shape far from the rest",
        "Brought to the size of the others they are a blur or a streak.",
    )


def blank(looked: Looked) -> DataFinding | None:
    """D07: pictures of one color."""
    measures = looked.measures
    return _told(
        looked,
        measures.readable & (measures.spread < _BLANK),
        "D07",
        "of one color only",
        "There is nothing on them to tell a class by.",
    )


def dark_or_bright(looked: Looked) -> DataFinding | None:
    """D08: pictures that are nearly black or nearly white all over."""
    measures = looked.measures
    clear = measures.readable & (measures.spread >= _BLANK)
    extreme = clear & ((measures.highest < _DARK) | (measures.lowest > _BRIGHT))
    return _rare(
        looked,
        extreme,
        "D08",
        "very dark or very bright all over",
        "The network sees almost nothing on them, and may take the darkness for the class.",
    )


def blurred(looked: Looked) -> DataFinding | None:
    """D09: pictures far less sharp than the rest."""
    measures = looked.measures
    clear = measures.readable & (measures.spread >= _BLANK) & (measures.height >= _LEAST_SIDE)
    clear &= (measures.width >= _LEAST_SIDE) & (measures.sharpness > 0)
    if clear.sum() < _FEW:
        return None
    sharp = np.log(np.maximum(measures.sharpness, 1e-9))
    low = clear & (sharp < np.median(sharp[clear])) & _far(sharp, clear, np.log(_LEAST_SHARPER))
    return _rare(
        looked,
        low,
        "D09",
        "far less sharp than the rest",
        "What tells the classes apart may be lost in the blur.",
    )


def few_of_a_class(looked: Looked) -> DataFinding | None:
    """D10: classes with very few pictures to learn from."""
    counts = looked.catalog.counts[:, 0]
    few = np.flatnonzero(counts < _FEW)
    if not len(few):
        return None
    names = [f"{looked.catalog.class_names[number]} ({counts[number]:,})" for number in few[:5]]
    more = f" and {len(few) - 5:,} more" if len(few) > 5 else ""
    chosen = np.flatnonzero(np.isin(looked.labels, few) & (looked.parts == 0))
    return DataFinding(
        "D10",
        "advice",
        f"Fewer than {_FEW} pictures to learn from: {', '.join(names)}{more}. Add pictures, or leave the "
        "class out.",
        "From so few the network learns the pictures themselves, not what they have in common.",
        looked.names(chosen),
    )


def _rare(looked: Looked, chosen: NDArray[np.bool_], code: str, what: str, why: str) -> DataFinding | None:
    """A finding where few pictures are so; what many are is the nature of these data."""
    if chosen.sum() > max(1, _RARE * len(chosen)):
        return None
    return _told(looked, chosen, code, what, why)


def _told(looked: Looked, chosen: NDArray[np.bool_], code: str, what: str, why: str) -> DataFinding | None:
    names = looked.names(np.flatnonzero(chosen))
    if not names:
        return None
    are = "is" if len(names) == 1 else "are"
    message = (
        f"{counted(len(names), 'picture')} {are} {what}. Look at them, and leave out those that are amiss."
    )
    return DataFinding(code, "advice", message, why, names, names)


def _far(values: NDArray[np.float64], known: NDArray[np.bool_], least: float) -> NDArray[np.bool_]:
    """Those further from the median than `least`, and than five and a half times the usual distance from
    it.
    """
    middle = np.median(values[known])
    usual = (
        np.median(np.abs(values[known] - middle)) * 1.4826
    )  # of a normal distribution, the standard deviation
    found: NDArray[np.bool_] = known & (np.abs(values - middle) > max(least, _SPREADS_APART * usual))
    return found
