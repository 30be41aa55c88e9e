"""Convolutions that make maps larger: each value of the input lays its kernel onto the result.

O = (I - 1) * S + max(K_eff, S) for 'valid' and I * S for 'same'; with an output padding A,
(I - 1) * S + K_eff + A and (I - 1) * S + K_eff mod 2 + A. Multiply-accumulates: one for each weight
at each position of the input (Dumoulin and Visin 2016, section 4).
"""

from math import prod
from typing import Annotated, Literal

from pydantic import Field

from cnnstudio.core.kernels.padding import effective_kernel, same_padding
from cnnstudio.core.layers.arithmetic import Sum, Term, line, things
from cnnstudio.core.layers.base import (
    Layer,
    WeightSpec,
    Window,
)
from cnnstudio.core.layers.requirements import (
    Inputs,
    LayerError,
)
from cnnstudio.core.layers.settings import ExtraPair, ExtraSingle, ExtraTriple
from cnnstudio.core.layers.sliding import Pairs, PlainSingles, Sliding, Triples
from cnnstudio.core.layers.weighted import Activated, Biased, Filtered, Kernel, parameter_sum
from cnnstudio.core.layers.windows import AXES, LETTERS, reach_letters, reach_terms
from cnnstudio.core.values.shape import Shape, shown, shown_size


class _Extra(Layer):
    output_padding: tuple[int, ...] | None = None


