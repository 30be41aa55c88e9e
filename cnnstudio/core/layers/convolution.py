"""Layers that slide learned kernels over a map."""

from math import prod
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from cnnstudio.core.arithmetic import Sum, Term, line, product
from cnnstudio.core.layers import windows
from cnnstudio.core.layers.base import (
    Family,
    Inputs,
    Layer,
    LayerError,
    WeightSpec,
    Window,
    only_input,
    require_rank,
)
from cnnstudio.core.layers.settings import ActivationName, PaddingName, Units, WindowPair
from cnnstudio.core.shape import Shape, shown, shown_size


class Conv2D(Layer):
    """Slides `filters` kernels over a map; each gives one feature map.

    Keras computes the cross-correlation: the kernel is not flipped.
    """

    family: ClassVar[Family] = "convolution"
    title: ClassVar[str] = "Conv2D"
    icon: ClassVar[str] = "grid-3x3"

    type: Literal["Conv2D"] = "Conv2D"
    filters: Annotated[
        Units, Field(title="Filters", description="How many kernels, and so how many feature maps.")
    ] = 32
    kernel_size: Annotated[
        WindowPair, Field(title="Kernel", description="Height and width of each kernel, in pixels.")
    ] = (3, 3)
    strides: Annotated[
        WindowPair, Field(title="Stride", description="How many pixels the kernel moves at a time.")
    ] = (1, 1)
    padding: Annotated[
        PaddingName,
        Field(title="Padding", description="'same' adds zeros around the map; 'valid' keeps inside it."),
    ] = "same"
    dilation_rate: Annotated[
        WindowPair, Field(title="Dilation", description="The distance between the kernel's taps; 1 is none.")
    ] = (1, 1)
    groups: Annotated[
        Units,
        Field(title="Groups", description="Parts the channels are split into; each filter sees one part."),
    ] = 1
    activation: Annotated[
        ActivationName, Field(title="Activation", description="The function applied to every result.")
    ] = "relu"
    use_bias: Annotated[
        bool, Field(title="Use bias", description="Adds one learned number to each feature map.")
    ] = True

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = only_input(inputs)
        require_rank(shape, len(self.kernel_size) + 1, self.title)
        self._check_steps()
        self._check_channels(shape[-1])
        sizes = windows.spatial_sizes(
            shape, self.kernel_size, self.strides, self.padding, self.dilation_rate, "kernel"
        )
        return (*sizes, self.filters)

    def _check_steps(self) -> None:
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise LayerError(
                "S08",
                f"Stride {shown(self.strides)} and dilation {shown(self.dilation_rate)} cannot both be "
                "above 1. Set one of them to 1.",
                "Keras does not compute a dilated convolution with steps.",
            )

    def _check_channels(self, channels: int | None) -> None:
        if channels is None:
            raise LayerError(
                "S01", "The number of channels must be known before a convolution. Set it in the Input."
            )
        for count, what in ((self.filters, "filters"), (channels, "input channels")):
            if count % self.groups:
                raise LayerError(
                    "S08",
                    f"{count} {what} cannot be split into {self.groups} equal groups. "
                    f"Choose groups that divide {count}.",
                    "Each group takes the same number of channels and gives the same number of maps.",
                )

    def weights(self, inputs: Inputs) -> tuple[WeightSpec, ...]:
        kernel = WeightSpec("kernel", (*self.kernel_size, self._depth(inputs), self.filters))
        return (kernel, WeightSpec("bias", (self.filters,))) if self.use_bias else (kernel,)

    def _depth(self, inputs: Inputs) -> int:
        return (inputs[0][-1] or 0) // self.groups

    def macs(self, inputs: Inputs, output: Shape) -> int:
        positions = prod(size or 1 for size in output[:-1])
        return positions * prod(self.kernel_size) * self._depth(inputs) * self.filters

    def window(self, inputs: Inputs) -> Window:
        return windows.window_of(inputs[0], self.kernel_size, self.strides, self.padding, self.dilation_rate)

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        sizes = windows.size_sums(
            inputs[0], self.kernel_size, self.strides, self.padding, self.dilation_rate, "kernel_size"
        )
        channels = line("channels", Term(str(self.filters), "filters"), " filters = ", str(self.filters))
        return (*sizes, channels, self._parameter_sum(inputs))

    def _parameter_sum(self, inputs: Inputs) -> Sum:
        factors = [Term(str(size), "kernel_size") for size in self.kernel_size]
        factors += [self._depth_term(inputs), Term(str(self.filters), "filters")]
        total = sum(weight.count for weight in self.weights(inputs))
        biases = (" + ", Term(str(self.filters), "use_bias"), " biases") if self.use_bias else ()
        return line("parameters", *product(*factors), " weights", *biases, f" = {total:,}")

    def _depth_term(self, inputs: Inputs) -> Term:
        if self.groups == 1:
            return Term(shown_size(inputs[0][-1]))
        return Term(f"({inputs[0][-1]}/{self.groups})", "groups")

    def details(self) -> str:
        parts = [shown(self.kernel_size).replace(" ", ""), self.padding]
        if max(self.strides) > 1:
            parts.append(f"stride {shown(self.strides).replace(' ', '')}")
        if max(self.dilation_rate) > 1:
            parts.append(f"dilation {shown(self.dilation_rate).replace(' ', '')}")
        if self.activation != "linear":
            parts.append(self.activation)
        return " · ".join(parts)
