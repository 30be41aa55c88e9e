"""Where the boxes of the block picture stand: beside each other, wrapped into lines."""

from collections.abc import Sequence
from math import ceil

from msgspec import Struct

from cnnstudio.core.diagram.boxes import Box, Scale
from cnnstudio.core.diagram.svg import Point

SLANT = (0.42, -0.36)
"""Where a pixel of width goes on paper: to the right and up."""
COLUMN_WIDTH, COLUMN_SLANT = 9.0, 9.0
_LINE_WIDTH, _GAP, _LABEL_WIDTH = 1600.0, 26.0, 108.0
_SHOWN_AT_ENDS = 60
_UNKNOWN = 40.0


class Solid(Struct, frozen=True):
    """A box in pixels: the front face and how far the back is shifted; its slot is at least a label wide."""

    width: float
    height: float
    slant: Point

    @property
    def reach(self) -> float:
        """How wide it is on paper."""
        return self.width + self.slant[0]

    @property
    def slot(self) -> float:
        """How much room it takes in a line."""
        return max(self.reach + _GAP, _LABEL_WIDTH)


class Place(Struct, frozen=True):
    """A box on paper. `left` and `middle` are where the front face begins and its half height."""

    box: Box
    solid: Solid
    line: int
    slot_left: float

    @property
    def left(self) -> float:
        """The left edge of the front face."""
        return self.slot_left + (self.solid.slot - self.solid.reach) / 2

    @property
    def centre(self) -> float:
        """The middle of the slot, where the label stands."""
        return self.slot_left + self.solid.slot / 2


def solid_of(box: Box, scale: Scale) -> Solid:
    """The box in pixels; a layer without a shape gets a small one."""
    if not box.is_map:
        long = scale.column_px(box.shape[-1]) if box.shape else _UNKNOWN
        return Solid(COLUMN_WIDTH, long, (COLUMN_SLANT * SLANT[0], COLUMN_SLANT * SLANT[1]))
    height, width, channels = box.edges
    back = scale.edge_px(width)
    return Solid(scale.depth_px(channels), scale.edge_px(height), (back * SLANT[0], back * SLANT[1]))


def shown_boxes(boxes: Sequence[Box]) -> tuple[tuple[Box, ...], int]:
    """The boxes that are drawn, and how many are left out in the middle of a very long network."""
    left_out = len(boxes) - 2 * _SHOWN_AT_ENDS
    if left_out <= 0:
        return tuple(boxes), 0
    return (*boxes[:_SHOWN_AT_ENDS], *boxes[-_SHOWN_AT_ENDS:]), left_out


def gap_before(index: int, left_out: int) -> bool:
    """Whether boxes are left out right before the drawn one at `index`."""
    return left_out > 0 and index == _SHOWN_AT_ENDS


def placed(boxes: Sequence[Box], scale: Scale, left_out: int, margin: float) -> tuple[Place, ...]:
    """Each box in its line, from left to right; where boxes are left out, a new line begins."""
    solids = [solid_of(box, scale) for box in boxes]
    room = _line_width([solid.slot for solid in solids])
    places: list[Place] = []
    line, x = 0, margin
    for index, (box, solid) in enumerate(zip(boxes, solids, strict=True)):
        full = x > margin and x + solid.slot > margin + room
        if full or gap_before(index, left_out):
            line, x = line + 1, margin
        places.append(Place(box, solid, line, x))
        x += solid.slot
    return tuple(places)


def _line_width(slots: Sequence[float]) -> float:
    """As many lines as are needed and no more, about equally long: no box is left alone in the last one."""
    total = sum(slots)
    lines = ceil(total / _LINE_WIDTH)
    return total if lines == 1 else total / lines + max(slots)
