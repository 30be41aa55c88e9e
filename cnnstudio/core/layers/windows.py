"""Output sizes of sliding windows, by Keras's rules, one axis at a time.

O = floor((I - K_eff + P) / S) + 1 with K_eff = D * (K - 1) + 1 and P the padding of both ends together
(Dumoulin and Visin 2016, "A guide to convolution arithmetic for deep learning").
"""

from cnnstudio.core.kernels.padding import effective_kernel, same_padding
from cnnstudio.core.layers.arithmetic import Sum, Term, line
from cnnstudio.core.layers.base import Window
from cnnstudio.core.layers.requirements import (
    LayerError,
    Remedy,
)
from cnnstudio.core.values.shape import Shape, shown, shown_size

LETTERS = "size"
"""The label of a sum in letters, which holds for every spatial axis."""
AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}


def padding_of(size: int, kernel: int, stride: int, padding: str, dilation: int = 1) -> tuple[int, int]:
    """Zeros before and after an axis; 'causal' puts all of them in front."""
    if padding == "valid":
        return 0, 0
    if padding == "causal":
        return effective_kernel(kernel, dilation) - 1, 0
    return same_padding(size, kernel, stride, dilation)


def output_size(size: int | None, kernel: int, stride: int, padding: str, dilation: int = 1) -> int | None:
    """The size after a window has slid along an axis; 0 or less when it does not fit."""
    if size is None:
        return None
    if padding != "valid":
        return -(-size // stride)
    return (size - effective_kernel(kernel, dilation)) // stride + 1


def spatial_sizes(
    shape: Shape,
    kernel: tuple[int, ...],
    strides: tuple[int, ...],
    padding: str,
    dilation: tuple[int, ...],
    noun: str,
) -> tuple[int | None, ...]:
    """The sizes of all spatial axes; raises `LayerError` when the window does not fit."""
    sizes = tuple(
        [
            output_size(shape[axis], size, strides[axis], padding, dilation[axis])
            for axis, size in enumerate(kernel)
        ]
    )
    for size in sizes:
        if size is not None and size <= 0:
            # Around a single value 'same' would lay nothing but zeros.
            is_point = all(known == 1 for known in shape[:-1])
            raise (_nothing_to_slide_over if is_point else _does_not_fit)(shape, kernel, dilation, noun)
    return sizes


def _nothing_to_slide_over(
    shape: Shape, kernel: tuple[int, ...], dilation: tuple[int, ...], noun: str
) -> LayerError:
    del dilation
    ones = (1,) * len(kernel)
    remedy = Remedy(f"Use a {shown(ones)} kernel", {"kernel_size": ones}) if noun == "kernel" else None
    advice = f"Use a {shown(ones)} kernel" if remedy else "Remove this layer"
    return LayerError(
        "S01",
        f"A {shown(kernel)} {noun} does not fit a {shown(shape[:-1])} input. {advice}, or pool less above.",
        "A single value for each channel is left, with no neighbors.",
        remedy,
    )


def _does_not_fit(shape: Shape, kernel: tuple[int, ...], dilation: tuple[int, ...], noun: str) -> LayerError:
    reach = tuple(effective_kernel(k, d) for k, d in zip(kernel, dilation, strict=True))
    spread = f" (spread over {shown(reach)} by its dilation)" if reach != kernel else ""
    room = min(size for size in shape[:-1] if size is not None)
    return LayerError(
        "S01",
        f"A {shown(kernel)} {noun}{spread} does not fit a {shown(shape[:-1])} input. "
        f"Use padding 'same', or a {noun} of at most {room}.",
        "The result would have no rows or columns left.",
        Remedy("Use padding 'same'", {"padding": "same"}),
    )


def window_of(
    shape: Shape,
    kernel: tuple[int, ...],
    strides: tuple[int, ...],
    padding: str,
    dilation: tuple[int, ...],
) -> Window:
    """The window with the padding it puts in front; an open size counts as evenly divided."""
    if padding == "valid":
        return Window(kernel, strides, dilation, (0,) * len(kernel))
    before = [
        padding_of(stride if size is None else size, k, stride, padding, d)[0]
        for size, k, stride, d in zip(shape[:-1], kernel, strides, dilation, strict=True)
    ]
    return Window(kernel, strides, dilation, tuple(before))


def resampled(ratios: tuple[float, ...], taps: int = 1) -> Window:
    """The window of a map made of `taps` neighbours, one value every `ratio` input values.

    The centres of the pixels of both maps are laid over each other: the first lies at (ratio - 1) / 2.
    """
    ones = (1,) * len(ratios)
    before = tuple((taps - ratio) / 2 for ratio in ratios)
    return Window((taps,) * len(ratios), ratios, ones, before)


def size_sums(
    shape: Shape,
    kernel: tuple[int, ...],
    strides: tuple[int, ...],
    padding: str,
    dilation: tuple[int, ...],
    kernel_setting: str,
) -> list[Sum]:
    """The arithmetic of each spatial axis, numbers in place."""
    rows = zip(AXES[len(kernel)], shape[:-1], kernel, strides, dilation, strict=True)
    return [_size_sum(label, size, k, s, padding, d, kernel_setting) for label, size, k, s, d in rows]


def size_letters(
    shape: Shape,
    kernel: tuple[int, ...],
    strides: tuple[int, ...],
    padding: str,
    dilation: tuple[int, ...],
    kernel_setting: str,
) -> Sum:
    """The sum of an axis in letters, in the order of `size_sums`: `O = floor((I - K + 2P) / S) + 1`.

    O output, I input, K kernel, P padding at each end, S stride; D dilation where there is one. Where the two
    ends of an axis get different numbers of zeros they have a letter each.
    """
    rows = zip(shape[:-1], kernel, strides, dilation, strict=True)
    ends = [padding_of(size, k, s, padding, d) for size, k, s, d in rows if size is not None]
    is_even = all(before == after for before, after in ends)
    pad, reach = Term("2P" if is_even else "(P1 + P2)", "padding"), reach_letters(dilation, kernel_setting)
    return line(LETTERS, "O = floor((I - ", *reach, " + ", pad, ") / ", Term("S", "strides"), ") + 1")


def reach_letters(dilation: tuple[int, ...], kernel_setting: str) -> tuple[Term | str, ...]:
    """The kernel's size, or how far it reaches when it is dilated, in letters."""
    kernel = Term("K", kernel_setting)
    return ("(", Term("D", "dilation_rate"), "(", kernel, " - 1) + 1)") if max(dilation) > 1 else (kernel,)


def _size_sum(
    label: str, size: int | None, kernel: int, stride: int, padding: str, dilation: int, kernel_setting: str
) -> Sum:
    if size is None:
        return line(label, "known when an image arrives")
    pad = _padding_term(size, kernel, stride, padding, dilation)
    reach = reach_terms(kernel, dilation, kernel_setting)
    result = shown_size(output_size(size, kernel, stride, padding, dilation))
    return line(
        label,
        f"floor(({size} - ",
        *reach,
        " + ",
        pad,
        ") / ",
        Term(str(stride), "strides"),
        f") + 1 = {result}",
    )


def _padding_term(size: int, kernel: int, stride: int, padding: str, dilation: int) -> Term:
    before, after = padding_of(size, kernel, stride, padding, dilation)
    text = f"2*{before}" if before == after else f"({before} + {after})"
    return Term(text, "padding")


def reach_terms(kernel: int, dilation: int, kernel_setting: str) -> tuple[Term | str, ...]:
    """The kernel's size, or how far it reaches when it is dilated."""
    if dilation == 1:
        return (Term(str(kernel), kernel_setting),)
    return (
        "(",
        Term(str(dilation), "dilation_rate"),
        "*(",
        Term(str(kernel), kernel_setting),
        f" - 1) + 1 = {effective_kernel(kernel, dilation)})",
    )
