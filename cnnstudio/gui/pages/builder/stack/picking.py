"""Which layers are selected after a click or an arrow key: pure rules."""

from collections.abc import Sequence
from typing import Literal

How = Literal["only", "toggle", "range"]


def picked(
    order: Sequence[str], selection: Sequence[str], anchor: str | None, names: Sequence[str], how: How
) -> tuple[str, ...]:
    """The selection after neighbours were picked, in stack order; a range reaches from the anchor."""
    if how == "toggle":
        before = set(selection)
        chosen = before.difference(names) if before.issuperset(names) else before.union(names)
    elif how == "range" and anchor in order:
        places = [order.index(anchor), order.index(names[0]), order.index(names[-1])]
        chosen = set(order[min(places) : max(places) + 1])
    else:
        chosen = set(names)
    return tuple(name for name in order if name in chosen)
