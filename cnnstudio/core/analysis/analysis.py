"""Shapes, counts and costs of every layer of a network; what the live panel shows."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from msgspec import Struct, field
from msgspec.structs import replace

from cnnstudio.core.analysis.findings import Finding
from cnnstudio.core.analysis.mending import mends
from cnnstudio.core.analysis.origins import differences
from cnnstudio.core.analysis.receptive_field import AxisField, ReceptiveField, seen_through, widest
from cnnstudio.core.analysis.rows import BYTES_PER_NUMBER, Cost, Row, Totals, map_bytes
from cnnstudio.core.analysis.weights import refuse_other_weights, stored_cost
from cnnstudio.core.layers import Layer, LayerError
from cnnstudio.core.network import Network
from cnnstudio.core.values.shape import Shape, shown

__all__ = ["BYTES_PER_NUMBER", "Analysis", "Row", "Totals", "analyze"]


class Analysis(Struct, frozen=True, eq=False, dict=True):
    """A row per layer, in stack order, and the totals of what is built.

    A disabled layer has the row of one that passes its first input on and costs nothing.
    """

    network: Network
    rows: tuple[Row, ...]
    stood: Mapping[str, Row] = field(default_factory=dict)
    """Of layers without a shape, the row each had when it stood last: most breaks are mended soon."""

    def row(self, name: str) -> Row:
        """The row of the layer of that name."""
        return self.rows[self.network.position(name)]

    @cached_property
    def active(self) -> "Analysis":
        """What is built: no disabled layers, and the inputs of each row as if these had never been there."""
        network = self.network.without_disabled()
        if network is self.network:
            return self
        layers = enumerate(network.layers)
        rows = [replace(self.row(layer.name), inputs=network.inputs_of(index)) for index, layer in layers]
        return Analysis(network, tuple(rows))

    @cached_property
    def totals(self) -> Totals:
        """Sums over what is built and known: up to a break, beside it, and what a file told of the rest."""
        rows = self.active.rows
        works = [row.work for row in rows if row.work is not None]
        costs = [cost for row in rows if (cost := row.work or row.stored) is not None]
        all_stand = len(works) == len(rows)
        unknown = [] if len(costs) == len(rows) else [row for row in rows if not (row.work or row.stored)]
        return Totals(
            trainable=sum([cost.trainable for cost in costs]),
            non_trainable=sum([cost.non_trainable for cost in costs]),
            frozen=sum([cost.frozen for cost in costs]),
            macs=sum([work.macs for work in works]),
            activation_bytes=_sum_if_known([work.activation_bytes for work in works]) if all_stand else None,
            weights_known=not any(row.layer.may_have_weights for row in unknown)
            and all(cost.weights_known for cost in costs),
            macs_known=all_stand and all(work.macs_known for work in works),
        )

    @property
    def output_shape(self) -> Shape | None:
        """What leaves the last layer; `None` when something above it is broken."""
        return self.rows[-1].output_shape

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What keeps layers from having a shape."""
        return tuple([row.problem for row in self.rows if row.problem is not None])

    @cached_property
    def first_break(self) -> str | None:
        """The first layer without a shape; `None` when all stand."""
        return next((row.name for row in self.rows if row.problem is not None and not row.stands), None)

    @cached_property
    def by_type(self) -> Mapping[type[Layer], Sequence[Row]]:
        """The rows that stand, by the class of their layer, each in stack order."""
        found: dict[type[Layer], list[Row]] = {}
        for row in self.rows:
            if row.work is not None:
                found.setdefault(type(row.layer), []).append(row)
        return found

    @cached_property
    def takers(self) -> Mapping[str, Sequence[Row]]:
        """The rows that take what leaves each layer; a layer nobody takes is missing."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            for name in row.inputs:
                found.setdefault(name, []).append(row)
        return found


def _sum_if_known(sizes: Sequence[int | None]) -> int | None:
    known = [size for size in sizes if size is not None]
    return sum(known) if len(known) == len(sizes) else None


def analyze(network: Network, previous: Analysis | None = None) -> Analysis:
    """Cost out every layer. Never raises; rows of `previous` that still hold are taken over."""
    known = {row.layer.name: row for row in previous.rows} if previous else {}
    stood = previous.stood if previous else {}
    told = network.stored_parameters
    kept = (
        _unchanged_top(network, previous) if previous and previous.network.stored_parameters == told else ()
    )
    rows = {row.layer.name: row for row in kept}
    changed: set[str] = set()
    above = (kept[-1].layer.name,) if kept else ()
    for layer in network.layers[len(kept) :]:
        name = layer.name
        inputs = (layer.inputs or above) if layer.enabled else (layer.inputs or above)[:1]
        before = known.get(name)
        if (
            before is not None
            and before.layer is layer
            and before.inputs == inputs
            and changed.isdisjoint(inputs)
            and layer.weights_of not in changed
            # What is wrong is told with the layers that made the sizes, which can stand far above.
            and before.problem is None
        ):
            rows[name] = before
        else:
            rows[name] = row = _row(layer, inputs, before, stood.get(name), rows, told)
            if row is not before:
                changed.add(name)
        above = (name,)
    return Analysis(network, tuple(rows.values()), _last_stood(rows.values(), known, stood))


def _unchanged_top(network: Network, previous: Analysis) -> Sequence[Row]:
    """The rows above the first layer that is another one: nothing they depend on has changed."""
    pairs = enumerate(zip(network.layers, previous.network.layers, strict=False))
    least = min(len(network.layers), len(previous.rows))
    return previous.rows[: next((at for at, (now, before) in pairs if now is not before), least)]


def _last_stood(
    rows: Iterable[Row], before: Mapping[str, Row], stood: Mapping[str, Row]
) -> Mapping[str, Row]:
    found: dict[str, Row] = {}
    for name in [row.layer.name for row in rows if row.work is None]:
        last = before.get(name)
        if last is None or last.work is None:
            last = stood.get(name)
        if last is not None:
            found[name] = last
    return found


def _row(
    layer: Layer,
    inputs: tuple[str, ...],
    before: Row | None,
    stood: Row | None,
    rows: Mapping[str, Row],
    told: Mapping[str, tuple[int, int]],
) -> Row:
    """The row of a layer: its last one, or the one it had when it `stood` last, where that still holds."""
    sources, arriving = [rows[source] for source in inputs], []
    for row in sources:
        if row.work is None:
            return _waiting(layer, inputs, before, row.waits_for or row.layer.name, stored_cost(layer, told))
        arriving.append(row.work.output_shape)
    shapes = tuple(arriving)
    last = stood if before is None or before.work is None else before
    same = last is not None and last.layer is layer and last.input_shapes == shapes
    # What shares weights depends on their owner too.
    if not same or last is None or last.work is None or layer.weights_of:
        return _worked_out(layer, inputs, sources, shapes, rows, told)
    seen = _field(layer, sources, last.work)
    if last.inputs == inputs and last.receptive_field == seen:
        return last
    return Row(layer, inputs, shapes, last.work, seen)


def _waiting(
    layer: Layer, inputs: tuple[str, ...], before: Row | None, waits_for: str, stored: Cost | None
) -> Row:
    if (
        before is not None
        and before.waits_for == waits_for
        and before.layer is layer
        and before.inputs == inputs
        and before.stored == stored
    ):
        return before
    return Row(layer, inputs, (), waits_for=waits_for, stored=stored)


def _worked_out(
    layer: Layer,
    inputs: tuple[str, ...],
    sources: Sequence[Row],
    shapes: tuple[Shape, ...],
    rows: Mapping[str, Row],
    told: Mapping[str, tuple[int, int]],
) -> Row:
    try:
        work = _work(layer, shapes)
        if layer.weights_of and layer.enabled:
            refuse_other_weights(layer, shapes, rows[layer.weights_of])
    except LayerError as error:
        broken = Row(layer, inputs, shapes)
        return Row(
            layer, inputs, shapes, problem=_problem(broken, error, rows), stored=stored_cost(layer, told)
        )
    return Row(layer, inputs, shapes, work, _field(layer, sources, work))


def _work(layer: Layer, shapes: tuple[Shape, ...]) -> Cost:
    """What the layer makes of the shapes; a disabled one passes the only one it gets on."""
    if not layer.enabled:
        return Cost(shapes[0], activation_bytes=0)
    output = layer.output_shape(shapes)
    # What another layer owns is counted there.
    weights = () if layer.weights_of else layer.weights(shapes)
    learned = kept = 0
    for weight in weights:
        if weight.trainable:
            learned += weight.count
        else:
            kept += weight.count
    trainable, frozen = (learned, 0) if layer.trainable else (0, learned)
    window = layer.window(shapes) if shapes else None
    macs, memory = layer.macs(shapes, output), map_bytes(output)
    # Where a size is open, work that is done at each place of it is not known either.
    macs_known = layer.macs_known and (macs == 0 or None not in output)
    known = (layer.weights_known or bool(layer.weights_of), macs_known)
    return Cost(output, weights, trainable, kept + frozen, frozen, macs, window, memory, *known)


def _problem(row: Row, error: LayerError, rows: Mapping[str, Row]) -> Finding:
    message = f"{row.name} ({row.layer.type}): {error.message}"
    if len(row.inputs) > 1:
        came = [
            f"{shown(shape)} from {name}" for name, shape in zip(row.inputs, row.input_shapes, strict=True)
        ]
        message += f" Here {', '.join(came)}."
    message = " ".join((message, *differences(row, rows)))
    return Finding(error.code, error.severity, row.name, message, error.why, mends(row, error, rows))


def _field(layer: Layer, sources: Sequence[Row], work: Cost) -> ReceptiveField | None:
    """The receptive field of a map; `None` once the spatial axes are gone."""
    axes = len(work.output_shape) - 1
    if not sources:
        return (AxisField(),) * axes if axes > 0 else None
    field = sources[0].receptive_field if len(sources) == 1 else _merged(sources)
    if not layer.enabled:
        return field
    if field is None or len(field) != axes:
        return None
    if work.window is not None:
        return seen_through(field, work.window)
    return field if layer.keeps_places else None


def _merged(sources: Sequence[Row]) -> ReceptiveField | None:
    fields = [row.receptive_field for row in sources if row.receptive_field is not None]
    known = len(fields) == len(sources) and len({len(field) for field in fields}) == 1
    return widest(fields) if known else None
