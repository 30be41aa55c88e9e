"""The rules a project is checked by. A new one is a function and a line here."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from cnnstudio.core.analysis import Analysis
from cnnstudio.core.analysis.findings import Finding
from cnnstudio.core.checks import (
    activations,
    batches,
    fields,
    freezing,
    head,
    order,
    scaling,
    shapes,
    structure,
)
from cnnstudio.core.checks.context import CheckContext
from cnnstudio.core.project import Project
from cnnstudio.core.values.facts import DataFacts

Check: TypeAlias = Callable[[CheckContext], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    shapes.dense_on_a_map,
    shapes.stride_does_not_tile,
    structure.one_dense_has_most_parameters,
    structure.unused_output,
    shapes.layer_will_not_run,
    head.input_fits_data,
    head.output_fits_task,
    head.head_fits_loss,
    activations.linear_after_linear,
    scaling.pixels_not_scaled_once,
    batches.batch_larger_than_data,
    batches.nothing_held_out,
    batches.bias_before_normalization,
    batches.small_batch_normalized,
    order.dropout_before_normalization,
    batches.memory_does_not_suffice,
    fields.layers_see_more_than_the_image,
    fields.last_map_sees_little,
    order.dropout_too_strong,
    order.dropout_at_the_end,
    activations.softmax_inside,
    freezing.frozen_at_random,
)


def run_checks(
    project: Project, analysis: Analysis, facts: DataFacts | None = None, free_memory: int | None = None
) -> tuple[Finding, ...]:
    """All findings: what breaks shapes first, then the rules in their order. Never raises.

    `free_memory` is in bytes; without it, and without facts of the data, the rules that need them keep quiet.
    """
    context = CheckContext(project, analysis, facts, free_memory)
    return (*analysis.findings, *(finding for check in CHECKS for finding in check(context)))
