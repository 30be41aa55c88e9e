"""How much of the input one value of a map can see.

r_out = r_in + (K_eff - 1) * j_in, j_out = j_in * S, start_out = start_in + ((K_eff - 1) / 2 - P) * j_in
(Araujo, Norris and Sim 2019, "Computing Receptive Fields of Convolutional Neural Networks").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from cnnstudio.core.layers.base import Window
from cnnstudio.core.layers.windows import effective_kernel


@dataclass(frozen=True, slots=True)
class AxisField:
    """Along one axis, in input pixels: how wide a value sees, the step between values, the first centre."""

    size: int = 1
    jump: float = 1.0
    start: float = 0.0

    def through(self, kernel: int, stride: float, dilation: int, before: int) -> "AxisField":
        """The field after a window with this kernel has slid over the map."""
        reach = effective_kernel(kernel, dilation)
        return AxisField(
            size=self.size + round((reach - 1) * self.jump),
            jump=self.jump * stride,
            start=self.start + ((reach - 1) / 2 - before) * self.jump,
        )


ReceptiveField: TypeAlias = tuple[AxisField, ...]
"""One `AxisField` per spatial axis."""


def seen_through(field: ReceptiveField, window: Window) -> ReceptiveField:
    """The field of a layer's output, from that of its input."""
    steps = zip(field, window.kernel, window.strides, window.dilation, window.before, strict=True)
    return tuple(axis.through(k, s, d, p) for axis, k, s, d, p in steps)


def widest(fields: Sequence[ReceptiveField]) -> ReceptiveField:
    """The field of merged branches: the widest view along each axis."""
    return tuple(max(axes, key=lambda axis: axis.size) for axes in zip(*fields, strict=True))
