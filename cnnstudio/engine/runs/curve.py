"""A line that grows while training goes, and a short version of it for drawing."""

import math

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Values = NDArray[np.float64]
_FIRST_ROOM = 256


class Curve:
    """Points of one line, in epochs along x, each x at or after the one before."""

    def __init__(self) -> None:
        self._points = np.empty((2, _FIRST_ROOM))
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def xs(self) -> Values:
        """Where the points are, in epochs."""
        return self._points[0, : self._count]

    @property
    def ys(self) -> Values:
        """The values; some may not be finite."""
        return self._points[1, : self._count]

    def add(self, x: float, y: float) -> None:
        """Put a point at the end."""
        if self._count == self._points.shape[1]:
            self._points = np.concatenate([self._points, np.empty_like(self._points)], axis=1)
        self._points[:, self._count] = x, y
        self._count += 1

    def ends(self, since: float = 0.0) -> tuple[float, float]:
        """The lowest and the highest finite value after `since`; infinity and its opposite without any."""
        values = self.ys[np.searchsorted(self.xs, since, side="right") :]
        values = values[np.isfinite(values)]
        return (float(values.min()), float(values.max())) if values.size else (math.inf, -math.inf)

    def at(self, x: float) -> float | None:
        """The value at exactly `x`; None where there is no point."""
        index = int(np.searchsorted(self.xs, x))
        return float(self.ys[index]) if index < self._count and self.xs[index] == x else None


class Lines(Struct, frozen=True, eq=False):
    """What one plot shows of a run of `epochs` epochs; `best` is the epoch that gets the star."""

    batches: Curve
    train: Curve
    validation: Curve
    epochs: int
    best: int | None
    is_over: bool

    @property
    def last(self) -> int:
        """The newest complete epoch; 0 before there is one."""
        return int(self.train.xs[-1]) if len(self.train) else 0

    def values_at(self, epoch: int) -> tuple[float, float] | None:
        """The values of training and of validation; None unless there are both."""
        train, validation = self.train.at(epoch), self.validation.at(epoch)
        return None if train is None or validation is None else (train, validation)


NO_LINES = Lines(Curve(), Curve(), Curve(), 1, None, False)


def thinned(curve: Curve, most: int) -> tuple[Values, Values]:
    """At most about `most` points of the curve: the lowest and the highest of each stretch, and the last."""
    xs, ys = curve.xs, curve.ys
    stretch = -(-2 * len(xs) // most)
    if len(xs) <= most or stretch < 2:
        return xs.copy(), ys.copy()
    count = len(xs) // stretch
    body = ys[: count * stretch].reshape(count, stretch)
    starts = np.arange(count) * stretch
    # argmin and argmax both point at a value that is not a number, so it is kept and seen.
    kept = np.concatenate([starts + body.argmin(axis=1), starts + body.argmax(axis=1), [len(xs) - 1]])
    kept = np.unique(kept)
    return xs[kept], ys[kept]
