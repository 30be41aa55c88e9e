"""The rules a project is checked by. A new one is a function and a line here."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from cnnstudio.core.analysis import Analysis
from cnnstudio.core.checks import head, order, shapes
from cnnstudio.core.checks.view import View
from cnnstudio.core.data import DataFacts
from cnnstudio.core.findings import Finding
from cnnstudio.core.project import Project

Check: TypeAlias = Callable[[View], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    shapes.dense_on_a_map,
    head.input_fits_data,
    head.output_is_a_list,
    head.units_are_classes,
    head.head_fits_loss,
    head.loss_fits_labels,
    order.dropout_before_normalization,
)


def run_checks(project: Project, analysis: Analysis, facts: DataFacts | None = None) -> tuple[Finding, ...]:
    """All findings: what breaks shapes first, then the rules in their order. Never raises."""
    view = View(project, analysis, facts)
    return (*analysis.findings, *(finding for check in CHECKS for finding in check(view)))
