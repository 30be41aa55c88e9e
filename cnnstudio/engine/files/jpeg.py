"""JPEGs decoded by libjpeg-turbo without the way through Pillow, which takes as long again.

Pillow decodes with the same library, so the pixels are the same to the last bit; whatever is unusual is left
to it.
"""

from contextlib import suppress
from pathlib import Path

import numpy as np
import simplejpeg
from numpy.typing import NDArray

_MOST_BYTES = 16 * 2**20
_MOST_PIXELS = 4_000_000
_START = b"\xff\xd8\xff"
_MAY_TURN = (b"Exif\0\0", b"tiff:Orientation")
"""Notes that may say that the picture lies on its side."""
_COLORS = {"YCbCr": "RGB", "Gray": "GRAY"}
_CHANNELS = {"YCbCr": 3, "Gray": 1}
_SHARES = (8, 4, 2, 1)
"""Of its sides, to which a JPEG can be decoded at once."""


def open_usual_jpeg(path: Path, near: tuple[int, int], channels: int) -> NDArray[np.uint8] | None:
    """A JPEG (height, width, channels) as `open_image` gives it for the same `near`; None for any other
    file, and for a JPEG of other colors, with notes of a camera, of many pixels, or with any damage.
    """
    with suppress(OSError, ValueError):
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES)
        if not data.startswith(_START) or len(data) == _MOST_BYTES or any(mark in data for mark in _MAY_TURN):
            return None
        height, width, colors, _ = simplejpeg.decode_jpeg_header(data)
        if _CHANNELS.get(colors) != channels or height * width > _MOST_PIXELS:
            return None
        share = _share(height, width, max(near))
        pixels: NDArray[np.uint8] = simplejpeg.decode_jpeg(
            data, _COLORS[colors], min_height=-(-height // share), min_width=-(-width // share), strict=True
        )
        return pixels
    return None


def _share(height: int, width: int, side: int) -> int:
    """The largest that leaves both sides as long as `side`, as Pillow's `draft` chooses it."""
    most = min(height, width) // side
    return next((share for share in _SHARES if share <= most), 1)
