"""What pictures may cost in time and memory."""

import time
from math import prod

from msgspec import Struct

from cnnstudio.core.analysis.rows import Row


class Limits(Struct, frozen=True):
    """What pictures may cost; a layer beyond it, and those that take it, have none.

    At these VGG16 on 224 x 224 has a picture of every layer down to its first Dense one.
    """

    macs: int = 20_000_000_000
    """Multiply-accumulates of all layers together."""
    weights: int = 8_000_000
    """Numbers of one layer's weights."""
    kept: int = 32_000_000
    """Numbers of all outputs together; they stay in memory from one call to the next."""
    built: int = 4_000_000
    """Numbers of the weights that stay in memory; those of other layers are made anew when needed."""
    seconds: float = 30.0
    """Time of one call; the next one goes on from there."""


class Budget:
    """What is left of the limits during one call."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._macs, self._kept, self._built = limits.macs, limits.kept, limits.built
        self._end = time.monotonic() + limits.seconds

    @property
    def has_time(self) -> bool:
        """Whether the time of this call is not used up."""
        return time.monotonic() < self._end

    def spend_on(self, row: Row) -> bool:
        """Take the cost of a layer, or refuse; the order of the network decides who comes first."""
        numbers = prod(size or 1 for size in row.output_shape or ())
        if row.parameters > self._limits.weights or row.macs > self._macs or numbers > self._kept:
            return False
        self._macs -= row.macs
        self._kept -= numbers
        self._built -= row.parameters
        return True

    def keeps(self, row: Row) -> bool:
        """Whether a layer that was paid for may stay in memory, with all above it."""
        return self._built >= 0 or not row.parameters
