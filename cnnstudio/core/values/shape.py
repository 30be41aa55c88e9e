"""Shapes: sizes of one sample, channels last, without the batch axis."""

from math import prod
from typing import TypeAlias

Shape: TypeAlias = tuple[int | None, ...]
"""`(height, width, channels)`, `(length, channels)` or `(features,)`; `None` is known only at run time."""

_LABELS = {
    1: ("features",),
    2: ("length", "channels"),
    3: ("height", "width", "channels"),
    4: ("depth", "height", "width", "channels"),
}


def shown_size(size: int | None) -> str:
    """One size for a person; `?` where it is known only at run time."""
    return "?" if size is None else str(size)


def shown(shape: Shape) -> str:
    """A shape for a person: `26 x 26 x 32`."""
    return " x ".join(shown_size(size) for size in shape) or "one number"


def compact(sizes: Shape) -> str:
    """Sizes where there is little room: `3x2`, and `2` where all are alike."""
    return shown(sizes[:1] if len(set(sizes)) == 1 else sizes).replace(" ", "")


def labels(shape: Shape) -> tuple[str, ...]:
    """What each axis of the shape means: `("height", "width", "channels")`."""
    return _LABELS.get(len(shape), tuple(f"axis {axis + 1}" for axis in range(len(shape))))


def labelled(shape: Shape) -> str:
    """A shape with its meaning: `height 26, width 26, channels 32`."""
    return ", ".join(f"{label} {shown_size(size)}" for label, size in zip(labels(shape), shape, strict=True))


def size_of(shape: Shape) -> int | None:
    """How many numbers a sample of this shape holds; `None` when a size is open."""
    known = [size for size in shape if size is not None]
    return prod(known) if len(known) == len(shape) else None


def fits(shape: Shape, wanted: Shape) -> bool:
    """Whether both are the same, an open size on either side fitting any."""
    return len(shape) == len(wanted) and all(
        one is None or other is None or one == other for one, other in zip(shape, wanted, strict=True)
    )
