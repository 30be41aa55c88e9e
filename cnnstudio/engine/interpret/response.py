"""A picture through a kernel, step by step: pure values, no widgets."""

import math

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from cnnstudio.core.kernels.convolution import (
    FloatArray,
    Padding,
    Pair,
    convolve2d,
)
from cnnstudio.core.kernels.padding import effective_kernel, same_padding
from cnnstudio.core.layers.windows import size_sums
from cnnstudio.core.values.words import with_minus
from cnnstudio.engine.files.images import to_channels, to_unit_range

Cell = tuple[int, int]
MOST_STEP = 32
"""The largest stride and dilation on offer."""
_COLORS = ("red", "green", "blue")


class Steps(Struct, frozen=True):
    """How a kernel moves over the picture, and what happens to each sum."""

    stride: int = 1
    dilation: int = 1
    padding: Padding = "same"
    bias: float = 0.0
    relu: bool = False


class Response(Struct, frozen=True, eq=False):
    """One map of a picture (height, width), 0 to 1, the kernel (kh, kw), and the feature map (oh, ow)."""

    image: FloatArray
    kernel: FloatArray
    steps: Steps
    values: FloatArray


class Patch(Struct, frozen=True):
    """Where the kernel lies for one number of the feature map; `row` and `column` may be outside."""

    row: int
    column: int
    height: int
    width: int


def respond(image: FloatArray, kernel: FloatArray, steps: Steps) -> Response:
    """Convolve one map with one kernel as Keras does, then bias and ReLU.

    StudioError when the kernel does not fit.
    """
    strides, dilation = _pair(steps.stride), _pair(steps.dilation)
    sums = convolve2d(image, kernel, strides=strides, dilation=dilation, padding=steps.padding)
    values = sums + np.float32(steps.bias)
    return Response(image, kernel, steps, np.maximum(values, 0) if steps.relu else values)


def image_map(pixels: NDArray[np.uint8], channel: int | None, channels: int) -> tuple[FloatArray, str]:
    """The map of a picture that a kernel looks at, 0 to 1, and a sentence if it had to be converted.

    A kernel for red, green or blue gets that channel of a color picture, any other the gray picture.
    """
    unit = to_unit_range(pixels)
    if unit.shape[2] == 1:
        return unit[:, :, 0], ""
    if channels == 3 and channel is not None:
        return unit[:, :, channel], f"The {_COLORS[channel]} channel of a color picture."
    gray: FloatArray = to_channels(unit, 1)[:, :, 0]
    return gray, "Converted from color to gray: 0.299 red + 0.587 green + 0.114 blue."


def patch_of(response: Response, cell: Cell) -> Patch:
    """The part of the picture that one number of the feature map was made of."""
    steps, before = response.steps, _padding_before(response)
    spans = [effective_kernel(size, steps.dilation) for size in response.kernel.shape]
    return Patch(
        cell[0] * steps.stride - before[0],
        cell[1] * steps.stride - before[1],
        spans[0],
        spans[1],
    )


def cell_over(response: Response, pixel: Cell) -> Cell:
    """The number of the feature map whose patch has its middle nearest to a pixel."""
    before = _padding_before(response)
    found = []
    for axis in (0, 1):
        half = (effective_kernel(response.kernel.shape[axis], response.steps.dilation) - 1) / 2
        place = round((pixel[axis] + before[axis] - half) / response.steps.stride)
        found.append(min(max(place, 0), response.values.shape[axis] - 1))
    return found[0], found[1]


def arithmetic(response: Response, cell: Cell) -> str:
    """The sum behind one number, a line per row of the kernel; [0] is a pixel of the padding."""
    lines = [_row_text(response, cell, row) for row in range(response.kernel.shape[0])]
    total = float(np.sum([number for _, number in lines]))
    texts = [text for text, _ in lines]
    return "\n".join([*texts, _total_text(response, cell, total)])


def size_texts(response: Response) -> tuple[str, str]:
    """The arithmetic of the feature map's height and width."""
    steps = response.steps
    height, width = response.kernel.shape
    sums = size_sums(
        (*response.image.shape, 1),
        (height, width),
        _pair(steps.stride),
        steps.padding,
        _pair(steps.dilation),
        "kernel_size",
    )
    return sums[0].text, sums[1].text


def number(value: float) -> str:
    """A number of the arithmetic: three decimals unless whole, tiny ones with an exponent."""
    if not math.isfinite(value):
        return str(value)
    if value == round(value):
        return with_minus(f"{value:.0f}")
    return with_minus(f"{value:.3f}" if abs(value) >= 0.001 else f"{value:.1e}")


def _row_text(response: Response, cell: Cell, row: int) -> tuple[str, float]:
    patch, dilation = patch_of(response, cell), response.steps.dilation
    y = patch.row + row * dilation
    terms, total = [], 0.0
    for column, weight in enumerate(response.kernel[row].tolist()):
        pixel = _pixel(response.image, y, patch.column + column * dilation)
        shown = "[0]" if pixel is None else number(pixel)
        terms.append(f"{shown}·{_factor(weight)}")
        total += (pixel or 0.0) * weight
    return f"{' + '.join(terms)} = {number(total)}", total


def _total_text(response: Response, cell: Cell, total: float) -> str:
    steps, result = response.steps, float(response.values[cell])
    text = f"Sum of all products = {number(total)}"
    if steps.bias:
        text += f";  {number(total)} + bias {_factor(steps.bias)} = {number(total + steps.bias)}"
    if steps.relu:
        text += f";  ReLU: max(0, {number(total + steps.bias)}) = {number(result)}"
    return text


def _factor(weight: float) -> str:
    return f"({number(weight)})" if weight < 0 else number(weight)


def _pixel(image: FloatArray, row: int, column: int) -> float | None:
    if 0 <= row < image.shape[0] and 0 <= column < image.shape[1]:
        return float(image[row, column])
    return None


def _padding_before(response: Response) -> Pair:
    steps = response.steps
    if steps.padding == "valid":
        return 0, 0
    sizes = zip(response.image.shape, response.kernel.shape, strict=True)
    first, second = (same_padding(size, kernel, steps.stride, steps.dilation)[0] for size, kernel in sizes)
    return first, second


def _pair(step: int) -> Pair:
    return step, step
