"""Pictures in and out, as arrays."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageColor, ImageOps, UnidentifiedImageError

from cnnstudio.core.kernels.dead import FLAT
from cnnstudio.core.project.sources import Levels
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.files import deep
from cnnstudio.engine.files.pixels import PixelBudget, bands, shrinking
from cnnstudio.engine.files.writing import atomic_path

MAX_PIXELS = 64_000_000
WHITE = "#ffffff"
# ITU-R BT.601, as Pillow's own "L" has it.
_LUMA = (0.299, 0.587, 0.114)
_GRAY_MODES = ("1", "L", "LA", "La")
# Orientations of Exif in which the picture lies on its side.
_LYING = (5, 6, 7, 8)
_SPARE = 2
"""A large picture keeps twice the size it will have, so that the resampling decides how it looks."""

_AT_ONCE = PixelBudget(MAX_PIXELS)

Bytes = NDArray[np.uint8]
Result = TypeVar("Result")
Pixels = NDArray[np.float32]


class Header(Struct, frozen=True):
    """What the beginning of a picture says: its size in pixels as it is looked at, whether it is gray, and
    whether its numbers have more than 8 bits.
    """

    height: int
    width: int
    is_gray: bool
    is_deep: bool = False


def read_header(path: Path) -> Header:
    """Read no more than a picture's beginning. StudioError as for `open_image`."""
    with _reading_errors(path), Image.open(path) as picture:
        _check_size(path, picture)
        width, height = picture.size
        if picture.getexif().get(ExifTags.Base.Orientation) in _LYING:
            width, height = height, width
        is_deep = picture.mode in deep.DEEP_MODES
        is_gray = is_deep or picture.mode in _GRAY_MODES or _is_gray_palette(picture)
        return Header(height, width, is_gray, is_deep)


def read_extremes(path: Path) -> deep.Extremes:
    """The lowest and highest numbers of a deep picture; none of another. StudioError as for `open_image`."""
    with _reading_errors(path), Image.open(path) as picture:
        _check_size(path, picture)
        return deep.extremes_of(picture) if picture.mode in deep.DEEP_MODES else deep.Extremes()


def open_image(
    path: Path,
    near: tuple[int, int] | None = None,
    levels: Levels | None = None,
    seen: Callable[[deep.Extremes], object] | None = None,
    background: str = WHITE,
) -> Bytes:
    """A picture as uint8 (height, width, 1) when it is gray, else (height, width, 3) RGB.

    The camera's orientation is applied; transparent parts lie on the `background`, a color such as
    `#ffffff`; of an animation it is the first frame. Deep pictures (more than 8 bits, or real numbers) are
    brought to bytes by `levels`, or by their own numbers where these are None; `seen` is told what a deep
    picture holds. A JPEG or large picture that will be shrunken to the size `near` = (height, width) may
    come smaller than it is, which takes less time and memory. May wait for other threads that decode large
    pictures. StudioError when the file is missing, no picture, damaged, or above 64 million pixels.
    """
    with _reading_errors(path), Image.open(path) as picture:
        _check_size(path, picture)
        _draft(picture, near)
        if picture.mode in deep.DEEP_MODES:
            with _AT_ONCE.room_for(picture):
                return _deep_as_bytes(picture, levels, seen)
        return _decoded(picture, near, background)


def open_as(path: Path, change: Callable[[Image.Image], Result]) -> Result:
    """What `change` makes of a picture as it stands in its file. StudioError as for `open_image`."""
    with _reading_errors(path), Image.open(path) as picture:
        _check_size(path, picture)
        return change(picture)


def _draft(picture: Image.Image, near: tuple[int, int] | None) -> None:
    """Let a JPEG decode to a half, a quarter, an eighth of its size at once, averaging as it does so, never
    below the size asked for. It takes half the time of decoding it whole.
    """
    if near is not None:
        side = max(near)
        picture.draft(None, (side, side))


def to_channels(image: NDArray[Any], channels: int) -> NDArray[Any]:
    """An image (height, width, 1 or 3) with as many channels as asked for, in its own dtype.

    RGB becomes gray by its luma. Any other number of channels repeats the gray picture.
    """
    if image.shape[2] == channels:
        return image
    gray = image if image.shape[2] == 1 else _luma(image)
    return np.repeat(gray, channels, axis=2)


def to_unit_range(image: Bytes) -> Pixels:
    """The pixels as float32 from 0 to 1."""
    return image.astype(np.float32) / np.float32(255)


def resized(
    image: Bytes, size: tuple[int, int], resampling: Image.Resampling = Image.Resampling.BICUBIC
) -> Bytes:
    """The picture at `size` = (height, width); its channels stay."""
    if min(size) < 1 or size[0] * size[1] > MAX_PIXELS:
        raise StudioError(f"A picture cannot be made {size[0]} x {size[1]} pixels. Give sizes from 1 on.")
    squeezed = image[:, :, 0] if image.shape[2] == 1 else image
    smaller = Image.fromarray(squeezed).resize((size[1], size[0]), resampling)
    return np.asarray(smaller, dtype=np.uint8).reshape(*size, image.shape[2])


def normalised(values: NDArray[Any]) -> Bytes:
    """A map as gray values: its lowest number is 0, its highest 255.

    A constant map, and one as flat as a dead kernel makes it, is mid-gray. Numbers that are not finite
    count as 0.
    """
    finite = np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(finite.min()), float(finite.max())
    if high - low < FLAT:
        return np.full(values.shape, 128, dtype=np.uint8)
    return np.rint((finite - low) / (high - low) * 255).astype(np.uint8)


