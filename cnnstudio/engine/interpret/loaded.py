"""What the parts of the Inspect page hand to each other."""

from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.interpret import gallery
from cnnstudio.engine.interpret.gallery import FloatArray, Histogram, Matrix, Statistics
from cnnstudio.engine.interpret.response import Steps
from cnnstudio.engine.interpret.stated import Stated, stated_of
from cnnstudio.engine.weights import KernelEntry, WeightsFile

MAX_NUMBERS = 2**27
"""Numbers of one array that are held at once: 512 MB, more than the largest of the usual networks have."""


_OF_PICTURES = (1, 3)
"""Channels of a picture."""


class LoadedWeight(Struct, frozen=True, eq=False):
    """One array of a file, read, with what is known of it.

    `kernel` is None unless it is a convolution kernel; then `filters` is (filters, kh, kw, channels),
    `limit` the largest magnitude of all of them, and `bias` the bias beside it, None where there is none.
    `matrix` is there for weights of two axes. `stated` is how the layer moves its kernel, where the file says
    it, and `is_deeper` whether the layer looks at maps of other layers.
    """

    layer: str
    name: str
    values: NDArray[Any]
    statistics: Statistics
    histogram: Histogram
    remarks: tuple[str, ...] = ()
    kernel: KernelEntry | None = None
    filters: FloatArray | None = None
    limit: float = 0.0
    matrix: Matrix | None = None
    bias: FloatArray | None = None
    stated: Stated | None = None
    is_deeper: bool = False


class KernelChoice(Struct, frozen=True, eq=False):
    """A kernel (kh, kw) to lay on a picture, where it comes from, and the bias that goes with it.

    `channel` is the input channel it was cut from, of `channels`; None for the mean over all of them,
    or for a kernel that is in no file. `layer` is empty for those too; `steps` are the layer's own where the
    file states them and a picture can be walked that way.
    """

    title: str
    values: FloatArray
    bias: float | None = None
    channel: int | None = None
    channels: int = 1
    note: str = ""
    layer: str = ""
    steps: Steps | None = None
    unit: int | None = None
    """The filter, from 0; None for a kernel that is in no file."""


def read_weight(file: WeightsFile, layer: str, name: str) -> LoadedWeight:
    """Read one array and all that is said about it; may take long, for a worker thread.

    StudioError when the array cannot be read, or is too large to be shown.
    """
    kernel = next((found for found in file.kernels if (found.layer, found.weight) == (layer, name)), None)
    # A kernel is held twice, as it is stored and cut into filters.
    _refuse_large(file, layer, name, MAX_NUMBERS if kernel is None else MAX_NUMBERS // 2)
    values = _numbers(file.read(layer, name))
    figures, counts = gallery.statistics(values), gallery.histogram(values)
    if kernel is None:
        matrix = gallery.shown_matrix(values) if values.ndim == 2 and values.size else None
        return LoadedWeight(layer, name, values, figures, counts, matrix=matrix)
    filters = np.ascontiguousarray(gallery.filters_of(values, kernel.kind), dtype=np.float32)
    return LoadedWeight(
        layer,
        name,
        values,
        figures,
        counts,
        remarks=gallery.remarks(filters),
        kernel=kernel,
        filters=filters,
        limit=float(gallery.magnitudes(filters).max(initial=0)),
        bias=_bias(file, kernel, len(filters)),
        stated=stated_of(file, kernel),
        is_deeper=kernel.layer != file.kernels[0].layer or filters.shape[3] not in _OF_PICTURES,
    )


def kernel_choice(weight: LoadedWeight, index: int, channel: int | None) -> KernelChoice:
    """Filter `index` of a loaded kernel, cut at an input channel, or for None averaged over all.

    The loaded weight must be a kernel.
    """
    assert weight.filters is not None
    assert weight.kernel is not None
    channels = weight.filters.shape[3]
    bias = None if weight.bias is None else float(weight.bias[index])
    return KernelChoice(
        title=_title(weight.layer, index, channel, channels),
        values=gallery.planes(weight.filters[index : index + 1], channel)[0],
        bias=bias,
        channel=channel,
        channels=channels,
        note=" ".join(filter(None, (_note(weight.kernel, channels), *_place_notes(weight, weight.kernel)))),
        layer=weight.layer,
        steps=_steps(weight, weight.kernel),
        unit=index,
    )


def channel_text(channel: int | None, channels: int) -> str:
    """Say which channels a kernel was cut from."""
    return f"mean of {channels} channels" if channel is None else f"channel {channel}"


def _title(layer: str, index: int, channel: int | None, channels: int) -> str:
    where = "" if channels == 1 else f", {channel_text(channel, channels)}"
    return f"Filter {index}{where} of {layer}"


def _steps(weight: LoadedWeight, kernel: KernelEntry) -> Steps | None:
    # A transposed layer's stride spreads the picture.
    return weight.stated.steps if weight.stated is not None and kernel.kind != "transpose" else None


def _place_notes(weight: LoadedWeight, kernel: KernelEntry) -> Iterator[str]:
    """What a person should know before taking the result for the layer's own map."""
    if weight.is_deeper:
        yield "In the network the layer looks at maps of other layers; here its kernel lies on the picture."
    if kernel.kind == "transpose":
        return
    if weight.stated is None:
        yield "The file does not state the layer's stride, padding and dilation."
    elif weight.stated.steps is None:
        (down, across), (rows, columns) = weight.stated.strides, weight.stated.dilation
        yield (
            f"The layer's own stride {down} × {across}, dilation {rows} × {columns} and padding "
            f"{weight.stated.padding} are not followed here."
        )


def _note(kernel: KernelEntry, channels: int) -> str:
    if kernel.kind == "transpose":
        return "The layer is transposed: it spreads each pixel by this kernel. Here it is laid on as usual."
    if len(kernel.shape) == 3:
        return "The layer works along one axis: here its kernel runs along the rows of the picture."
    if kernel.kind == "depthwise":
        return "A depthwise layer gives each of its channels a kernel of its own."
    if channels > 1:
        return f"The layer adds up {channels} such results, one per input channel, for each feature map."
    return ""


def _refuse_large(file: WeightsFile, layer: str, name: str, most: int) -> None:
    shape = next((entry.shape for entry in file.layer(layer).weights if entry.name == name), ())
    if prod(shape) > most:
        raise StudioError(
            f"{layer} / {name} has {prod(shape):,} numbers; up to {most:,} are shown. "
            "Choose another weight, or convolve a picture with one filter on the command line."
        )


def _numbers(values: NDArray[Any]) -> NDArray[Any]:
    """Halves and booleans as float32: NumPy's sums of them would overflow."""
    return values if values.dtype.kind in "iu" or values.dtype.itemsize >= 4 else values.astype(np.float32)


def _bias(file: WeightsFile, kernel: KernelEntry, filters: int) -> FloatArray | None:
    """The bias beside a kernel; the depthwise half of a separable layer has none."""
    if kernel.weight == "depthwise_kernel" and len(file.layer(kernel.layer).weights) > 2:
        return None
    entries = file.layer(kernel.layer).weights
    # Keras 1 calls it b.
    found = next((entry for entry in entries if entry.name in ("bias", "b")), None)
    if found is None or found.shape != (filters,):
        return None
    return file.read(kernel.layer, found.name).astype(np.float32)
