"""Shapes, counts and costs of every layer of a network; what the live panel shows."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeAlias

from cnnstudio.core.arithmetic import Sum
from cnnstudio.core.findings import Finding, Fix, settings_fix
from cnnstudio.core.layers import Layer, LayerError, WeightSpec
from cnnstudio.core.network import Network
from cnnstudio.core.receptive_field import AxisField, ReceptiveField, seen_through, widest
from cnnstudio.core.shape import Shape, shown

BYTES_PER_NUMBER = 4
"""Weights and maps are float32."""


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """What is known of one layer. A broken layer has a `problem`; one below a break `waits_for` it."""

    layer: Layer
    sources: tuple["Row", ...] = field(repr=False)
    output_shape: Shape | None = None
    weights: tuple[WeightSpec, ...] = ()
    trainable: int = 0
    non_trainable: int = 0
    macs: int = 0
    receptive_field: ReceptiveField | None = None
    problem: Finding | None = None
    waits_for: str | None = None

    @property
    def name(self) -> str:
        """The layer's name."""
        return self.layer.name

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the layers that feed this one."""
        return tuple(row.name for row in self.sources)

    @property
    def input_shapes(self) -> tuple[Shape, ...]:
        """The shapes that arrive; empty for a layer that waits."""
        shapes = tuple(row.output_shape for row in self.sources if row.output_shape is not None)
        return shapes if len(shapes) == len(self.sources) else ()

    @property
    def parameters(self) -> int:
        """Trainable and non-trainable parameters together."""
        return self.trainable + self.non_trainable

    @property
    def stands(self) -> bool:
        """Whether the layer's shape is known."""
        return self.output_shape is not None

    def arithmetic(self) -> tuple[Sum, ...]:
        """The sums behind the numbers; empty for a layer without a shape."""
        return self.layer.arithmetic(self.input_shapes) if self.stands else ()


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the rows that stand."""

    trainable: int
    non_trainable: int
    macs: int

    @property
    def parameters(self) -> int:
        """Trainable and non-trainable parameters together."""
        return self.trainable + self.non_trainable

    @property
    def bytes(self) -> int:
        """Memory of the weights."""
        return self.parameters * BYTES_PER_NUMBER


@dataclass(frozen=True, eq=False)
class Analysis:
    """A row per layer, in stack order, and the totals."""

    network: Network
    rows: tuple[Row, ...]

    def row(self, name: str) -> Row:
        """The row of the layer of that name."""
        return self.rows[self.network.position(name)]

    @cached_property
    def totals(self) -> Totals:
        """Sums over the rows that stand: up to a break, and beside it."""
        return Totals(
            trainable=sum(row.trainable for row in self.rows),
            non_trainable=sum(row.non_trainable for row in self.rows),
            macs=sum(row.macs for row in self.rows),
        )

    @property
    def output_shape(self) -> Shape | None:
        """What leaves the last layer; `None` when something above it is broken."""
        return self.rows[-1].output_shape

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What keeps layers from having a shape."""
        return tuple(row.problem for row in self.rows if row.problem)


def analyze(network: Network, previous: Analysis | None = None) -> Analysis:
    """Work out every layer. Never raises; rows of `previous` that still hold are taken over."""
    known = {row.name: row for row in previous.rows} if previous else {}
    rows: dict[str, Row] = {}
    for index, layer in enumerate(network.layers):
        sources = tuple(rows[name] for name in network.inputs_of(index))
        rows[layer.name] = _row(layer, sources, known.get(layer.name))
    return Analysis(network, tuple(rows.values()))


def _row(layer: Layer, sources: tuple[Row, ...], before: Row | None) -> Row:
    if before is not None and before.layer is layer:
        if _same(sources, before.sources):
            return before
        if before.stands and _shapes(sources) == before.input_shapes:
            return replace(
                before, sources=sources, receptive_field=_field(layer, sources, before.output_shape)
            )
    broken = next((row for row in sources if not row.stands), None)
    if broken is not None:
        return Row(layer, sources, waits_for=broken.waits_for or broken.name)
    return _worked_out(layer, sources)


def _same(rows: Sequence[Row], others: Sequence[Row]) -> bool:
    return len(rows) == len(others) and all(row is other for row, other in zip(rows, others, strict=True))


OpenShapes: TypeAlias = tuple[Shape | None, ...]


def _shapes(sources: Sequence[Row]) -> OpenShapes:
    return tuple(row.output_shape for row in sources)


def _worked_out(layer: Layer, sources: tuple[Row, ...]) -> Row:
    shapes = tuple(row.output_shape for row in sources if row.output_shape is not None)
    try:
        output = layer.output_shape(shapes)
    except LayerError as error:
        return Row(layer, sources, problem=_problem(layer, sources, error))
    weights = layer.weights(shapes)
    total = sum(weight.count for weight in weights)
    trainable = sum(weight.count for weight in weights if weight.trainable) if layer.trainable else 0
    return Row(
        layer,
        sources,
        output_shape=output,
        weights=weights,
        trainable=trainable,
        non_trainable=total - trainable,
        macs=layer.macs(shapes, output),
        receptive_field=_field(layer, sources, output),
    )


def _problem(layer: Layer, sources: Sequence[Row], error: LayerError) -> Finding:
    fixes: tuple[Fix, ...] = ()
    if error.remedy and error.remedy.changes:
        fixes = (settings_fix(error.remedy.label, layer.name, **error.remedy.changes),)
    message = f"{layer.name} ({layer.type}): {error.message}"
    if len(sources) > 1:
        came = [f"{shown(row.output_shape or ())} from {row.name}" for row in sources]
        message += f" Here {', '.join(came)}."
    return Finding(error.code, "error", layer.name, message, error.why, fixes)


def _field(layer: Layer, sources: Sequence[Row], output: Shape | None) -> ReceptiveField | None:
    """The receptive field of a map; `None` once the spatial axes are gone."""
    axes = len(output or ()) - 1
    if not sources:
        return (AxisField(),) * axes if axes > 0 else None
    fields = [row.receptive_field for row in sources if row.receptive_field is not None]
    if len(fields) < len(sources) or any(len(one) != axes for one in fields):
        return None
    window = layer.window([row.output_shape or () for row in sources])
    field_in = fields[0] if len(fields) == 1 else widest(fields)
    return field_in if window is None else seen_through(field_in, window)
