"""How the severity of a finding looks: a shape, a color and a word, never one of them alone."""

from collections.abc import Iterable
from typing import NamedTuple

from cnnstudio.core.analysis.findings import SEVERITIES, Finding, Severity


class Look(NamedTuple):
    """An icon, a token of the theme, and the word with its plural."""

    icon: str
    color: str
    word: str
    words: str


LOOKS: dict[Severity, Look] = {
    "error": Look("circle-alert", "danger", "Error", "errors"),
    "warning": Look("triangle-alert", "warning", "Warning", "warnings"),
    "advice": Look("lightbulb", "accent", "Advice", "pieces of advice"),
}


def worst_by_layer(findings: Iterable[Finding]) -> dict[str, Severity]:
    """The worst severity of each layer that has a finding."""
    found: dict[str, Severity] = {}
    for finding in findings:
        if finding.layer is not None:
            known = found.get(finding.layer, "advice")
            found[finding.layer] = min(known, finding.severity, key=SEVERITIES.index)
    return found


def counts(findings: Iterable[Finding]) -> dict[Severity, int]:
    """How many findings of each severity there are; only those that occur, the worst first."""
    severities = [finding.severity for finding in findings]
    return {one: severities.count(one) for one in SEVERITIES if one in severities}


def counts_text(findings: Iterable[Finding]) -> str:
    """`1 error, 2 warnings`."""
    return ", ".join(
        f"{number} {LOOKS[one].words if number > 1 else LOOKS[one].word.lower()}"
        for one, number in counts(findings).items()
    )
