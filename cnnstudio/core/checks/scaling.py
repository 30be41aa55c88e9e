"""Checks of the pixel values that the first learned layers receive (C04)."""

from collections.abc import Iterator
from typing import TypeAlias

from cnnstudio.core.analysis import Row
from cnnstudio.core.analysis.edits import Edit
from cnnstudio.core.analysis.findings import Finding, Fix, removal_fix
from cnnstudio.core.checks.context import CheckContext, is_weighted
from cnnstudio.core.layers import Normalization, Rescaling
from cnnstudio.core.network import Network
from cnnstudio.core.project import Project
from cnnstudio.core.project.training import INCLUDED

_LARGE, _SMALL = 20.0, 0.05
_PASSING = ("io", "augmentation", "reshaping", "regularization", "pooling", "preprocessing")
_WHY = (
    "Weights begin at sizes that suit inputs of about 1. Far larger or far smaller pixels make the first "
    "steps of training too wild or too timid (LeCun, Bottou, Orr and Müller 1998, "
    '"Efficient BackProp", section 4.3).'
)
Range: TypeAlias = tuple[float, float]


def pixels_not_scaled_once(context: CheckContext) -> Iterator[Finding]:
    """C04: the values that reach the first learned layer are 0 to 255, or scaled twice.

    Weights from a person's own file want what they were trained with, which can be any scale.
    """
    start = context.project.training.start_from
    if context.facts is None or not (start is None or start.startswith(INCLUDED)):
        return
    for row, values, rescalings in _arrivals(context, context.facts.value_range):
        largest = max(abs(value) for value in values)
        if largest > _LARGE:
            yield _unscaled(context, row, values)
            return
        if 0 < largest < _SMALL and rescalings:
            yield _scaled_again(context, row, values, rescalings)
            return


_Arrival: TypeAlias = tuple[Row, Range, tuple[str, ...]]


def _arrivals(context: CheckContext, values: Range) -> Iterator[_Arrival]:
    """The first learned layers, with the values they receive and the Rescalings on the way."""
    front: list[_Arrival] = [(context.analysis.rows[0], values, ())]
    while front:
        row, values, rescalings = front.pop()
        for taker in context.takers.get(row.name, ()):
            if not taker.stands:
                continue
            if is_weighted(taker):
                yield taker, values, rescalings
            elif isinstance(taker.layer, Rescaling):
                scaled = _scaled(taker.layer, values)
                if scaled is not None:
                    front.append((taker, scaled, (*rescalings, taker.name)))
            elif taker.layer.family in _PASSING and not isinstance(taker.layer, Normalization):
                front.append((taker, values, rescalings))


def _scaled(layer: Rescaling, values: Range) -> Range | None:
    if isinstance(layer.scale, tuple) or isinstance(layer.offset, tuple):
        return None
    low, high = (value * layer.scale + layer.offset for value in values)
    return low, high


def _unscaled(context: CheckContext, row: Row, values: Range) -> Finding:
    return Finding(
        "C04",
        "warning",
        row.name,
        f"{row.name} receives pixels from {values[0]:g} to {values[1]:g}. Scale them with a Rescaling of "
        f"1/{values[1]:g} below {context.network.input.name}.",
        _WHY,
        (Fix("Insert Rescaling", _rescaled(1 / max(abs(value) for value in values))),),
    )


def _rescaled(scale: float) -> Edit:
    def apply(project: Project) -> Project:
        name = project.network.free_name("rescale")
        return project.with_network(_below_input(project.network, Rescaling(name=name, scale=scale)))

    return apply


def _below_input(network: Network, layer: Rescaling) -> Network:
    """The network with the layer between the Input and everyone who takes it."""
    entrance = network.input.name
    network = network.inserted(1, layer)
    for index, other in enumerate(network.layers[2:], start=2):
        inputs = network.inputs_of(index)
        if entrance in inputs:
            network = network.connected(
                other.name, [layer.name if name == entrance else name for name in inputs]
            )
    return network


def _scaled_again(context: CheckContext, row: Row, values: Range, rescalings: tuple[str, ...]) -> Finding:
    last = rescalings[-1]
    if _suits_without(context, last, values):
        advice = f"they are scaled more than once. Remove {last}."
        fixes: tuple[Fix, ...] = (removal_fix(f"Remove {last}", last),)
    else:
        advice, fixes = f"they are scaled too far. Give {last} a larger scale.", ()
    largest = max(abs(value) for value in values)
    message = f"{row.name} receives pixels of at most {largest:.2g}: {advice}"
    return Finding("C04", "warning", row.name, message, _WHY, fixes)


def _suits_without(context: CheckContext, name: str, values: Range) -> bool:
    """Whether pixels that have these values below a Rescaling are of a good size above it."""
    layer = context.network.layer(name)
    if not isinstance(layer, Rescaling) or isinstance(layer.scale, tuple) or isinstance(layer.offset, tuple):
        return False
    scale, offset = layer.scale, layer.offset
    return bool(scale) and _SMALL <= max(abs((value - offset) / scale) for value in values) <= _LARGE
