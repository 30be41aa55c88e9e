"""A picture through a kernel, by hand: the numbers that Keras's own convolution gives."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypedDict, Unpack

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from cnnstudio.core.kernels.convolution import FloatArray, Padding, Pair, convolve_layer
from cnnstudio.core.kernels.dead import DEAD
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.files.images import (
    Pixels,
    open_image,
    save_npy,
    save_png_map,
    to_channels,
    to_unit_range,
)
from cnnstudio.engine.interpret.stated import Stated, stated_of
from cnnstudio.engine.weights import KernelEntry, WeightsFile, open_weights


class Response(Struct, frozen=True, eq=False):
    """A feature map and what it was made of.

    `image` (height, width, channels) from 0 to 1, `kernel` (kh, kw, channels), `values` (oh, ow),
    all float32. The kernel is laid on as it stands, not flipped, as in Keras. `notes` say what was assumed.
    """

    image: FloatArray
    kernel: FloatArray
    values: FloatArray
    notes: tuple[str, ...] = ()


class Steps(TypedDict, total=False):
    """How the kernel moves: strides and dilation as (height, width), and the padding."""

    strides: Pair
    padding: Padding
    dilation: Pair


def convolve_with_file(
    path: Path,
    layer: str,
    filter_index: int,
    channel: int | None,
    image_path: Path,
    **steps: Unpack[Steps],
) -> Response:
    """Convolve a picture with a filter of a weights file.

    With `channel`, one slice of the filter over that channel of the picture, or over the gray picture
    when the two have different numbers of channels. Without it, the whole filter over all channels:
    the picture is made gray or RGB for a filter of 1 or 3 channels, for any other number the gray
    picture is repeated. StudioError when a file, layer or index is not there.
    """
    with open_weights(path) as weights:
        entry = weights.kernel(layer)
        kernel, stated = filter_of(weights, entry, filter_index), stated_of(weights, entry)
        notes = weights.notes
    image = to_unit_range(open_image(image_path))
    response = convolve_filter(kernel, image, channel=channel, **steps)
    notes = (*notes, *_unlike(None if steps else stated), *_dead(kernel, f"Filter {filter_index} of {layer}"))
    return replace(response, notes=notes)


def _unlike(stated: Stated | None) -> Iterator[str]:
    """What a layer does that a filter does not that moves pixel by pixel."""
    if stated is not None and (stated.strides, stated.dilation) != ((1, 1), (1, 1)):
        (down, across), (rows, columns) = stated.strides, stated.dilation
        yield (
            f"The layer's own stride {down} × {across} and dilation {rows} × {columns} are not followed: "
            "the filter moves pixel by pixel."
        )


def _dead(kernel: FloatArray, what: str) -> Iterator[str]:
    if np.abs(kernel).max() < DEAD:
        yield f"{what} is dead: all its weights are 0, or nearly so."


def convolve_filter(
    kernel: NDArray[Any],
    image: Pixels,
    *,
    channel: int | None = None,
    **steps: Unpack[Steps],
) -> Response:
    """Convolve an image (height, width, 1 or 3) with one filter (kh, kw, channels).

    Channels are matched as `convolve_with_file` says. StudioError for a channel out of range.
    """
    channels = kernel.shape[2]
    if channel is not None:
        _check_index("channel", channel, channels)
        pixels = image[:, :, [channel]] if image.shape[2] == channels else to_channels(image, 1)
        kernel = kernel[:, :, [channel]]
    elif channels in (1, 3):
        pixels = to_channels(image, channels)
    else:
        return _repeated(kernel, to_channels(image, 1), **steps)
    values = convolve_layer(pixels, kernel[:, :, :, np.newaxis], **steps)
    return Response(pixels, kernel.astype(np.float32), values[:, :, 0])


def _repeated(kernel: NDArray[Any], gray: Pixels, **steps: Unpack[Steps]) -> Response:
    """A gray picture in every channel: the sum of the kernel's slices gives the same map without copies."""
    summed = kernel.sum(axis=2, dtype=np.float64)[:, :, np.newaxis, np.newaxis]
    values = convolve_layer(gray, summed, **steps)
    pixels = np.broadcast_to(gray, (*gray.shape[:2], kernel.shape[2]))
    return Response(pixels, kernel.astype(np.float32), values[:, :, 0])


def filter_of(weights: WeightsFile, entry: KernelEntry, filter_index: int) -> FloatArray:
    """One filter of a kernel as (kh, kw, channels), float32.

    A depthwise layer's filter looks at one channel only: the slices of the others are zero.
    StudioError when the kernel has one axis only, or no such filter.
    """
    if len(entry.shape) != 4:
        raise StudioError(
            f"Layer {entry.layer!r} has a kernel over one axis, {entry.shape}. "
            "A picture needs one over two axes."
        )
    _check_index("filter", filter_index, filter_count(entry))
    if entry.kind == "depthwise":
        return _depthwise_filter(weights.read(entry.layer, entry.weight).astype(np.float32), filter_index)
    axis = 2 if entry.kind == "transpose" else 3
    part = [slice(None)] * 4
    part[axis] = slice(filter_index, filter_index + 1)
    kernel = weights.read(entry.layer, entry.weight, tuple(part)).astype(np.float32)
    return np.ascontiguousarray(kernel.squeeze(axis))


def filter_count(entry: KernelEntry) -> int:
    """How many feature maps a kernel makes."""
    *_, before_last, last = entry.shape
    match entry.kind:
        case "depthwise":
            return before_last * last
        case "transpose":
            return before_last
        case "convolution":
            return last


def save_response(response: Response, path: Path) -> None:
    """Write the feature map: exact numbers for .npy, a picture from black to white for .png."""
    match path.suffix.lower():
        case ".npy":
            save_npy(response.values, path)
        case ".png":
            save_png_map(response.values, path)
        case other:
            raise StudioError(f"Cannot write a {other or 'file without a suffix'}. Name it .png or .npy.")


def _depthwise_filter(kernel: FloatArray, filter_index: int) -> FloatArray:
    """Keras counts a depthwise layer's maps channel by channel."""
    channel, nth = divmod(filter_index, kernel.shape[3])
    alone = np.zeros(kernel.shape[:3], dtype=np.float32)
    alone[:, :, channel] = kernel[:, :, channel, nth]
    return alone


def _check_index(what: str, index: int, count: int) -> None:
    if not 0 <= index < count:
        raise StudioError(f"There is no {what} {index}. The layer has {what}s 0 to {count - 1}.")
