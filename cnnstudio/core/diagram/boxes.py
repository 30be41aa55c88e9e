"""What the block picture shows: one box for each layer that changes a shape, and how long its edges are."""

from collections.abc import Sequence
from math import sqrt

from msgspec import Struct
from msgspec.structs import replace

from cnnstudio.core.analysis import Analysis, Row
from cnnstudio.core.values.shape import Shape

_FOLDED = ("activation", "normalization", "regularization", "preprocessing", "augmentation")
"""Families that get no box where they only follow the layer above: its label names them."""
LONGEST_EDGE, LONGEST_DEPTH, LONGEST_COLUMN = 150.0, 84.0, 190.0
"""Pixels of the largest height or width, of the most channels, of the most features."""
THINNEST = 2.0


class Box(Struct, frozen=True):
    """A layer to draw, with the layers after it that its label names. Sizes are numbers, not pixels."""

    row: Row
    followers: tuple[Row, ...] = ()

    @property
    def last(self) -> Row:
        """The layer whose output leaves the box."""
        return self.followers[-1] if self.followers else self.row

    @property
    def names(self) -> tuple[str, ...]:
        """The layers the box stands for."""
        return (self.row.name, *(row.name for row in self.followers))

    @property
    def shape(self) -> Shape:
        """The shape that is drawn; empty for a layer without one."""
        return self.row.output_shape or ()

    @property
    def edges(self) -> tuple[int | None, int | None, int | None]:
        """Height, width and channels of a map; a sequence has width 1."""
        shape = self.shape
        return (shape[0], 1, shape[1]) if len(shape) == 2 else (shape[-3], shape[-2], shape[-1])

    @property
    def is_map(self) -> bool:
        """Whether it is a map with channels, drawn as a box; others are columns of features."""
        return len(self.shape) > 1

    @property
    def is_open(self) -> bool:
        """Whether a size is known only at run time."""
        return None in self.shape


def boxes_of(analysis: Analysis) -> tuple[Box, ...]:
    """The boxes in stack order."""
    rows = analysis.rows
    boxes: list[Box] = []
    for index, row in enumerate(rows):
        if boxes and _folds(row, rows[index - 1]):
            boxes[-1] = replace(boxes[-1], followers=(*boxes[-1].followers, row))
        else:
            boxes.append(Box(row))
    return tuple(boxes)


def _folds(row: Row, above: Row) -> bool:
    alone = row.inputs == (above.name,) and row.layer.family in _FOLDED
    return alone and row.stands and row.output_shape == above.output_shape


class Scale(Struct, frozen=True):
    """Square roots of sizes in pixels: four times the size is twice as long, so that few and many both show.

    Height and width share a scale; channels and features have one each. The fields are the largest sizes,
    0 where none is known.
    """

    edge: int
    depth: int
    column: int

    def edge_px(self, size: int | None) -> float:
        """A height or a width; an open one is drawn as the largest known."""
        return _length(size, self.edge, LONGEST_EDGE)

    def depth_px(self, size: int | None) -> float:
        """Channels."""
        return _length(size, self.depth, LONGEST_DEPTH)

    def column_px(self, size: int | None) -> float:
        """Features."""
        return _length(size, self.column, LONGEST_COLUMN)

    def is_thinned(self, box: Box) -> bool:
        """Whether an edge of the box would be too thin to see and is drawn thicker."""
        if not box.is_map:
            return _exact(box.shape[-1] if box.shape else None, self.column, LONGEST_COLUMN) < THINNEST
        height, width, channels = box.edges
        lengths = (
            _exact(height, self.edge, LONGEST_EDGE),
            _exact(width, self.edge, LONGEST_EDGE),
            _exact(channels, self.depth, LONGEST_DEPTH),
        )
        return min(lengths) < THINNEST


def scale_of(boxes: Sequence[Box]) -> Scale:
    """The scale on which the largest box of a network fits."""
    maps = [box.edges for box in boxes if box.is_map]
    columns = [box.shape[-1] for box in boxes if len(box.shape) == 1]
    return Scale(
        edge=_largest([size for height, width, _ in maps for size in (height, width)]),
        depth=_largest([channels for _, _, channels in maps]),
        column=_largest(columns),
    )


def _largest(sizes: Sequence[int | None]) -> int:
    return max((size for size in sizes if size is not None), default=0)


def _length(size: int | None, largest: int, longest_px: float) -> float:
    return max(THINNEST, _exact(size, largest, longest_px))


def _exact(size: int | None, largest: int, longest_px: float) -> float:
    return longest_px * (1.0 if size is None or not largest else sqrt(size / largest))
