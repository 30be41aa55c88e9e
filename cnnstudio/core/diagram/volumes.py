"""The block picture of CNN papers: maps as boxes, features as columns, shortcuts above them."""

from collections.abc import Iterator, Sequence
from functools import partial

from cnnstudio.core.analysis import Analysis, Row
from cnnstudio.core.analysis.describe import output_text, totals_text
from cnnstudio.core.diagram import svg
from cnnstudio.core.diagram.boxes import THINNEST, Box, Scale, boxes_of, scale_of
from cnnstudio.core.diagram.lines import Place, gap_before, placed, shown_boxes
from cnnstudio.core.diagram.palette import Palette, mixed
from cnnstudio.core.diagram.paper import LABEL_LINE, MOST_FOLLOWERS, MOST_SOURCES, Line, lines_of
from cnnstudio.core.diagram.svg import Point
from cnnstudio.core.diagram.words import abbreviated, elided, squeezed, text_width
from cnnstudio.core.network.arcs import Arc, arcs_of
from cnnstudio.core.values.words import listed, wrapped

_MARGIN, _NOTE_LINE, _NOTE_SIZE, _LABEL_SIZE = 30.0, 18.0, 12.0, 11.0
_FRONT, _TOP, _SIDE = 0.5, 0.3, 0.72
_ROOM, _STUB = 8.0, 26.0


def volumes_svg(analysis: Analysis, palette: Palette) -> str:
    """Boxes by height, width and channels on a square-root scale that is written below.

    Activations, normalizations and the like have no box where they only follow a layer: its label names
    them. Lines wrap; of a very long network the middle is left out, and the picture says so.
    """
    boxes = boxes_of(analysis)
    scale = scale_of(boxes)
    drawn, left_out = shown_boxes(boxes)
    places = placed(drawn, scale, left_out, _MARGIN)
    arcs = tuple(_between_boxes(analysis, boxes))
    lines = lines_of(places, arcs, _MARGIN)
    width = max(max(place.slot_left + place.solid.slot for place in places) + _MARGIN, 640.0)
    notes = [
        line
        for note in _notes(boxes, scale, left_out)
        for line in wrapped(note, width - 2 * _MARGIN, partial(text_width, size=_NOTE_SIZE))
    ]
    gap = next((at for at in range(len(places)) if gap_before(at, left_out)), None)
    foot = lines[-1].bottom + _MARGIN
    parts = (
        *([] if gap is None else [_gap_mark(lines[places[gap].line - 1], left_out, palette)]),
        *_arrows(places, lines, left_out, palette),
        *(_solid(place, lines[place.line].axis, palette) for place in places),
        *(part for line in lines for part in _shortcuts(line, palette)),
        *(_label(place, lines[place.line], arcs, palette) for place in places),
        *(
            svg.text((_MARGIN, foot + index * _NOTE_LINE), note, _NOTE_SIZE, palette["text2"])
            for index, note in enumerate(notes)
        ),
    )
    height = foot + len(notes) * _NOTE_LINE
    about = totals_text(analysis.totals)
    return svg.document((width, height), palette["canvas"], "Maps of a network", about, parts)


def _between_boxes(analysis: Analysis, boxes: Sequence[Box]) -> Iterator[Arc]:
    """The arcs, their ends named by the first layers of the boxes."""
    first = {name: box.row.name for box in boxes for name in box.names}
    for arc in arcs_of(analysis.network):
        yield Arc(first[arc.source], first[arc.target])


def _notes(boxes: Sequence[Box], scale: Scale, left_out: int) -> list[str]:
    told = (
        (scale.edge, "height and width (the longest {:,})"),
        (scale.depth, "channels (the most {:,})"),
        (scale.column, "features (the most {:,})"),
    )
    kinds = [words.format(largest) for largest, words in told if largest]
    notes = []
    if kinds:
        notes.append(
            "Square-root scale: four times the size is drawn twice as long. "
            f"One scale each for {listed(kinds)}."
        )
    if any(scale.is_thinned(box) for box in boxes if box.shape):
        notes.append(f"Edges that would be thinner are drawn {THINNEST:g} pixels thick.")
    if any(box.is_open for box in boxes):
        notes.append("Dashed: a height or width known only at run time; how long it is drawn says nothing.")
    if left_out:
        notes.append(f"{left_out:,} boxes in the middle are left out.")
    return notes


def _arrows(places: Sequence[Place], lines: Sequence[Line], left_out: int, palette: Palette) -> Iterator[str]:
    """From each box to the next one, where that takes it; in a new line the arrow comes from the margin."""
    for index in range(1, len(places)):
        before, place = places[index - 1], places[index]
        if before.box.last.name not in place.box.row.inputs or gap_before(index, left_out):
            continue
        y = lines[place.line].axis
        same = before.line == place.line
        start = before.left + before.solid.width if same else place.left - _STUB
        yield svg.line(((start, y), (place.left - 5, y)), palette["wire"])
        yield svg.arrow_head((place.left - 1, y), (1, 0), palette["wire"])


