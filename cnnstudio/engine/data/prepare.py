"""Bringing pictures to the size and colors that a preparation asks for."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from msgspec.structs import replace
from PIL import Image

from cnnstudio.core.project.data import Fit, Preparation, Resampling
from cnnstudio.core.project.sources import Levels
from cnnstudio.engine.data.images import Images, Masks, Pixels
from cnnstudio.engine.files.images import open_image, resized, to_channels
from cnnstudio.engine.files.jpeg import open_usual_jpeg
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested

_FILTERS: Mapping[Resampling, Image.Resampling] = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "area": Image.Resampling.BOX,
}
_AT_ONCE = 256
"""Pictures between two questions whether to stop."""


def shape_of(preparation: Preparation) -> tuple[int, int, int]:
    """Height, width and channels of every picture of files, whose preparation leaves nothing open."""
    assert preparation.size is not None
    return (*preparation.size, 1 if preparation.colors == "gray" else 3)


def read_prepared(path: Path, preparation: Preparation, levels: Levels | None) -> Pixels:
    """The picture in a file as the network receives it; StudioError when it cannot be read.

    `preparation` leaves nothing open; `levels` are for deep pictures.
    """
    height, width, channels = shape_of(preparation)
    near = height, width
    usual = open_usual_jpeg(path, near, channels)
    picture = open_image(path, near, levels, background=preparation.background) if usual is None else usual
    return prepared(picture, preparation)


def prepared(picture: Pixels, preparation: Preparation) -> Pixels:
    """One picture (height, width, channels) as the network receives it."""
    if preparation.colors is not None:
        picture = to_channels(picture, 1 if preparation.colors == "gray" else 3)
    size = preparation.size
    if size is None or picture.shape[:2] == size:
        return picture
    return resized(_framed(picture, size, preparation.fit), size, _FILTERS[preparation.resampling])


def prepared_mask(mask: Masks, preparation: Preparation) -> Masks:
    """A mask (height, width) brought to size with its picture; each pixel keeps one class."""
    if preparation.size is None or mask.shape == preparation.size:
        return mask
    height, width = preparation.size
    framed = _framed(mask[:, :, np.newaxis], preparation.size, preparation.fit)[:, :, 0]
    rows = (np.arange(height) + 0.5) * framed.shape[0] / height
    columns = (np.arange(width) + 0.5) * framed.shape[1] / width
    return np.ascontiguousarray(framed[rows.astype(int)][:, columns.astype(int)])


def _framed(picture: Pixels, size: tuple[int, int], fit: Fit) -> Pixels:
    """The picture cut or padded to the shape of `size`, before it is made larger or smaller."""
    height, width = picture.shape[:2]
    top, left, new_height, new_width = _frame(height, width, size, fit)
    if fit != "pad":
        return picture[top : top + new_height, left : left + new_width]
    padded = np.zeros((new_height, new_width, picture.shape[2]), picture.dtype)
    padded[-top : height - top, -left : width - left] = picture
    return padded


def _frame(height: int, width: int, size: tuple[int, int], fit: Fit) -> tuple[int, int, int, int]:
    """Top, left, height and width of what is shown of a picture; beyond its edges where it is padded."""
    if fit == "stretch":
        return 0, 0, height, width
    choose = min if fit == "crop" else max
    new_height = choose(height, round(width * size[0] / size[1])) or 1
    new_width = choose(width, round(height * size[1] / size[0])) or 1
    if fit == "crop":
        return (height - new_height) // 2, (width - new_width) // 2, new_height, new_width
    return -((new_height - height) // 2), -((new_width - width) // 2), new_height, new_width


def all_prepared(images: Images, preparation: Preparation, should_stop: ShouldStop) -> Images:
    """All samples as the network receives them; StopRequested once it was asked to stop."""
    pixels, masks = [], []
    for row, picture in enumerate(images.pixels):
        if row % _AT_ONCE == 0 and should_stop():
            raise StopRequested
        pixels.append(prepared(picture, preparation))
        if images.masks is not None:
            masks.append(prepared_mask(images.masks[row], preparation))
    return replace(images, pixels=np.stack(pixels), masks=np.stack(masks) if masks else None)
