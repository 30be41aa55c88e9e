"""Bringing pictures to the size and colors that a preparation asks for."""

import numpy as np
from msgspec.structs import replace

from cnnstudio.core.project.data import Fit, Preparation
from cnnstudio.engine.data.images import Images, Masks, Pixels
from cnnstudio.engine.files.images import resized, to_channels
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested

_AT_ONCE = 256
"""Pictures between two questions whether to stop."""


def shape_of(preparation: Preparation) -> tuple[int, int, int]:
    """Height, width and channels of every picture of files, whose preparation leaves nothing open."""
    assert preparation.size is not None
    return (*preparation.size, 1 if preparation.colors == "gray" else 3)


def prepared(picture: Pixels, preparation: Preparation) -> Pixels:
    """One picture (height, width, channels) as the network receives it."""
    if preparation.colors is not None:
        picture = to_channels(picture, 1 if preparation.colors == "gray" else 3)
    if preparation.size is None or picture.shape[:2] == preparation.size:
        return picture
    return _brought_to(picture, preparation.size, preparation.fit)


def prepared_mask(mask: Masks, preparation: Preparation) -> Masks:
    """A mask (height, width) brought to size with its picture; each pixel keeps one class."""
    if preparation.size is None or mask.shape == preparation.size:
        return mask
    height, width = preparation.size
    framed = _framed(mask[:, :, np.newaxis], preparation.size, preparation.fit)[:, :, 0]
    rows = (np.arange(height) + 0.5) * framed.shape[0] / height
    columns = (np.arange(width) + 0.5) * framed.shape[1] / width
    return np.ascontiguousarray(framed[rows.astype(int)][:, columns.astype(int)])


def _brought_to(picture: Pixels, size: tuple[int, int], fit: Fit) -> Pixels:
    return resized(_framed(picture, size, fit), size)


def _framed(picture: Pixels, size: tuple[int, int], fit: Fit) -> Pixels:
    """The picture cut or padded to the shape of `size`, before it is made larger or smaller."""
    height, width = picture.shape[:2]
    if fit == "stretch":
        return picture
    choose = min if fit == "crop" else max
    new_height = choose(height, round(width * size[0] / size[1])) or 1
    new_width = choose(width, round(height * size[1] / size[0])) or 1
    if fit == "crop":
        top, left = (height - new_height) // 2, (width - new_width) // 2
        return picture[top : top + new_height, left : left + new_width]
    top, left = (new_height - height) // 2, (new_width - width) // 2
    padded = np.zeros((new_height, new_width, picture.shape[2]), picture.dtype)
    padded[top : top + height, left : left + width] = picture
    return padded


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
