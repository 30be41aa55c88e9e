"""On random projects: no fix adds an error or a warning, and following fixes always ends."""

from collections import Counter
from collections.abc import Iterable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnstudio.core.analysis import analyze
from cnnstudio.core.analysis.findings import SEVERITIES, Finding, Fix
from cnnstudio.core.checks import run_checks
from cnnstudio.core.checks.offered import facts_after
from cnnstudio.core.project import Project
from tests.core.random_projects import Case, random_case

SEEDS = st.integers(0, 2**32)


def findings(case: Case, project: Project) -> tuple[Finding, ...]:
    facts = facts_after(case.facts, case.project, project)
    return run_checks(project, analyze(project.network), facts, case.free_memory)


def shapeless(project: Project) -> set[str]:
    return {row.name for row in analyze(project.network).rows if not row.stands}


def faults(found: Iterable[Finding]) -> Counter[tuple[str, str, str | None]]:
    """Errors and warnings by code and layer; texts change with the numbers in them."""
    return Counter((one.severity, one.code, one.layer) for one in found if one.severity != "advice")


def fixes(found: Iterable[Finding]) -> list[tuple[Finding, Fix]]:
    return [(finding, fix) for finding in found for fix in finding.fixes]


def assert_no_fix_harms(case: Case) -> None:
    before, hidden = findings(case, case.project), shapeless(case.project)
    for finding, fix in fixes(before):
        mended = fix.apply(case.project)
        after = findings(case, mended)
        new = faults(after) - faults(before)
        # What could not be judged below a break, nor of a network that is broken, was there before.
        seen = [one for one in new if not hidden or not (one[2] in hidden or one[1].startswith("C"))]
        assert seen == [], f"{finding.code}: {fix.label}"
        assert len(shapeless(mended)) <= len(hidden), f"{finding.code}: {fix.label}"


def assert_following_fixes_ends(case: Case, rng: Random) -> None:
    """Any way through the fixes makes this smaller at each step, and a row of whole numbers cannot fall
    for ever."""
    project, found = case.project, findings(case, case.project)
    while offered := fixes(found):
        finding, fix = rng.choice(offered)
        before = (len(shapeless(project)), *severities(found))
        project = fix.apply(project)
        found = findings(case, project)
        assert (len(shapeless(project)), *severities(found)) < before, f"{finding.code}: {fix.label}"


def severities(found: Iterable[Finding]) -> list[int]:
    counts = Counter(finding.severity for finding in found)
    return [counts[one] for one in SEVERITIES]


@settings(max_examples=40)
@given(SEEDS)
def test_no_fix_of_a_random_network_adds_an_error_or_a_warning(seed: int) -> None:
    assert_no_fix_harms(random_case(seed))


@settings(max_examples=25)
@given(SEEDS)
def test_following_the_fixes_of_a_random_network_ends(seed: int) -> None:
    assert_following_fixes_ends(random_case(seed), Random(seed))


@pytest.mark.long
def test_no_fix_of_hundreds_of_random_networks_harms_or_leads_back() -> None:
    for seed in range(500):
        case = random_case(seed)
        assert_no_fix_harms(case)
        assert_following_fixes_ends(case, Random(seed))


def test_the_random_projects_are_faulty_in_every_way_that_needs_no_trained_weights() -> None:
    """Else the tests above would try little."""
    cases = [random_case(seed) for seed in range(150)]
    found = {one.code for case in cases for one in findings(case, case.project)}
    mended = {finding.code for case in cases for finding, _ in fixes(findings(case, case.project))}
    assert {f"C{number:02}" for number in range(1, 15)} <= found
    assert {"S01", "S02", "S03", "S04", "S06", "S07", "S08"} <= mended
