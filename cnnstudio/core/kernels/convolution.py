"""Convolution by hand, in NumPy, with exactly the numbers that Keras gives.

Keras's "convolution" is a cross-correlation: the kernel is laid on the image as it is written,
it is not flipped. So is everything here. `kernel[::-1, ::-1]` gives the convolution of mathematics.
"""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnstudio.core.kernels.padding import effective_kernel, same_padding
from cnnstudio.core.values.errors import StudioError

Padding = Literal["valid", "same"]
FloatArray = NDArray[np.float32]
Pair = tuple[int, int]


def convolve1d(
    signal: ArrayLike, kernel: ArrayLike, *, stride: int = 1, dilation: int = 1, padding: Padding = "valid"
) -> FloatArray:
    """Slide a kernel (k,) along a signal (length,) and return the responses (new_length,).

    The kernel is not flipped, as in Keras. StudioError when an argument has another rank,
    a step is below 1, or the kernel does not fit.
    """
    row = _array(signal, 1, "signal")[np.newaxis, :]
    kernel_row = _array(kernel, 1, "kernel")[np.newaxis, :]
    response = convolve2d(row, kernel_row, strides=(1, stride), dilation=(1, dilation), padding=padding)
    return response.reshape(-1)


def convolve2d(
    image: ArrayLike,
    kernel: ArrayLike,
    *,
    strides: Pair = (1, 1),
    dilation: Pair = (1, 1),
    padding: Padding = "valid",
) -> FloatArray:
    """Slide a kernel (kh, kw) over one map (height, width) and return its feature map (oh, ow).

    The kernel is not flipped, as in Keras. StudioError as for `convolve1d`.
    """
    one_channel = _array(image, 2, "image")[:, :, np.newaxis]
    one_filter = _array(kernel, 2, "kernel")[:, :, np.newaxis, np.newaxis]
    maps = convolve_layer(one_channel, one_filter, strides=strides, dilation=dilation, padding=padding)
    return maps[:, :, 0]


def convolve_layer(
    image: ArrayLike,
    kernel: ArrayLike,
    *,
    bias: ArrayLike | None = None,
    strides: Pair = (1, 1),
    dilation: Pair = (1, 1),
    padding: Padding = "valid",
    groups: int = 1,
) -> FloatArray:
    """What a Conv2D layer without activation gives for one image.

    image (height, width, channels), kernel (kh, kw, channels / groups, filters), bias (filters,)
    or None; the result is (oh, ow, filters). The kernel is not flipped, as in Keras. Sums are kept
    in double precision and rounded once. StudioError when the shapes do not go together.
    """
    pixels, weights = _array(image, 3, "image"), _array(kernel, 4, "kernel")
    _check_groups(pixels.shape[2], weights.shape, groups)
    _check_steps(strides, dilation)
    padded = _padded(pixels, weights.shape[:2], strides, dilation, padding)
    by_group = [
        _convolved(part, filters, strides, dilation)
        for part, filters in zip(
            np.split(padded, groups, axis=2), np.split(weights, groups, axis=3), strict=True
        )
    ]
    maps = np.concatenate(by_group, axis=2)
    if bias is not None:
        maps = maps + _bias(bias, maps.shape[2])
    return maps.astype(np.float32)


def _convolved(
    image: NDArray[np.float64], kernel: NDArray[np.float64], strides: Pair, dilation: Pair
) -> NDArray[np.float64]:
    """Add up one shifted view of the image per kernel tap: no window is ever copied out."""
    kernel_height, kernel_width = kernel.shape[:2]
    height = _steps(image.shape[0], kernel_height, strides[0], dilation[0])
    width = _steps(image.shape[1], kernel_width, strides[1], dilation[1])
    maps = np.zeros((height, width, kernel.shape[3]))
    for row, column in np.ndindex(kernel_height, kernel_width):
        rows = slice(row * dilation[0], row * dilation[0] + (height - 1) * strides[0] + 1, strides[0])
        columns = slice(column * dilation[1], column * dilation[1] + (width - 1) * strides[1] + 1, strides[1])
        maps += np.tensordot(image[rows, columns], kernel[row, column], axes=1)
    return maps


def _steps(size: int, kernel: int, stride: int, dilation: int) -> int:
    return (size - effective_kernel(kernel, dilation)) // stride + 1


def _padded(
    image: NDArray[np.float64], kernel: Sequence[int], strides: Pair, dilation: Pair, padding: Padding
) -> NDArray[np.float64]:
    if padding == "same":
        around = [same_padding(image.shape[a], kernel[a], strides[a], dilation[a]) for a in (0, 1)]
        return np.pad(image, [*around, (0, 0)])
    if padding != "valid":
        raise StudioError(f"Padding is {padding!r}. It must be 'valid' or 'same'.")
    spans = [effective_kernel(kernel[a], dilation[a]) for a in (0, 1)]
    if spans[0] > image.shape[0] or spans[1] > image.shape[1]:
        raise StudioError(
            f"A kernel that spans {spans[0]} x {spans[1]} pixels does not fit an image of "
            f"{image.shape[0]} x {image.shape[1]}. Use padding 'same', or a larger image."
        )
    return image


def _check_groups(channels: int, kernel: Sequence[int], groups: int) -> None:
    per_group, filters = kernel[2], kernel[3]
    if groups < 1 or filters % groups or per_group * groups != channels:
        raise StudioError(
            f"A kernel for {per_group} channels with {filters} filters in {groups} groups does not go with "
            f"an image of {channels} channels. Channels must be {per_group} x groups, "
            "and groups must divide the filters."
        )


def _check_steps(strides: Pair, dilation: Pair) -> None:
    if min(*strides, *dilation) < 1:
        raise StudioError(f"Strides are {strides} and dilation is {dilation}. Each number must be 1 or more.")


def _array(values: ArrayLike, rank: int, what: str) -> NDArray[np.float64]:
    array: NDArray[Any] = np.asarray(values)
    if array.ndim != rank or array.size == 0:
        raise StudioError(
            f"The {what} has the shape {array.shape}. It must have {rank} axes, none of them empty."
        )
    return array.astype(np.float64)


def _bias(bias: ArrayLike, filters: int) -> NDArray[np.float64]:
    values = _array(bias, 1, "bias")
    if len(values) != filters:
        raise StudioError(f"The bias has {len(values)} numbers. It must have one per filter, {filters}.")
    return values
