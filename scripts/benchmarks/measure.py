"""Timing in turn, and figures as lines."""

from collections.abc import Callable
from statistics import median
from time import perf_counter


def seconds(function: Callable[[], object]) -> float:
    """How long one call takes."""
    start = perf_counter()
    function()
    return perf_counter() - start


def in_turn(
    one: Callable[[], object], other: Callable[[], object], rounds: int
) -> tuple[list[float], list[float]]:
    """The seconds of both, A B A B ..., after a warm-up of each: a drifting machine harms both alike."""
    one()
    other()
    pairs = [(seconds(one), seconds(other)) for _ in range(rounds)]
    return [a for a, _ in pairs], [b for _, b in pairs]


def line(label: str, value: str) -> None:
    """Print one figure."""
    print(f"  {label:<62} {value}")


def ms(values: list[float]) -> str:
    """The median in milliseconds."""
    return f"{median(values) * 1000:.2f} ms"


def percentile(values: list[float], share: float) -> float:
    """The value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]
