"""How high each line of the block picture is: shortcuts above, boxes, labels below."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from cnnstudio.core.diagram.lines import Place
from cnnstudio.core.diagram.svg import Point
from cnnstudio.core.network.arcs import Arc

LABEL_LINE = 14.0
MOST_FOLLOWERS, MOST_SOURCES = 4, 5
"""How many lines of a label tell what follows, and what comes from another line."""
_LANE, _ABOVE, _BELOW, _BETWEEN = 13.0, 16.0, 20.0, 34.0


class Shortcut(Struct, frozen=True):
    """An arc between two boxes of one line: from the lid of one over others down to another's."""

    arc: Arc
    start: Point
    end: Point
    top: float


class Line(Struct, frozen=True):
    """Heights on paper: where boxes are centred, where labels begin, where the line ends."""

    axis: float
    label_top: float
    bottom: float
    shortcuts: tuple[Shortcut, ...]


def lines_of(places: Sequence[Place], arcs: Sequence[Arc], margin: float) -> tuple[Line, ...]:
    """The lines from top to bottom; `arcs` name boxes by their first layers."""
    lines: list[Line] = []
    top = margin
    for number in range(places[-1].line + 1):
        line = _line([place for place in places if place.line == number], arcs, top)
        lines.append(line)
        top = line.bottom + _BETWEEN
    return tuple(lines)


def _line(places: Sequence[Place], arcs: Sequence[Arc], top: float) -> Line:
    at = {place.box.row.name: index for index, place in enumerate(places)}
    inside = [arc for arc in dict.fromkeys(arcs) if arc.source in at and arc.target in at]
    lanes = _lanes([(at[arc.source], at[arc.target]) for arc in inside])
    lids = [place.solid.height / 2 - place.solid.slant[1] for place in places]
    first_lane = top + max(lanes, default=-1) * _LANE
    axis = top + (max(lanes, default=-1) + 1) * _LANE + (_ABOVE if inside else 0) + max(lids)
    shortcuts = [
        Shortcut(
            arc,
            _lid(places[at[arc.source]], axis, 0.62),
            _lid(places[at[arc.target]], axis, 0.38),
            first_lane - lane * _LANE,
        )
        for arc, lane in zip(inside, lanes, strict=True)
    ]
    label_top = axis + max(place.solid.height / 2 for place in places) + _BELOW
    return Line(
        axis, label_top, label_top + _label_lines(places, arcs, inside) * LABEL_LINE, tuple(shortcuts)
    )


def _lid(place: Place, axis: float, share: float) -> Point:
    """A point on the upper face, `share` of its width from the left."""
    solid = place.solid
    x = place.left + solid.slant[0] / 2 + solid.width * share
    return x, axis - solid.height / 2 + solid.slant[1] / 2


def _label_lines(places: Sequence[Place], arcs: Iterable[Arc], inside: Sequence[Arc]) -> int:
    from_elsewhere = {place.box.row.name: 0 for place in places}
    for arc in arcs:
        if arc.target in from_elsewhere and arc not in inside:
            from_elsewhere[arc.target] += 1
    return max(
        3
        + min(len(place.box.followers), MOST_FOLLOWERS)
        + min(from_elsewhere[place.box.row.name], MOST_SOURCES)
        for place in places
    )


def _lanes(spans: Sequence[tuple[int, int]]) -> list[int]:
    """A lane for each span, short ones lowest; spans in one lane share no box between their ends."""
    taken: list[list[tuple[int, int]]] = []
    result = [0] * len(spans)
    for index in sorted(range(len(spans)), key=lambda at: (spans[at][1] - spans[at][0], spans[at])):
        start, end = spans[index]
        free = (at for at, lane in enumerate(taken) if all(e <= start or end <= s for s, e in lane))
        lane = next(free, len(taken))
        if lane == len(taken):
            taken.append([])
        taken[lane].append((start, end))
        result[index] = lane
    return result
