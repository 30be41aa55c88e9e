"""Which lines run beside the column, and in which lane each: pure rules over the network."""

from bisect import bisect_right, insort
from collections.abc import Iterable

from msgspec import Struct

from cnnstudio.core.network.network import Network


class Arc(Struct, frozen=True):
    """A layer that takes another one than the layer right above it."""

    source: str
    target: str


def arcs_of(network: Network) -> tuple[Arc, ...]:
    """All arcs, in the order of their targets and of the inputs these name."""
    layers = network.layers
    return tuple(
        Arc(source, layer.name)
        for index, layer in enumerate(layers)
        if layer.inputs
        for source in layer.inputs
        if source != layers[index - 1].name
    )


def takes_the_one_above(network: Network, index: int) -> bool:
    """Whether a line is drawn from the block above into the one at `index`."""
    layer = network.layers[index]
    return index > 0 and (not layer.inputs or network.layers[index - 1].name in layer.inputs)


def lanes_of(network: Network, arcs: Iterable[Arc]) -> dict[Arc, int]:
    """A lane for each arc, 0 the innermost; two arcs in one lane never run beside the same block.

    Short arcs get the inner lanes, so that a long one goes around them and lines cross as little as can be.
    """
    spans = {arc: (network.position(arc.source), network.position(arc.target)) for arc in arcs}
    lanes: list[list[tuple[int, int]]] = []
    result: dict[Arc, int] = {}
    for arc, span in sorted(spans.items(), key=lambda item: (item[1][1] - item[1][0], item[1])):
        lane = next((at for at, taken in enumerate(lanes) if _has_room(taken, span)), len(lanes))
        if lane == len(lanes):
            lanes.append([])
        insort(lanes[lane], span)
        result[arc] = lane
    return result


def _has_room(taken: list[tuple[int, int]], span: tuple[int, int]) -> bool:
    """Whether a span lies free between its neighbours; `taken` is sorted and without overlaps."""
    at = bisect_right(taken, span)
    clear_before = at == 0 or taken[at - 1][1] < span[0]
    return clear_before and (at == len(taken) or span[1] < taken[at][0])
