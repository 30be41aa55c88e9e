"""Memory that decoding takes: how many pixels are decoded at once, and large pictures cut into bands."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

from PIL import Image

BAND_PIXELS = 2_000_000
_LARGE_PIXELS = 4_000_000


class PixelBudget:
    """Lets threads decode pictures at once as long as these have no more than `most` pixels together."""

    def __init__(self, most: int) -> None:
        self._most = self._free = most
        self._changed = Condition()

    @contextmanager
    def room_for(self, picture: Image.Image) -> Iterator[None]:
        """Wait until the picture fits beside those that are being decoded."""
        pixels = min(picture.width * picture.height, self._most)
        with self._changed:
            self._changed.wait_for(lambda: self._free >= pixels)
            self._free -= pixels
        try:
            yield
        finally:
            with self._changed:
                self._free += pixels
                self._changed.notify_all()


def shrinking(picture: Image.Image, near: tuple[int, int] | None, margin: int) -> int:
    """By which whole factor a large picture may be made smaller before it is brought to a size near
    (height, width): `margin` times as large on both sides is left. 1 for usual pictures.
    """
    if near is None or picture.width * picture.height <= _LARGE_PIXELS:
        return 1
    return max(1, min(picture.height // (margin * near[0]), picture.width // (margin * near[1])))


def bands(picture: Image.Image, factor: int) -> Iterator[Image.Image]:
    """The picture from top to bottom in parts of few pixels, their heights multiples of `factor`."""
    rows = max(1, BAND_PIXELS // (picture.width * factor)) * factor
    for top in range(0, picture.height, rows):
        yield picture.crop((0, top, picture.width, min(top + rows, picture.height)))
