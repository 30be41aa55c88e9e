"""Which layers are selected after a click or an arrow key: pure rules."""

from collections.abc import Sequence
from typing import Literal

How = Literal["only", "toggle", "range"]


def picked(
    order: Sequence[str], selection: Sequence[str], anchor: str | None, name: str, how: How
) -> tuple[str, ...]:
    """The selection after `name` was picked, in stack order; a range reaches from the anchor."""
    if how == "toggle":
        chosen = set(selection) ^ {name}
    elif how == "range" and anchor in order:
        start, end = sorted((order.index(anchor), order.index(name)))
        chosen = set(order[start : end + 1])
    else:
        chosen = {name}
    return tuple(other for other in order if other in chosen)
