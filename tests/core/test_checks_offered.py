"""Which fixes are offered, with rules made up to lead astray."""

from collections.abc import Callable

from cnnstudio.core.analysis import analyze
from cnnstudio.core.analysis.findings import Finding, Fix, Severity
from cnnstudio.core.checks.context import CheckContext
from cnnstudio.core.checks.offered import Judge, Told, with_offered_fixes
from cnnstudio.core.layers import ReLU
from cnnstudio.core.project import Project
from tests.core.checked import chain, with_batch


def offered(project: Project, judge: Judge) -> list[list[str]]:
    """The labels of the fixes that are left, by finding."""
    context = CheckContext(project, analyze(project.network))
    found = with_offered_fixes(context, judge(context), judge)
    return [[fix.label for fix in finding.fixes] for finding in found]


def about_batches(rules: dict[int, tuple[str, Severity, int]]) -> Judge:
    """By the size of the batch: a code, how bad it is, and the batch that its fix proposes."""

    def judge(context: CheckContext) -> list[Told]:
        rule = rules.get(context.project.training.batch_size)
        if rule is None:
            return []
        code, severity, batch = rule
        fix = Fix(f"Use {batch}", lambda project: with_batch(project, batch))
        return [Told("rule", Finding(code, severity, None, "Too many.", fixes=(fix,)))]

    return judge


def test_a_fix_that_mends_is_offered() -> None:
    judge = about_batches({8: ("X01", "advice", 16)})
    assert offered(with_batch(chain(), 8), judge) == [["Use 16"]]


def test_rules_that_lead_to_each_other_offer_nothing() -> None:
    severities: tuple[Severity, ...] = ("advice", "warning", "error")
    for severity in severities:
        judge = about_batches({8: ("X01", severity, 16), 16: ("X02", severity, 8)})
        assert offered(with_batch(chain(), 8), judge) == [[]]
        assert offered(with_batch(chain(), 16), judge) == [[]]


def test_a_warning_may_become_advice_and_advice_never_a_warning() -> None:
    judge = about_batches({8: ("X01", "warning", 16), 16: ("X02", "advice", 8)})
    assert offered(with_batch(chain(), 8), judge) == [["Use 16"]]
    assert offered(with_batch(chain(), 16), judge) == [[]]


def test_a_fix_that_leaves_its_finding_is_not_offered() -> None:
    judge = about_batches({8: ("X01", "warning", 16), 16: ("X01", "warning", 32)})
    assert offered(with_batch(chain(), 8), judge) == [[]]


def judged(apply: Callable[[Project], Project]) -> Judge:
    def judge(context: CheckContext) -> list[Told]:
        is_done = context.project.training.epochs == 1
        return (
            [] if is_done else [Told("rule", Finding("X01", "error", None, "No.", fixes=(Fix("Go", apply),)))]
        )

    return judge


def test_a_fix_that_the_network_refuses_is_not_offered() -> None:
    def doubled(project: Project) -> Project:
        return project.with_network(project.network.inserted(1, ReLU(name="input")))

    assert offered(chain(ReLU(name="r")), judged(doubled)) == [[]]


def test_in_a_large_network_the_first_fixes_are_tried_and_the_others_wait() -> None:
    fix = Fix("Use 16", lambda project: with_batch(project, 16))

    def judge(context: CheckContext) -> list[Told]:
        if context.project.training.batch_size == 16:
            return []
        return [Told(f"rule {n}", Finding("X01", "advice", None, "Too few.", fixes=(fix,))) for n in range(9)]

    small, large = (chain(*(ReLU(name=f"r{n}") for n in range(count))) for count in (5, 1_500))
    assert [bool(labels) for labels in offered(with_batch(small, 8), judge)] == [True] * 9
    assert [bool(labels) for labels in offered(with_batch(large, 8), judge)] == [True] * 3 + [False] * 6
