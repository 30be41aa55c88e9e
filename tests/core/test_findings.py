"""Findings are counted and sorted by how severe they are, the worst first."""

from typing import get_args

from cnnstudio.core.analysis.findings import (
    SEVERITIES,
    Finding,
    Severity,
    counts_text,
    worst,
    worst_by_layer,
)


def found(*severities: Severity, layer: str | None = None) -> list[Finding]:
    return [Finding("X01", severity, layer, "It is so.") for severity in severities]


def test_every_severity_has_its_place_and_its_words() -> None:
    assert set(SEVERITIES) == set(get_args(Severity))
    assert counts_text(found(*SEVERITIES)) == "1 error, 1 warning, 1 piece of advice"


def test_findings_are_counted_the_worst_first_and_only_where_there_are_some() -> None:
    findings = found("advice", "error", "advice")
    assert counts_text(findings) == "1 error, 2 pieces of advice"
    assert counts_text([]) == ""


def test_the_worst_of_each_layer_is_kept_and_the_whole_project_is_no_layer() -> None:
    of_layers = found("advice", "warning", "advice", layer="a") + found("advice", layer="b")
    findings = of_layers + found("error")
    assert worst_by_layer(findings) == {"a": "warning", "b": "advice"}
    assert worst(findings) == "error"
