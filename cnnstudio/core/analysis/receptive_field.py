"""How much of the input one value of a map can see.

r_out = r_in + (K_eff - 1) * j_in, j_out = j_in * S, start_out = start_in + ((K_eff - 1) / 2 - P) * j_in
(Araujo, Norris and Sim 2019, "Computing Receptive Fields of Convolutional Neural Networks").
"""

from collections.abc import Sequence
from typing import TypeAlias

from msgspec import Struct

from cnnstudio.core.layers.base import Window

LARGEST_JUMP = 2.0**53
"""Beyond it a step is no exact number any more, and after enough strides it would be none at all."""


class AxisField(Struct, frozen=True, order=True):
    """Along one axis, in input pixels: how wide a value sees, the step between values, the first centre."""

    size: int = 1
    jump: float = 1.0
    start: float = 0.0

    def through(self, kernel: int, stride: float, dilation: int, before: float) -> "AxisField":
        """The field after a window with this kernel has slid over the map."""
        jump, reach = self.jump, dilation * (kernel - 1)
        return AxisField(
            self.size + round(reach * jump),
            min(jump * stride, LARGEST_JUMP),
            self.start + (reach / 2 - before) * jump,
        )


ReceptiveField: TypeAlias = tuple[AxisField, ...]
"""One `AxisField` per spatial axis."""


def seen_through(field: ReceptiveField, window: Window) -> ReceptiveField:
    """The field of a layer's output, from that of its input."""
    steps = zip(field, window.kernel, window.strides, window.dilation, window.before, strict=True)
    return tuple([axis.through(k, s, d, p) for axis, k, s, d, p in steps])


def widest(fields: Sequence[ReceptiveField]) -> ReceptiveField:
    """The field of merged branches: the widest view along each axis."""
    return tuple([max(axes) for axes in zip(*fields, strict=True)])