class _ConvTranspose(Biased, Kernel, Activated, _Extra, Sliding, Filtered):
    """Lays kernels onto a larger map, one for each value of the input."""

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = self._map(inputs)
        self._refuse_dilated_steps()
        self._check_output_padding()
        sizes = tuple([self._size(shape[axis], axis) for axis in range(len(self.kernel_size))])
        if 0 in sizes:
            raise LayerError(
                "S01",
                f"Nothing is left of a {shown(shape[:-1])} input with output padding "
                f"{shown(self.output_padding or ())}. Leave the output padding empty.",
                "With padding 'same' an even kernel adds nothing to the last value.",
            )
        return (*sizes, self.filters)

    def _check_output_padding(self) -> None:
        extra = self.output_padding
        if extra and any(more >= step for more, step in zip(extra, self.strides, strict=True)):
            raise LayerError(
                "S08",
                f"Output padding {shown(extra)} must be below the stride {shown(self.strides)}. "
                "Make it smaller, or leave it empty.",
                "It chooses between the sizes that one stride leaves open.",
            )

    def _size(self, size: int | None, axis: int) -> int | None:
        if size is None:
            return None
        stride = self.strides[axis]
        if self.padding == "same" and not self.output_padding:
            return size * stride
        return (size - 1) * stride + self._end(axis)

    def _end(self, axis: int) -> int:
        """What the last value of the input adds."""
        reach = effective_kernel(self.kernel_size[axis], self.dilation_rate[axis])
        if self.output_padding is None:
            return max(reach, self.strides[axis])
        return (reach % 2 if self.padding == "same" else reach) + self.output_padding[axis]

    def weights(self, inputs: Inputs) -> tuple[WeightSpec, ...]:
        kernel = WeightSpec("kernel", (*self.kernel_size, self.filters, inputs[0][-1] or 0))
        return (kernel, WeightSpec("bias", (self.filters,))) if self.use_bias else (kernel,)

    def macs(self, inputs: Inputs, output: Shape) -> int:
        return prod([size or 1 for size in inputs[0]]) * prod(self.kernel_size) * self.filters

    def window(self, inputs: Inputs) -> Window:
        """Seen from the result: which values of the input a value of it is made of."""
        reaches = [effective_kernel(k, d) for k, d in zip(self.kernel_size, self.dilation_rate, strict=True)]
        met = tuple((r - 1) // s + 1 for r, s in zip(reaches, self.strides, strict=True))
        before = tuple(self._before(axis, reach, met[axis]) for axis, reach in enumerate(reaches))
        return Window(met, tuple(1 / stride for stride in self.strides), (1,) * len(met), before)

    def _before(self, axis: int, reach: int, met: int) -> float:
        """The first value of the result has its centre at (cut - (reach - 1) / 2) / stride."""
        stride = self.strides[axis]
        cut = 0 if self.padding == "valid" else same_padding(stride, reach, stride)[0]
        return (met - 1) / 2 - (cut - (reach - 1) / 2) / stride

    def caution(self, inputs: Inputs) -> str | None:
        if self._loses_the_last(inputs):
            return (
                f"With padding 'same', an even kernel and output padding {shown(self.output_padding or ())} "
                "TensorFlow refuses to run this layer. Leave the output padding empty."
            )
        return None

    def _loses_the_last(self, inputs: Inputs) -> bool:
        """Whether the result is so small that its convolution would not give the input back."""
        sizes = [(size, axis) for axis, size in enumerate(inputs[0][:-1]) if size is not None]
        if self.padding == "valid" or self.output_padding is None:
            return False
        return any(-(-(self._size(size, axis) or 0) // self.strides[axis]) != size for size, axis in sizes)

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        filters = Term(str(self.filters), "filters")
        weights = (*self._kernel_terms(), Term(str(inputs[0][-1])), filters)
        biases = Term(str(self.filters), "use_bias") if self.use_bias else None
        return (
            *(self._size_sum(inputs[0][axis], axis) for axis in range(len(self.kernel_size))),
            line("channels", filters, things(filters, "filter", "filters"), f" = {self.filters}"),
            parameter_sum(self, inputs, weights, biases=biases),
        )

    def letters(self, inputs: Inputs) -> tuple[Sum, ...]:
        """O output, I input, K kernel, S stride, D dilation, A output padding."""
        del inputs
        stride, reach = Term("S", "strides"), reach_letters(self.dilation_rate, "kernel_size")
        if self.padding == "same" and not self.output_padding:
            return (line(LETTERS, "O = I*", stride),)
        if self.output_padding is None:
            return (line(LETTERS, "O = (I - 1)*", stride, " + max(", *reach, ", ", stride, ")"),)
        odd = (Term(" mod 2", "padding"),) if self.padding == "same" else ()
        return (
            line(LETTERS, "O = (I - 1)*", stride, " + ", *reach, *odd, " + ", Term("A", "output_padding")),
        )

    def _size_sum(self, size: int | None, axis: int) -> Sum:
        label = AXES[len(self.kernel_size)][axis]
        if size is None:
            return line(label, "known when an image arrives")
        stride = Term(str(self.strides[axis]), "strides")
        result = f" = {shown_size(self._size(size, axis))}"
        if self.padding == "same" and not self.output_padding:
            return line(label, f"{size}*", stride, Term(result, "padding"))
        return line(label, f"({size} - 1)*", stride, " + ", *self._end_terms(axis), result)

    def _end_terms(self, axis: int) -> tuple[Term | str, ...]:
        reach = reach_terms(self.kernel_size[axis], self.dilation_rate[axis], "kernel_size")
        if self.output_padding is None:
            return ("max(", *reach, ", ", Term(str(self.strides[axis]), "strides"), ")")
        odd: tuple[Term | str, ...] = (Term(" mod 2", "padding"),) if self.padding == "same" else ()
        return (*reach, *odd, " + ", Term(str(self.output_padding[axis]), "output_padding"))

    def details(self) -> str:
        return self._details(self.activation)


class Conv2DTranspose(Pairs, _ConvTranspose):
    """Makes a map larger: each value of the input lays its kernel onto the result."""

    title = "Transposed Conv2D"
    icon = "image-upscale"
    type: Literal["Conv2DTranspose"] = "Conv2DTranspose"
    output_padding: Annotated[
        ExtraPair,
        Field(
            title="Output padding",
            description="Pixels added at the end of each axis; below the stride. Empty fits the size to it.",
            json_schema_extra={"without": "fits the stride"},
        ),
    ] = None


class Conv1DTranspose(PlainSingles, _ConvTranspose):
    """Makes a sequence longer: each value of the input lays its kernel onto the result."""

    title = "Transposed Conv1D"
    icon = "unfold-horizontal"
    type: Literal["Conv1DTranspose"] = "Conv1DTranspose"
    output_padding: Annotated[
        ExtraSingle,
        Field(
            title="Output padding",
            description="Steps added at the end; below the stride. Empty fits the length to it.",
            json_schema_extra={"without": "fits the stride"},
        ),
    ] = None


class Conv3DTranspose(Triples, _ConvTranspose):
    """Makes a volume larger: each value of the input lays its kernel onto the result."""

    title = "Transposed Conv3D"
    icon = "image-upscale"
    section = "volume"
    type: Literal["Conv3DTranspose"] = "Conv3DTranspose"
    output_padding: Annotated[
        ExtraTriple,
        Field(
            title="Output padding",
            description="Voxels added at the end of each axis; below the stride. Empty fits the size to it.",
            json_schema_extra={"without": "fits the stride"},
        ),
    ] = None
