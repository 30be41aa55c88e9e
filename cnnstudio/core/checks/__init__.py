"""The rules a project is checked by. A new one is a function and a line here."""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TypeAlias

from msgspec.structs import replace

from cnnstudio.core.analysis import Analysis
from cnnstudio.core.analysis.findings import Finding
from cnnstudio.core.checks import (
    activations,
    augmenting,
    balance,
    batches,
    fields,
    freezing,
    head,
    normalizing,
    order,
    pace,
    scaling,
    shapes,
    structure,
)
from cnnstudio.core.checks.context import CheckContext
from cnnstudio.core.checks.offered import Told, with_offered_fixes
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
    normalizing.bias_before_normalization,
    normalizing.small_batch_normalized,
    order.dropout_before_normalization,
    batches.memory_does_not_suffice,
    fields.layers_see_more_than_the_image,
    fields.last_map_sees_little,
    order.dropout_too_strong,
    order.dropout_at_the_end,
    activations.softmax_inside,
    activations.squeezed_twice,
    freezing.frozen_at_random,
    pace.learning_rate_far_off,
    pace.early_stopping_never_acts,
    balance.classes_not_balanced,
    augmenting.moved_without_its_target,
    augmenting.mixed_without_its_target,
)


class Checked:
    """What the rules say of a project, at once, and what would mend it, once that is asked for.

    To try the fixes takes longer than to find what is wrong: a window that counts the findings at every
    keystroke does not wait for them.
    """

    def __init__(
        self, project: Project, analysis: Analysis, facts: DataFacts | None, free_memory: int | None
    ) -> None:
        self._context = CheckContext(project, analysis, facts, free_memory)
        self._told = told(self._context)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What `run_checks` gives, but no fixes, which are not tried yet."""
        found = (one.finding for one in self._told)
        return tuple(replace(one, fixes=()) if one.fixes else one for one in found)

    @cached_property
    def findings_with_fixes(self) -> tuple[Finding, ...]:
        """The same findings with the fixes that were tried."""
        return tuple(with_offered_fixes(self._context, self._told, told))


def run_checks(
    project: Project, analysis: Analysis, facts: DataFacts | None = None, free_memory: int | None = None
) -> tuple[Finding, ...]:
    """All findings: what breaks shapes first, then the rules in their order. Never raises.

    `free_memory` is in bytes; without it, and without facts of the data, the rules that need them keep quiet.
    Each fix was tried: it mends its finding and brings no error and no warning.
    """
    return Checked(project, analysis, facts, free_memory).findings_with_fixes


def told(context: CheckContext) -> tuple[Told, ...]:
    """What every rule says, with the fixes that it proposes; they are not tried yet."""
    return tuple(Told(rule.__name__, finding) for rule in (no_shape, *CHECKS) for finding in rule(context))


def no_shape(context: CheckContext) -> Iterator[Finding]:
    """What layers that cannot take their inputs say themselves."""
    yield from context.whole.findings