def save_png_map(values: NDArray[Any], path: Path) -> None:
    """Write a map (height, width) as a gray PNG, scaled as `normalised` does, whole or not at all."""
    with atomic_path(path) as temporary:
        Image.fromarray(normalised(values)).save(temporary, format="PNG")


def save_npy(values: NDArray[Any], path: Path) -> None:
    """Write an array with its exact numbers as a NumPy file, whole or not at all."""
    with atomic_path(path) as temporary, temporary.open("wb") as file:
        np.save(file, values, allow_pickle=False)


class _Silence:
    """No warning is shown while any thread reads; `catch_warnings` alone knows of one thread only.

    A truly oversized picture is refused by its size; Pillow's other notes are not for the reader.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._readers = 0
        self._caught = warnings.catch_warnings()

    def __enter__(self) -> None:
        with self._lock:
            if self._readers == 0:
                self._caught = warnings.catch_warnings()
                self._caught.__enter__()
                warnings.simplefilter("ignore")
            self._readers += 1

    def __exit__(self, *_error: object) -> None:
        with self._lock:
            self._readers -= 1
            if self._readers == 0:
                self._caught.__exit__(None, None, None)


_SILENCE = _Silence()


@contextmanager
def _reading_errors(path: Path) -> Iterator[None]:
    try:
        with _SILENCE:
            yield
    except FileNotFoundError as error:
        raise StudioError(f"There is no picture {path}. Check the name, or choose another file.") from error
    except IsADirectoryError as error:
        raise StudioError(f"{path} is a folder. Choose a picture in it.") from error
    except PermissionError as error:
        raise StudioError(f"You may not read {path}. Change its permissions, or choose another.") from error
    except Image.DecompressionBombError as error:
        raise StudioError(_too_large(path)) from error
    except UnidentifiedImageError as error:
        raise StudioError(f"{path} is no picture that can be read. Choose a PNG or JPEG file.") from error
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        raise StudioError(f"{path} is a damaged picture ({error}). Choose another file.") from error


def _check_size(path: Path, picture: Image.Image) -> None:
    if picture.width * picture.height > MAX_PIXELS:
        raise StudioError(_too_large(path))


def _too_large(path: Path) -> str:
    return f"{path} has more than {MAX_PIXELS // 10**6} million pixels. Make it smaller first."


def _deep_as_bytes(
    picture: Image.Image, levels: Levels | None, seen: Callable[[deep.Extremes], object] | None
) -> Bytes:
    extremes = deep.extremes_of(picture)
    if seen is not None:
        seen(extremes)
    complete = deep.completed(levels, deep.levels_of(extremes))
    gray = Image.fromarray(deep.as_bytes(deep.numbers_of(picture), complete))
    # As it stands now: Pillow turns a TIFF upright by itself when it is loaded.
    gray.getexif()[ExifTags.Base.Orientation] = picture.getexif().get(ExifTags.Base.Orientation, 1)
    return np.asarray(ImageOps.exif_transpose(gray))[:, :, np.newaxis]


def _decoded(picture: Image.Image, near: tuple[int, int] | None, background: str) -> Bytes:
    with _AT_ONCE.room_for(picture):
        try:
            ImageOps.exif_transpose(picture, in_place=True)
            return _as_bytes(picture, near, background)
        finally:
            # Gives its memory back before another picture is let in.
            picture.close()


def _as_bytes(picture: Image.Image, near: tuple[int, int] | None, background: str) -> Bytes:
    factor = shrinking(picture, near, _SPARE)
    # Colors are converted band by band: at 64 million pixels each whole copy takes 256 MB.
    parts = [_band_as_bytes(band, factor, background) for band in bands(picture, factor)]
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _band_as_bytes(picture: Image.Image, factor: int, background: str) -> Bytes:
    if picture.has_transparency_data:
        picture = _on_color(picture, background)
    if picture.mode in _GRAY_MODES or _is_gray_palette(picture):
        return np.asarray(_reduced(picture.convert("L"), factor), dtype=np.uint8)[:, :, np.newaxis]
    return np.asarray(_reduced(picture.convert("RGB"), factor), dtype=np.uint8)


def _reduced(picture: Image.Image, factor: int) -> Image.Image:
    return picture.reduce(factor) if factor > 1 else picture


def _on_color(picture: Image.Image, background: str) -> Image.Image:
    """Transparent parts lie on the color; a gray picture on a gray color stays gray."""
    ground = ImageColor.getrgb(background)[:3]
    gray = picture.mode in _GRAY_MODES and len(set(ground)) == 1
    colors = picture.convert("RGBA")
    flat = Image.alpha_composite(Image.new("RGBA", colors.size, background), colors)
    return flat.convert("L" if gray else "RGB")


def _is_gray_palette(picture: Image.Image) -> bool:
    if picture.mode != "P":
        return False
    table = np.asarray(picture.getpalette("RGB") or [], dtype=np.uint8).reshape(-1, 3)
    return bool((table == table[:, :1]).all())


def _luma(image: NDArray[Any]) -> NDArray[Any]:
    gray: NDArray[np.float64] = image[:, :, :3].astype(np.float64) @ np.array(_LUMA)
    rounded = np.rint(gray) if image.dtype.kind in "iu" else gray
    return rounded[:, :, np.newaxis].astype(image.dtype)
