"""Checks of dropout: how much, and where (C07, C10)."""

from collections.abc import Iterator

from cnnstudio.core.analysis import Row
from cnnstudio.core.analysis.findings import Finding, Fix, removal_fix, settings_fix
from cnnstudio.core.checks.context import CheckContext, is_weighted
from cnnstudio.core.layers import (
    BatchNormalization,
    Dense,
    Dropout,
    GaussianDropout,
    Layer,
    SpatialDropout1D,
    SpatialDropout2D,
)
from cnnstudio.core.network import Network
from cnnstudio.core.network.splicing import spliced
from cnnstudio.core.project import Project

_STRONG = 0.7
_DROPOUTS: tuple[type[Layer], ...] = (Dropout, GaussianDropout, SpatialDropout1D, SpatialDropout2D)
"""Those that change the spread of the values; AlphaDropout keeps it."""
_WHY_DISHARMONY = (
    "Dropout changes the spread of the values in training and not afterwards, so the normalization keeps a "
    'variance that is wrong when the network is used (Li, Chen, Hu and Yang 2019, "Understanding the '
    'Disharmony between Dropout and Batch Normalization by Variance Shift"). Batch normalization alone '
    "often makes dropout unnecessary (Ioffe and Szegedy 2015)."
)


def dropout_before_normalization(context: CheckContext) -> Iterator[Finding]:
    """C07: a dropout somewhere above a BatchNormalization in the same chain; told once per dropout.

    One with a noise shape drops whole branches at random, as stochastic depth does on purpose.
    """
    tainted: dict[str, Row] = {}
    told: set[str] = set()
    if not any(True for _ in context.standing(*_DROPOUTS)) or not any(
        True for _ in context.standing(BatchNormalization)
    ):
        return
    is_moved = not _ends_normalized(context)
    for row in context.analysis.rows:
        above = _dropout_above(row, tainted)
        if above is None:
            continue
        tainted[row.name] = above
        if isinstance(row.layer, BatchNormalization) and above.name not in told:
            told.add(above.name)
            yield _disharmony(above, row.name, is_moved)


def _dropout_above(row: Row, tainted: dict[str, Row]) -> Row | None:
    layer = row.layer
    drops = isinstance(layer, _DROPOUTS) and vars(layer)["rate"] > 0 and not vars(layer).get("noise_shape")
    return row if drops else next((tainted[name] for name in row.inputs if name in tainted), None)


def _ends_normalized(context: CheckContext) -> bool:
    """Whether nothing learns below the last normalization, so that a dropout there would be at the end."""
    for row in reversed(context.analysis.rows):
        if _learns(row) or isinstance(row.layer, BatchNormalization):
            return not _learns(row)
    return False


def _disharmony(dropout: Row, normalization: str, is_moved: bool) -> Finding:
    removal = removal_fix(f"Remove {dropout.name}", dropout.name)
    return Finding(
        "C07",
        "warning",
        normalization,
        f"{dropout.name} ({dropout.layer.type}) stands before {normalization} (BatchNormalization). "
        "Move the dropout below the last batch normalization, or remove it.",
        _WHY_DISHARMONY,
        (_moved_down(dropout.name), removal) if is_moved else (removal,),
    )


def _moved_down(dropout: str) -> Fix:
    """Moves the dropout above the last Dense, or, when that stands too high, below the last normalization.

    One for the channels of a map goes below the last normalization in any case.
    """

    def apply(project: Project) -> Project:
        network = project.network
        layer = network.layer(dropout).updated(inputs=())
        rest = network.removed(dropout)
        needs_map = isinstance(layer, SpatialDropout1D | SpatialDropout2D)
        place = _below_normalization(rest) if needs_map else _place_below_normalization(rest)
        return project.with_network(spliced(rest, place, [layer]))

    return Fix("Move the dropout down", apply)


def _place_below_normalization(network: Network) -> int:
    dense = _last_of(network, Dense)
    return dense if dense > _last_of(network, BatchNormalization) else _below_normalization(network)


def _below_normalization(network: Network) -> int:
    below = _last_of(network, BatchNormalization) + 1
    while below < len(network.layers) and network.layers[below].family == "activation":
        below += 1
    return below


def _last_of(network: Network, kind: type[Layer]) -> int:
    return max((i for i, layer in enumerate(network.layers) if isinstance(layer, kind)), default=-1)


def dropout_too_strong(context: CheckContext) -> Iterator[Finding]:
    """C10: a dropout of 0.7 or more."""
    for row in context.of_family("regularization"):
        rate = getattr(row.layer, "rate", 0.0)
        if rate >= _STRONG:
            yield Finding(
                "C10",
                "advice",
                row.name,
                f"{row.name} sets {rate:.0%} of the values to 0. Use a rate of at most 0.5.",
                "So little is left that the layers below hardly learn; 0.5 disturbs the most "
                '(Srivastava et al. 2014, "Dropout").',
                (settings_fix("Use a rate of 0.5", row.name, rate=0.5),),
            )


def dropout_at_the_end(context: CheckContext) -> Iterator[Finding]:
    """C10: a dropout below the last layer that learns disturbs the answer itself."""
    for row in context.of_family("regularization"):
        if getattr(row.layer, "rate", 0.0) <= 0 or any(_learns(below) for below in context.below(row)):
            continue
        if any(_learns(above) for above in context.above(row)):
            yield Finding(
                "C10",
                "warning",
                row.name,
                f"{row.name} drops values of the output itself. Move it above the last Dense, or remove it.",
                "The answer for a class that was set to 0 is wrong whatever the network learned.",
                (removal_fix(f"Remove {row.name}", row.name),),
            )


def _learns(row: Row) -> bool:
    return is_weighted(row) or row.layer.family == "custom"
