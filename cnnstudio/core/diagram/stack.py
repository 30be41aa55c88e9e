"""The stack as a picture: a column of blocks, arcs in lanes beside it."""

from collections.abc import Iterator, Mapping
from itertools import accumulate

from msgspec import Struct

from cnnstudio.core.analysis import Analysis, Row
from cnnstudio.core.analysis.describe import output_text, parameters_text, totals_text
from cnnstudio.core.diagram import svg
from cnnstudio.core.diagram.palette import Palette
from cnnstudio.core.diagram.words import elided, squeezed, text_width
from cnnstudio.core.network.arcs import Arc, arcs_of, lanes_of, takes_the_one_above

_WIDTH, _HEIGHT, _SMALL_HEIGHT, _GAP = 400.0, 54.0, 34.0, 22.0
_MARGIN, _GUTTER, _LANE, _FOOT = 28.0, 22.0, 14.0, 34.0
_SMALL_FAMILIES = ("activation", "normalization", "regularization")
_CORNER = 8.0


class _Block(Struct, frozen=True):
    """Where a layer is drawn."""

    row: Row
    top: float

    @property
    def height(self) -> float:
        return _height(self.row)

    @property
    def bottom(self) -> float:
        return self.top + self.height


def stack_svg(analysis: Analysis, palette: Palette) -> str:
    """A column of blocks with names, settings, shapes and parameters, and the totals below.

    A layer whose shape is not known says why in its place.
    """
    blocks = {block.row.name: block for block in _blocks(analysis)}
    arcs = arcs_of(analysis.network)
    lanes = lanes_of(analysis.network, arcs)
    width = 2 * _MARGIN + _WIDTH + (_GUTTER + _LANE * (max(lanes.values()) + 1) if lanes else 0)
    height = next(reversed(blocks.values())).bottom + _FOOT + _MARGIN / 2
    totals = totals_text(analysis.totals)
    foot = svg.text((_MARGIN, height - _MARGIN / 2 - 4), totals, 12, palette["text2"])
    parts = (
        *_wires(analysis, list(blocks.values()), palette),
        *_arc_lines(arcs, lanes, blocks, palette),
        *(_card(block, palette) for block in blocks.values()),
        foot,
    )
    return svg.document((width, height), palette["canvas"], "Layers of a network", totals, parts)


def _height(row: Row) -> float:
    return _SMALL_HEIGHT if row.layer.family in _SMALL_FAMILIES else _HEIGHT


def _blocks(analysis: Analysis) -> list[_Block]:
    heights = [_height(row) + _GAP for row in analysis.rows[:-1]]
    tops = accumulate(heights, initial=_MARGIN)
    return [_Block(row, top) for row, top in zip(analysis.rows, tops, strict=True)]


def _wires(analysis: Analysis, blocks: list[_Block], palette: Palette) -> Iterator[str]:
    """The arrows from each block to the next one, where that takes it."""
    x = _MARGIN + _WIDTH / 2
    for index in range(1, len(blocks)):
        if takes_the_one_above(analysis.network, index):
            start, end = blocks[index - 1].bottom, blocks[index].top
            yield svg.line(((x, start), (x, end - 4)), palette["wire"])
            yield svg.arrow_head((x, end - 1), (0, 1), palette["wire"])


def _arc_lines(
    arcs: tuple[Arc, ...], lanes: Mapping[Arc, int], blocks: Mapping[str, _Block], palette: Palette
) -> Iterator[str]:
    arriving: dict[str, int] = {}
    counts: dict[str, int] = {}
    for arc in arcs:
        counts[arc.target] = counts.get(arc.target, 0) + 1
    for arc in arcs:
        number = arriving[arc.target] = arriving.get(arc.target, 0) + 1
        target = blocks[arc.target]
        arrival = target.top + target.height * number / (counts[arc.target] + 1)
        x = _MARGIN + _WIDTH + _GUTTER + lanes[arc] * _LANE
        yield _arc_line(arc, blocks[arc.source], arrival, x, palette["merging"])


def _arc_line(arc: Arc, source: _Block, arrival: float, x: float, color: str) -> str:
    right, start = _MARGIN + _WIDTH, source.top + source.height / 2
    steps = (
        f"M {svg.number(right)} {svg.number(start)} H {svg.number(x - _CORNER)} "
        f"q {_CORNER:g} 0 {_CORNER:g} {_CORNER:g} V {svg.number(arrival - _CORNER)} "
        f"q 0 {_CORNER:g} -{_CORNER:g} {_CORNER:g} H {svg.number(right + 4)}"
    )
    head = svg.arrow_head((right + 1, arrival), (-1, 0), color)
    return svg.group((svg.path(steps, color), head), f"{arc.target} takes {arc.source}")


def _card(block: _Block, palette: Palette) -> str:
    row = block.row
    color = palette[row.layer.family]
    border = palette["border"] if row.problem is None else palette["danger"]
    side = block.height - 16
    parts = (
        svg.rect((_MARGIN, block.top), _WIDTH, block.height, 10, fill=palette["card"], stroke=border),
        svg.rect((_MARGIN + 8, block.top + 8), 5, side, 2.5, fill=color),
    )
    words = _one_line if block.height < _HEIGHT else _two_lines
    return svg.group((*parts, *words(block, palette)), f"{row.name}: {_about(row)}, {output_text(row)}")


def _two_lines(block: _Block, palette: Palette) -> Iterator[str]:
    row, left, right = block.row, _MARGIN + 26, _MARGIN + _WIDTH - 14
    upper, lower = block.top + 23, block.top + 41
    shape, parameters = output_text(row), _parameters(row)
    room = right - left - text_width(shape, 13, bold=True) - 12
    yield svg.text((left, upper), elided(row.name, room, 13, bold=True), 13, palette["text"], weight=600)
    yield svg.text((right, upper), shape, 13, _shape_color(row, palette), "end", 600)
    room = right - left - text_width(parameters, 12) - 12
    yield svg.text((left, lower), elided(_about(row), room, 12), 12, palette["text2"])
    yield svg.text((right, lower), parameters, 12, palette["text3"], "end")


def _one_line(block: _Block, palette: Palette) -> Iterator[str]:
    row, left, right = block.row, _MARGIN + 26, _MARGIN + _WIDTH - 14
    base = block.top + block.height / 2 + 4.5
    parameters = _parameters(row) if row.parameters or row.layer.weights_of or not row.weights_known else ""
    told = " · ".join(part for part in (output_text(row), parameters) if part)
    free = right - left - text_width(told, 12) - 12
    name = elided(row.name, free, 13, bold=True)
    more = elided(_about(row), free - text_width(name, 13, bold=True) - 8, 12)
    yield svg.name_and_more((left, base), name, more, 13, (palette["text"], palette["text2"]))
    yield svg.text((right, base), told, 12, _shape_color(row, palette), "end")


def _about(row: Row) -> str:
    return " · ".join(part for part in (row.layer.title, squeezed(row.layer.details())) if part)


def _parameters(row: Row) -> str:
    if not (row.stands or row.weights_known) or not row.inputs:
        return ""
    frozen = "" if row.layer.trainable else ", frozen"
    return f"{parameters_text(row)}{frozen}"


def _shape_color(row: Row, palette: Palette) -> str:
    if row.problem is not None:
        return palette["danger"]
    return palette["text"] if row.stands else palette["text3"]
