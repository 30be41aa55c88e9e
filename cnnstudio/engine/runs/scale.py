"""Ranges, ticks and number formats of the plots."""

import math
from collections.abc import Callable, Sequence

from msgspec import Struct

from cnnstudio.core.tasks.metrics import metric
from cnnstudio.core.values.words import with_minus
from cnnstudio.engine.runs.curve import Curve

_TICKS = 8
_ROOM = 0.06
_SETTLED = 2
"""Epochs after which batches of the first one need not be in the plot."""


class Scale(Struct, frozen=True):
    """How the values of a plot are written, and the ends that the axis always shows."""

    text: Callable[[float], str]
    distance: Callable[[float], str]
    """How far a value is from the best epoch's, with its sign."""
    floor: float | None = None
    ceiling: float | None = None


def _loss_distance(difference: float) -> str:
    return _signed(f"{difference:+.4f}")


def _accuracy_distance(difference: float) -> str:
    return _signed(f"{100 * difference:+.1f}")


def _signed(number: str) -> str:
    """With a true minus sign, and none for nothing."""
    return with_minus(number) if number.strip("+-0.") else "±0"


LOSS = Scale("{:.4f}".format, _loss_distance, floor=0.0)
ACCURACY = Scale(lambda value: f"{value:.1%}", _accuracy_distance, ceiling=1.0)


def scale_of(name: str) -> Scale:
    """The scale of a metric: shares in per cent, all others as losses."""
    return ACCURACY if metric(name).is_share else LOSS


def epochs_shown(planned: int, passed: float, is_over: bool) -> int:
    """Up to which epoch the axis goes: all planned ones if they are few, else in steps that double."""
    if is_over:
        return max(math.ceil(passed), 1)
    shown = 25
    while shown < passed:
        shown *= 2
    return min(planned, shown)


def tick_step(epochs: int) -> int:
    """Whole epochs between two numbers of the axis: 1, 2, 5, 10, 20 ..."""
    rough = max(epochs / _TICKS, 1)
    power = 10 ** math.floor(math.log10(rough))
    return int(next(step * power for step in (1, 2, 5, 10) if step * power >= rough))


def y_range(batches: Curve, epochs: Sequence[Curve], scale: Scale) -> tuple[float, float]:
    """Lowest and highest value of the axis, with room around the lines; 0 to 1 before there are any.

    The first batches are far from all later values. Once two epochs are complete they may leave the plot,
    or the epochs could not be told from each other.
    """
    known = [batches.ends(1 if _is_settled(epochs) else 0), *(curve.ends() for curve in epochs)]
    low = min((low for low, _ in known if math.isfinite(low)), default=0.0)
    high = max((high for _, high in known if math.isfinite(high)), default=1.0)
    low = low if scale.floor is None else min(low, scale.floor)
    high = high if scale.ceiling is None else max(high, scale.ceiling)
    room = max(high - low, 1e-6) * _ROOM
    return low - room, high + room


def _is_settled(epochs: Sequence[Curve]) -> bool:
    return all(len(curve) >= _SETTLED for curve in epochs)
