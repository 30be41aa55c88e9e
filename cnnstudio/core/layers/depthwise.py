"""Convolutions in which each channel has kernels of its own.

Multiply-accumulates as for plain convolutions; a separable one costs the sum of its two steps
(Howard et al. 2017, "MobileNets", section 3.1).
"""

from math import prod
from typing import Annotated, Literal

from pydantic import Field

from cnnstudio.core.layers.arithmetic import Sum, Term, line, things
from cnnstudio.core.layers.base import (
    Layer,
    WeightSpec,
)
from cnnstudio.core.layers.initializers import GlorotUniform
from cnnstudio.core.layers.requirements import Inputs
from cnnstudio.core.layers.settings import Units
from cnnstudio.core.layers.sliding import Pairs, PlainSingles, Sliding
from cnnstudio.core.layers.weighted import Activated, Biased, Filtered, Limit, Penalty, Start, parameter_sum
from cnnstudio.core.values.shape import Shape


class _PerChannel(Layer):
    depth_multiplier: Annotated[
        Units, Field(title="Kernels per channel", description="How many kernels each channel has.")
    ] = 1


class _DepthwiseKernel(Layer):
    depthwise_initializer: Start = GlorotUniform()
    depthwise_regularizer: Penalty = None
    depthwise_constraint: Limit = None


class _PointwiseKernel(Layer):
    pointwise_initializer: Start = GlorotUniform()
    pointwise_regularizer: Penalty = None
    pointwise_constraint: Limit = None


class _Depthwise(Biased, _DepthwiseKernel, Activated, _PerChannel, Sliding):
    """Slides kernels over each channel by itself; channels do not mix."""

    def _channels(self, inputs: Inputs) -> int:
        return (inputs[0][-1] or 0) * self.depth_multiplier

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = self._map(inputs)
        return (*self._sizes(shape), self._channels(inputs))

    def weights(self, inputs: Inputs) -> tuple[WeightSpec, ...]:
        kernel = WeightSpec("kernel", (*self.kernel_size, inputs[0][-1] or 0, self.depth_multiplier))
        return (kernel, WeightSpec("bias", (self._channels(inputs),))) if self.use_bias else (kernel,)

    def macs(self, inputs: Inputs, output: Shape) -> int:
        return prod([size or 1 for size in output]) * prod(self.kernel_size)

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        factors = (Term(str(inputs[0][-1])), Term(str(self.depth_multiplier), "depth_multiplier"))
        result = self._channels(inputs)
        biases = Term(str(result), "use_bias") if self.use_bias else None
        return (
            *self._size_sums(inputs),
            line("channels", factors[0], "*", factors[1], f" = {result}"),
            parameter_sum(self, inputs, (*self._kernel_terms(), *factors), biases=biases),
        )

    def details(self) -> str:
        return self._details(self.activation)


class DepthwiseConv2D(Pairs, _Depthwise):
    """Slides kernels over each channel of a map by itself; channels do not mix."""

    title = "Depthwise Conv2D"
    icon = "layers"
    type: Literal["DepthwiseConv2D"] = "DepthwiseConv2D"


class DepthwiseConv1D(PlainSingles, _Depthwise):
    """Slides kernels along each channel of a sequence by itself; channels do not mix."""

    title = "Depthwise Conv1D"
    icon = "layers"
    type: Literal["DepthwiseConv1D"] = "DepthwiseConv1D"


class _Separable(Biased, _PointwiseKernel, _DepthwiseKernel, Activated, _PerChannel, Sliding, Filtered):
    """A depthwise convolution, then a 1 x 1 convolution that mixes the channels."""

    def _between(self, inputs: Inputs) -> int:
        """Channels after the depthwise step."""
        return (inputs[0][-1] or 0) * self.depth_multiplier

    def output_shape(self, inputs: Inputs) -> Shape:
        return (*self._sizes(self._map(inputs)), self.filters)

    def weights(self, inputs: Inputs) -> tuple[WeightSpec, ...]:
        depthwise = (*self.kernel_size, inputs[0][-1] or 0, self.depth_multiplier)
        pointwise = (*(1 for _ in self.kernel_size), self._between(inputs), self.filters)
        kernels = (WeightSpec("depthwise_kernel", depthwise), WeightSpec("pointwise_kernel", pointwise))
        return (*kernels, WeightSpec("bias", (self.filters,))) if self.use_bias else kernels

    def macs(self, inputs: Inputs, output: Shape) -> int:
        positions = prod([size or 1 for size in output[:-1]])
        return positions * self._between(inputs) * (prod(self.kernel_size) + self.filters)

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        filters = Term(str(self.filters), "filters")
        multiplier = Term(str(self.depth_multiplier), "depth_multiplier")
        depthwise = (*self._kernel_terms(), Term(str(inputs[0][-1])), multiplier)
        pointwise = (Term(str(self._between(inputs)), "depth_multiplier"), filters)
        biases = Term(str(self.filters), "use_bias") if self.use_bias else None
        return (
            *self._size_sums(inputs),
            line("channels", filters, things(filters, "filter", "filters"), f" = {self.filters}"),
            parameter_sum(self, inputs, depthwise, pointwise, biases=biases),
        )

    def details(self) -> str:
        return self._details(self.activation)


class SeparableConv2D(Pairs, _Separable):
    """A convolution in two cheap steps: each channel by itself, then a 1 x 1 mix of all channels."""

    title = "Separable Conv2D"
    icon = "split"
    type: Literal["SeparableConv2D"] = "SeparableConv2D"


class SeparableConv1D(PlainSingles, _Separable):
    """A convolution along a sequence in two cheap steps: each channel by itself, then a mix of all."""

    title = "Separable Conv1D"
    icon = "split"
    type: Literal["SeparableConv1D"] = "SeparableConv1D"
