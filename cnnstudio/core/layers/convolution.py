"""Layers that slide learned kernels over a map, each kernel over all channels.

Multiply-accumulates: one for each weight at each position of the result
(Sze et al. 2017, "Efficient Processing of Deep Neural Networks", section II).
"""

from math import prod
from typing import Annotated, Literal

from pydantic import Field

from cnnstudio.core.layers.arithmetic import Sum, Term, line, things
from cnnstudio.core.layers.base import (
    Layer,
    WeightSpec,
)
from cnnstudio.core.layers.requirements import (
    Inputs,
    LayerError,
)
from cnnstudio.core.layers.settings import CausalPaddingName, Units
from cnnstudio.core.layers.sliding import Pairs, Singles, Sliding, Triples
from cnnstudio.core.layers.weighted import Activated, Biased, Filtered, Kernel, parameter_sum
from cnnstudio.core.values.shape import Shape, shown_size


class _Grouped(Layer):
    groups: Annotated[
        Units,
        Field(title="Groups", description="Parts the channels are split into; each filter sees one part."),
    ] = 1


class _Conv(Biased, Kernel, Activated, _Grouped, Sliding, Filtered):
    """Slides kernels over a map; each gives one feature map.

    Keras computes the cross-correlation: the kernel is not flipped.
    """

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = self._map(inputs)
        self._refuse_dilated_steps()
        if self.groups > 1:
            self._check_groups(shape[-1] or 0)
        return (*self._sizes(shape), self.filters)

    def _check_groups(self, channels: int) -> None:
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
        positions = prod([size or 1 for size in output[:-1]])
        return positions * prod(self.kernel_size) * self._depth(inputs) * self.filters

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        filters = Term(str(self.filters), "filters")
        weights = (*self._kernel_terms(), self._depth_term(inputs), filters)
        biases = Term(str(self.filters), "use_bias") if self.use_bias else None
        return (
            *self._size_sums(inputs),
            line("channels", filters, things(filters, "filter", "filters"), f" = {self.filters}"),
            parameter_sum(self, inputs, weights, biases=biases),
        )

    def _depth_term(self, inputs: Inputs) -> Term:
        if self.groups == 1:
            return Term(shown_size(inputs[0][-1]))
        return Term(f"({inputs[0][-1]}/{self.groups})", "groups")

    def details(self) -> str:
        return self._details(self.activation)


class Conv2D(Pairs, _Conv):
    """Slides kernels over a map; each gives one feature map.

    Keras computes the cross-correlation: the kernel is not flipped.
    """

    title = "Conv2D"
    icon = "grid-3x3"
    type: Literal["Conv2D"] = "Conv2D"


class Conv1D(Singles, _Conv):
    """Slides kernels along a sequence; each gives one row of responses."""

    title = "Conv1D"
    icon = "audio-waveform"
    type: Literal["Conv1D"] = "Conv1D"
    padding: Annotated[
        CausalPaddingName,
        Field(
            title="Padding",
            description="'same' adds zeros at both ends, 'causal' only in front, 'valid' none.",
        ),
    ] = "same"


class Conv3D(Triples, _Conv):
    """Slides kernels through a volume, such as a scan or the frames of a film."""

    title = "Conv3D"
    icon = "cube"
    section = "volume"
    type: Literal["Conv3D"] = "Conv3D"
