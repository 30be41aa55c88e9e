"""Which fixes are offered: those that were tried on the whole project and lead down.

The measure of a project is how many layers are without a shape, then how many errors, warnings and pieces
of advice there are. Every fix makes it smaller, so following fixes ends, and none leads back.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from cnnstudio.core.analysis import analyze
from cnnstudio.core.analysis.findings import SEVERITIES, Finding, Fix, Severity
from cnnstudio.core.checks.context import CheckContext
from cnnstudio.core.project import Project
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.facts import DataFacts

_ROWS_TRIED, _LEAST_TRIED = 3_000, 3
"""How many rows are worked out again for trials, and how many fixes are tried in any case: what was not
tried is not offered, and comes when the first are mended."""


class Told(Struct, frozen=True):
    """A finding and the rule that made it."""

    rule: str
    finding: Finding

    @property
    def key(self) -> "Key":
        """What stays the same when the numbers in the text change."""
        return self.rule, self.finding.code, self.finding.severity, self.finding.layer


Key: TypeAlias = tuple[str, str, Severity, str | None]
Judge: TypeAlias = Callable[[CheckContext], Sequence[Told]]
Measure: TypeAlias = tuple[int, ...]


def with_offered_fixes(context: CheckContext, told: Sequence[Told], judge: Judge) -> Iterator[Finding]:
    """The findings, each with those of its fixes that are worth a click; `judge` applies all rules."""
    trial = _Trial(context, told, judge)
    for one in told:
        finding = one.finding
        yield replace(finding, fixes=trial.good_ones(one)) if finding.fixes else finding


class _Trial:
    """Applies fixes and compares what is found after each with what was found before."""

    def __init__(self, context: CheckContext, told: Sequence[Told], judge: Judge) -> None:
        self._context, self._judge = context, judge
        self._before = Counter(one.key for one in told)
        self._measure = _measure(context, told)
        self._blind = {row.name for row in context.whole.rows if not row.stands}
        self._left = max(_LEAST_TRIED, _ROWS_TRIED // len(context.whole.rows))

    def good_ones(self, told: Told) -> tuple[Fix, ...]:
        """The fixes that bring nothing new; where there is none, the first that leaves advice instead."""
        after = {fix.label: (fix, self._brought(told, fix)) for fix in told.finding.fixes}
        good = tuple(fix for fix, new in after.values() if new == set())
        lesser = tuple(fix for fix, new in after.values() if new == {"advice"})
        return good or lesser[:1]

    def _brought(self, told: Told, fix: Fix) -> set[Severity] | None:
        """How bad what a fix brings is; None where it does not mend or leads up, and when nothing is left
        to try with."""
        if self._left <= 0:
            return None
        self._left -= 1
        try:
            mended = _after(self._context, fix)
        except (StudioError, ValueError):
            # A network at one of its limits, or a setting at one of its own.
            return None
        found = self._judge(mended)
        keys = Counter(one.key for one in found)
        if _measure(mended, found) >= self._measure or keys[told.key] >= self._before[told.key]:
            return None
        return {key[2] for key in keys - self._before if not self._comes_to_light(key)}

    def _comes_to_light(self, key: Key) -> bool:
        """Whether it was there before: nothing could be said below a break, nor of the network as a whole."""
        _, code, _, layer = key
        return bool(self._blind) and (layer is None or layer in self._blind or code.startswith("C"))


def _measure(context: CheckContext, told: Sequence[Told]) -> Measure:
    severities = Counter(one.finding.severity for one in told)
    shapeless = sum(not row.stands for row in context.whole.rows)
    return (shapeless, *(severities[severity] for severity in SEVERITIES))


def _after(context: CheckContext, fix: Fix) -> CheckContext:
    """What a check would look at once the fix is applied."""
    before, after = context.project, fix.apply(context.project)
    same = after.network is before.network
    analysis = context.whole if same else analyze(after.network, context.whole)
    return CheckContext(after, analysis, facts_after(context.facts, before, after), context.free_memory)


def facts_after(facts: DataFacts | None, before: Project, after: Project) -> DataFacts | None:
    """The facts of the data as a fix prepares the pictures."""
    preparation = after.data.preparation
    if facts is None or preparation == before.data.preparation:
        return facts
    return replace(facts, sample_shape=preparation.shape_of(facts.sample_shape))
