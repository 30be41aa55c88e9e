"""Timing in turn, and figures as lines."""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

from msgspec import Struct


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


class Figure(Struct, frozen=True):
    """One measured number. `goal` is a bound it should keep; `at_least` turns the bound around."""

    group: str
    name: str
    value: float
    unit: str = ""
    goal: float | None = None
    at_least: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None without one."""
        if self.goal is None:
            return None
        return self.value >= self.goal if self.at_least else self.value <= self.goal

    def record(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "group": self.group,
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "goal": self.goal,
            "met": self.met,
        }


class Board:
    """Takes figures as they are measured, and prints each as a line unless it is to be quiet."""

    def __init__(self, quiet: bool = False) -> None:
        self.group = ""
        self.figures: list[Figure] = []
        self._quiet = quiet

    def add(
        self, name: str, value: float, unit: str = "", goal: float | None = None, at_least: bool = False
    ) -> None:
        """One figure of the present group."""
        figure = Figure(self.group, name, value, unit, goal, at_least)
        self.figures.append(figure)
        if not self._quiet:
            print(f"  {name:<62} {_number(value)}{f' {unit}' if unit else ''}{_goal(figure)}", flush=True)

    def spread_ms(self, name: str, seconds: list[float], p99_goal: float | None = None) -> None:
        """Median, 99th percentile and most of some times."""
        self.add(f"{name}: median", median(seconds) * 1000, "ms")
        self.add(f"{name}: p99", percentile(seconds, 0.99) * 1000, "ms", p99_goal)
        self.add(f"{name}: max", max(seconds) * 1000, "ms")


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _goal(figure: Figure) -> str:
    if figure.goal is None:
        return ""
    bound = "at least" if figure.at_least else "at most"
    return f"  (goal: {bound} {figure.goal:g}{'' if figure.met else ', missed'})"


def median_ms(values: list[float]) -> float:
    """The median in milliseconds."""
    return median(values) * 1000


def percentile(values: list[float], share: float) -> float:
    """The value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]