def _gap_mark(above: Line, left_out: int, palette: Palette) -> str:
    """Where boxes are left out, between two lines."""
    at = (_MARGIN, above.bottom + 10)
    return svg.text(at, f"⋯ {left_out:,} boxes left out", 13, palette["text2"], weight=600)


def _solid(place: Place, axis: float, palette: Palette) -> str:
    solid, box = place.solid, place.box
    front, top, side = _faces(place, axis)
    color, ground = palette[box.row.layer.family], palette["canvas"]
    dash = {"stroke_dasharray": "4 3"} if box.is_open or not box.shape else {}
    edge = color if box.row.problem is None else palette["danger"]
    shades = ((top, _TOP), (side, _SIDE), (front, _FRONT)) if solid.slant[0] else ((front, _FRONT),)
    faces = [
        svg.polygon(
            face,
            fill=mixed(color, ground, shade if box.shape else 0.08),
            stroke=edge,
            stroke_width=1,
            stroke_linejoin="round",
            **dash,
        )
        for face, shade in shades
    ]
    return svg.group(faces, f"{' + '.join(box.names)}: {output_text(box.row)}")


def _faces(place: Place, axis: float) -> tuple[Sequence[Point], Sequence[Point], Sequence[Point]]:
    """Front, top and right side; the front face is centred on the axis of its line."""
    left, right = place.left, place.left + place.solid.width
    top, bottom = axis - place.solid.height / 2, axis + place.solid.height / 2
    x, y = place.solid.slant
    front = ((left, top), (right, top), (right, bottom), (left, bottom))
    lid = ((left, top), (right, top), (right + x, top + y), (left + x, top + y))
    side = ((right, top), (right + x, top + y), (right + x, bottom + y), (right, bottom))
    return front, lid, side


def _shortcuts(line: Line, palette: Palette) -> Iterator[str]:
    color = palette["merging"]
    for shortcut in line.shortcuts:
        x0, x1, y = shortcut.start[0], shortcut.end[0], shortcut.top
        steps = (
            f"M {svg.number(x0)} {svg.number(shortcut.start[1])} V {svg.number(y + 8)} q 0 -8 8 -8 "
            f"H {svg.number(x1 - 8)} q 8 0 8 8 V {svg.number(shortcut.end[1] - 4)}"
        )
        head = svg.arrow_head((x1, shortcut.end[1] - 1), (0, 1), color)
        yield svg.group((svg.path(steps, color), head), f"{shortcut.arc.target} takes {shortcut.arc.source}")


def _label(place: Place, line: Line, arcs: Sequence[Arc], palette: Palette) -> str:
    """Name, type, shape, what follows, and what comes from another line."""
    room = place.solid.slot - _ROOM
    words = [
        *_own_words(place.box.row, room, palette),
        *((text, palette["text3"], 400) for text in _followers(place.box)),
        *((text, palette["merging"], 500) for text in _sources(place.box, line, arcs)),
    ]
    return svg.group(
        svg.text(
            (place.centre, line.label_top + LABEL_LINE * index),
            elided(text, room, _LABEL_SIZE, weight > 500),
            _LABEL_SIZE,
            ink,
            "middle",
            weight,
        )
        for index, (text, ink, weight) in enumerate(words)
    )


def _own_words(row: Row, room: float, palette: Palette) -> tuple[tuple[str, str, int], ...]:
    """The layer's name, its type with the first detail, and its shape: text, color and weight."""
    kind = squeezed(" ".join((row.layer.title, row.layer.details().split(" · ")[0])).rstrip())
    return (
        (row.name, palette["text"], 600),
        (abbreviated(kind, room, _LABEL_SIZE), palette["text2"], 400),
        (output_text(row), palette["text" if row.stands else "danger"], 500),
    )


def _followers(box: Box) -> list[str]:
    names = [f"+ {follower.layer.title}" for follower in box.followers]
    return _the_first(names, MOST_FOLLOWERS, "+ {} more")


def _sources(box: Box, line: Line, arcs: Sequence[Arc]) -> list[str]:
    drawn = {(one.arc.source, one.arc.target) for one in line.shortcuts}
    names = [
        f"from {arc.source}"
        for arc in arcs
        if arc.target == box.row.name and (arc.source, arc.target) not in drawn
    ]
    return _the_first(names, MOST_SOURCES, "and {} more")


def _the_first(texts: list[str], most: int, rest: str) -> list[str]:
    """At most that many lines; what they leave out is counted in the last one."""
    if len(texts) <= most:
        return texts
    return [*texts[: most - 1], rest.format(len(texts) - most + 1)]
