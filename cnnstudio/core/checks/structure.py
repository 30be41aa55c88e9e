"""Checks of the network as a whole: where its parameters sit, and what leads nowhere (S05, S06)."""

from collections.abc import Iterator

from cnnstudio.core.analysis import Row
from cnnstudio.core.analysis.edits import Edit, replace
from cnnstudio.core.analysis.findings import Finding, Fix
from cnnstudio.core.checks.context import CheckContext
from cnnstudio.core.checks.fields import little_seen
from cnnstudio.core.layers import Dense, Flatten
from cnnstudio.core.layers.pooling import GLOBAL_AVERAGE
from cnnstudio.core.network import Network
from cnnstudio.core.project import Project

FEW_PARAMETERS = 100_000
"""Below this a large Dense costs nothing worth a word."""
_SHARE = 0.9


def one_dense_has_most_parameters(context: CheckContext) -> Iterator[Finding]:
    """S05: a Dense behind Flatten holds over 90 % of all parameters."""
    if not context.analysis.totals.weights_known:
        return  # of what is not known nothing can be a share
    total = context.analysis.totals.parameters
    for row in context.standing(Dense):
        if row.parameters < FEW_PARAMETERS or row.parameters <= _SHARE * total:
            continue
        flatten = _flatten_of_maps(context, row)
        if flatten is not None:
            yield _heavy(context, row, flatten, total)


def _flatten_of_maps(context: CheckContext, row: Row) -> Row | None:
    """The Flatten that feeds the row from a convolved map larger than 1 x 1, if there is one."""
    flatten = next((one for one in _chain_above(context, row) if isinstance(one.layer, Flatten)), None)
    if flatten is None or len(flatten.input_shapes[0]) not in GLOBAL_AVERAGE:
        return None
    is_map = any(size != 1 for size in flatten.input_shapes[0][:-1])
    convolved = any(one.layer.family == "convolution" for one in _chain_above(context, flatten))
    return flatten if is_map and convolved else None


def _chain_above(context: CheckContext, row: Row) -> Iterator[Row]:
    """The rows above, by first inputs, up to the next Dense."""
    while row.inputs:
        row = context.analysis.row(row.inputs[0])
        if isinstance(row.layer, Dense):
            return
        yield row


def _heavy(context: CheckContext, row: Row, flatten: Row, total: int) -> Finding:
    shape = flatten.input_shapes[0]
    kind = GLOBAL_AVERAGE[len(shape)]
    pooling = kind.model_validate({"name": flatten.name, "inputs": flatten.layer.inputs})
    fix = Fix("Use global average pooling", replace(flatten.name, pooling))
    fixes: tuple[Fix, ...] = ()
    after = context.after(fix)
    if context.breaks_by(after) or little_seen(context, context.analysis.row(flatten.inputs[0])) is not None:
        # The mean of values that see next to nothing of the image tells nothing.
        advice = f"A pooling or strides above {flatten.name} make its map smaller."
    else:
        left = after.totals.parameters
        advice = f"Global average pooling in place of {flatten.name} would leave {left:,}."
        fixes = (fix,)
    return Finding(
        "S05",
        "advice",
        row.name,
        f"{row.name} (Dense) holds {row.parameters / total:.0%} of all {total:,} parameters. {advice}",
        "So many weights in one layer learn single images by heart. Pooling each map to its mean keeps what "
        'is there and forgets where (Lin, Chen and Yan 2014, "Network In Network").',
        fixes,
    )


def unused_output(context: CheckContext) -> Iterator[Finding]:
    """S06: a layer above the last one whose output nobody takes."""
    taken = _taken(context)
    for row in context.whole.rows:
        if row.layer.enabled and row.layer.name not in taken:
            yield Finding(
                "S06",
                "warning",
                row.name,
                f"No layer takes the output of {row.name}. Connect it to a layer below, or remove it.",
                "The network's output does not depend on it, so it never learns.",
                () if not row.inputs else (Fix("Remove what leads nowhere", _without_branch(row.name)),),
            )


def _taken(context: CheckContext) -> set[str]:
    """The layers whose output arrives somewhere: at a layer that is not disabled, or at the end."""
    if context.analysis is context.whole:
        # Nothing is disabled, so nothing is passed on.
        return {*context.takers, context.last.name}
    passed_on = context.whole.network.passed_on
    taken = {passed_on[name] for row in context.whole.rows if row.layer.enabled for name in row.inputs}
    return taken | {context.last.name}


def _without_branch(end: str) -> Edit:
    def apply(project: Project) -> Project:
        network = project.network
        return project.with_network(network.removed(*_branch(network, end)))

    return apply


def _branch(network: Network, end: str) -> list[str]:
    """The layer and those above that lead to it alone, from the last to the first."""
    takers: dict[str, set[str]] = {layer.name: set() for layer in network.layers}
    for index, layer in enumerate(network.layers):
        for source in network.inputs_of(index):
            takers[source].add(layer.name)
    gone: list[str] = []
    for layer in reversed(network.layers[1 : network.position(end) + 1]):
        leads_there = takers[layer.name] and takers[layer.name] <= set(gone)
        if layer.name == end or leads_there:
            gone.append(layer.name)
    return gone
