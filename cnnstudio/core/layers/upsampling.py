"""Layers that make maps and sequences larger without learning anything."""

from typing import Annotated, Literal

from pydantic import Field

from cnnstudio.core.layers.arithmetic import Sum, Term, line
from cnnstudio.core.layers.base import (
    Layer,
    Window,
)
from cnnstudio.core.layers.requirements import (
    Inputs,
    only_input,
    require_rank,
)
from cnnstudio.core.layers.settings import Interpolation, WindowPair, WindowSize, WindowTriple
from cnnstudio.core.layers.windows import AXES, resampled
from cnnstudio.core.values.shape import Shape, shown_size

_NO_PARAMETERS = line("parameters", "0")
TAPS = {"nearest": 1, "bilinear": 2, "bicubic": 4, "lanczos3": 6, "lanczos5": 10}
"""How many neighbours along an axis an interpolated value is made of."""


class _UpSampling(Layer):
    """Repeats or interpolates values."""

    family = "reshaping"

    def _factors(self) -> tuple[int, ...]:
        raise NotImplementedError

    def _taps(self) -> int:
        return 1

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = only_input(inputs)
        factors = self._factors()
        require_rank(shape, len(factors) + 1, self.title)
        sizes = zip(shape, factors, strict=False)
        return (*(None if size is None else size * factor for size, factor in sizes), shape[-1])

    def window(self, inputs: Inputs) -> Window:
        return resampled(tuple(1 / factor for factor in self._factors()), self._taps())

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        factors = self._factors()
        rows = zip(AXES[len(factors)], inputs[0], factors, self.output_shape(inputs), strict=False)
        sums = [
            line(label, f"{shown_size(size)}*", Term(str(factor), "size"), f" = {shown_size(result)}")
            for label, size, factor, result in rows
        ]
        return (*sums, _NO_PARAMETERS)

    def details(self) -> str:
        return " x ".join(str(factor) for factor in dict.fromkeys(self._factors()))


class UpSampling2D(_UpSampling):
    """Makes each map larger by repeating or interpolating its values."""

    title = "Up Sampling"
    icon = "maximize"
    takes_data_format = True
    type: Literal["UpSampling2D"] = "UpSampling2D"
    size: Annotated[
        WindowPair, Field(title="Factor", description="How many times as high and as wide the map becomes.")
    ] = (2, 2)
    interpolation: Annotated[
        Interpolation, Field(title="Interpolation", description="How the new values are made.")
    ] = "nearest"

    def _factors(self) -> tuple[int, ...]:
        return self.size

    def _taps(self) -> int:
        return TAPS[self.interpolation]


class UpSampling1D(_UpSampling):
    """Makes a sequence longer by repeating each step."""

    title = "Up Sampling 1D"
    icon = "unfold-horizontal"
    type: Literal["UpSampling1D"] = "UpSampling1D"
    size: Annotated[
        WindowSize, Field(title="Factor", description="How many times as long the sequence becomes.")
    ] = 2

    def _factors(self) -> tuple[int, ...]:
        return (self.size,)


class UpSampling3D(_UpSampling):
    """Makes each volume larger by repeating its values."""

    title = "Up Sampling 3D"
    icon = "maximize"
    section = "volume"
    takes_data_format = True
    type: Literal["UpSampling3D"] = "UpSampling3D"
    size: Annotated[
        WindowTriple,
        Field(title="Factor", description="How many times as deep, high and wide the volume becomes."),
    ] = (2, 2, 2)

    def _factors(self) -> tuple[int, ...]:
        return self.size
