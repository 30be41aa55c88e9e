"""Checks of frozen layers: whether they hold anything worth keeping (C11)."""

from collections.abc import Iterator

from cnnstudio.core.analysis.findings import Finding, Fix
from cnnstudio.core.checks.context import CheckContext
from cnnstudio.core.project import Project
from cnnstudio.core.values.words import counted


def frozen_at_random(context: CheckContext) -> Iterator[Finding]:
    """C11: layers that begin at random and are kept from learning; told once, at the first of them."""
    if context.project.training.start_from is not None:
        return
    frozen = tuple(row.name for row in context.analysis.rows if not row.layer.trainable and row.weights)
    if frozen:
        others = len(frozen) - 1
        who = f"This layer and {counted(others, 'other')} are" if others else "This layer is"
        yield Finding(
            "C11",
            "warning",
            frozen[0],
            f"{who} frozen with weights drawn at random, and will never learn. Choose trained weights to "
            "start from on the Train page, or unfreeze.",
            "Freezing keeps what was learned before: the kernels of a trained network, under a new head.",
            (Fix("Unfreeze", lambda project: _unfrozen(project, frozen)),),
        )


def _unfrozen(project: Project, names: tuple[str, ...]) -> Project:
    network = project.network
    for name in names:
        network = network.replaced(name, network.layer(name).updated(trainable=True))
    return project.with_network(network)
