"""Masks as numbers: a palette's, gray values, or colors."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.data.images import Masks
from cnnstudio.engine.files.images import open_as

_VOID = 255
"""Where PASCAL VOC, and others after it, draw a border that is of no class."""


def read_values(path: Path) -> tuple[NDArray[np.int64], bool, bool]:
    """The numbers (height, width) in a mask, whether they are colors, and whether they are a palette's.

    StudioError when it cannot be read.
    """
    return open_as(path, _values)


def _values(picture: Image.Image) -> tuple[NDArray[np.int64], bool, bool]:
    if picture.mode in ("RGB", "RGBA", "CMYK", "YCbCr"):
        colors = np.asarray(picture.convert("RGB"), np.int64)
        values = colors[..., 0] << 16 | colors[..., 1] << 8 | colors[..., 2]
        return values, True, False
    values = np.asarray(picture.convert("L") if picture.mode == "LA" else picture)
    return values.astype(np.int64), False, picture.mode == "P"


def read_mask(path: Path, values: NDArray[np.int64], in_color: bool, size: tuple[int, int]) -> Masks:
    """A mask (height, width): 0 for the ground, class number + 1 for a class; `values` are sorted.

    `size` is that of its picture. StudioError when it cannot be read or is of another size or kind.
    """
    found, is_color, _ = read_values(path)
    if is_color != in_color:
        kinds = ("gray", "color") if is_color else ("color", "gray")
        raise StudioError(f"{path} is a {kinds[1]} mask among {kinds[0]} ones. Save it as the others are.")
    if found.shape != size:
        raise StudioError(
            f"{path} is {found.shape[0]} x {found.shape[1]} pixels, and its picture {size[0]} x {size[1]}. "
            "Give both "
            "one size."
        )
    places = np.searchsorted(values, found).clip(max=len(values) - 1)
    return np.where(values[places] == found, places + 1, 0).astype(np.uint8)


def classes_among(values: set[int], from_palette: bool) -> tuple[int, ...]:
    """The values that are classes, ascending: all but the ground, which is 0 (or black), and the border that
    a palette has at 255. Where 255 is the only other value it is a class: so masks of one object are kept.
    """
    found = values - {0}
    if from_palette and len(found) > 1:
        found -= {_VOID}
    return tuple(sorted(found))


def names_for(values: tuple[int, ...], in_color: bool) -> tuple[str, ...]:
    """What the classes are called until a person names them."""
    if len(values) == 1:
        return ("object",)
    return tuple(f"#{value:06x}" if in_color else str(value) for value in values)
