"""What `cnnstudio findings` and `cnnstudio fix` do, and what `train` says before it begins."""

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import typer
from msgspec import Struct
from rich.text import Text

from cnnstudio.cli.output import plain_console, printable
from cnnstudio.core.analysis import analyze
from cnnstudio.core.analysis.findings import SEVERITIES, Finding, Fix
from cnnstudio.core.checks import run_checks
from cnnstudio.core.project import Project
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.words import listed
from cnnstudio.engine.data import facts_of
from cnnstudio.engine.files.projects import save_project
from cnnstudio.engine.files.system import free_memory

STYLES = dict(zip(SEVERITIES, ("bold red", "yellow", "cyan"), strict=True))
"""The colors of a terminal."""


def findings_of(project: Project) -> tuple[Finding, ...]:
    """What is wrong or unwise in a project, on this machine."""
    return run_checks(project, analyze(project.network), facts_of(project.data), free_memory())


def record(finding: Finding) -> dict[str, Any]:
    """The JSON form."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "layer": finding.layer,
        "message": finding.message,
        "why": finding.why,
        "fixes": [fix.label for fix in finding.fixes],
    }


def headline(finding: Finding) -> Text:
    """A finding in a line: its code and severity in color, and what it says."""
    head = Text(f"{finding.code} {finding.severity}", style=STYLES[finding.severity])
    return Text.assemble(head, f"  {printable(finding.message)}")


def show(findings: tuple[Finding, ...]) -> None:
    """Print the findings for a person, each with its reason and the choices of `fix` for its code."""
    console = plain_console()
    numbers: Counter[str] = Counter()
    if not findings:
        console.print("Nothing was found.")
    for finding in findings:
        console.print(headline(finding), soft_wrap=True)
        if finding.why:
            console.print(Text(f"    {printable(finding.why)}"), soft_wrap=True)
        for fix in finding.fixes:
            numbers[finding.code] += 1
            console.print(Text(f"    {numbers[finding.code]}. {printable(fix.label)}"), soft_wrap=True)


def warn(project: Project) -> None:
    """Tell on standard error what is most likely a mistake."""
    for finding in findings_of(project):
        if finding.severity == "warning":
            sys.stderr.write(f"{finding.code} {finding.severity}  {printable(finding.message)}\n")


class Wanted(Struct, frozen=True):
    """Which finding is to be mended, and which of its fixes is meant: a number from 1, or a label."""

    code: str
    layer: str | None = None
    choice: str | None = None


def fix(project: Project, wanted: Wanted, output: Path) -> None:
    """Apply a fix and write the project. StudioError when no fix, or more than one, is meant."""
    chosen = _fix(_ways(findings_of(project), wanted), wanted)
    save_project(chosen.apply(project), output)
    typer.echo(printable(f"{chosen.label}: done, and written to {output}."))


def _ways(findings: tuple[Finding, ...], wanted: Wanted) -> list[tuple[Finding, Fix]]:
    """All fixes of the findings that are meant; there is at least one."""
    code, layer = wanted.code.upper(), wanted.layer
    meant = [one for one in findings if one.code == code and layer in (None, one.layer)]
    if not meant:
        where = "" if layer is None else f" at {layer[:60]}"
        found = listed(sorted({finding.code for finding in findings})) or "nothing"
        raise StudioError(f"There is no finding {code[:20]}{where}; found was {found}. Choose one of these.")
    ways = [(finding, fix) for finding in meant for fix in finding.fixes]
    if not ways:
        raise StudioError(f"{code} has no fix to apply. {meant[0].message}")
    return ways


def _fix(ways: list[tuple[Finding, Fix]], wanted: Wanted) -> Fix:
    labelled = [fix for _, fix in ways if fix.label == wanted.choice]
    numbered = [fix for number, (_, fix) in enumerate(ways, start=1) if str(number) == wanted.choice]
    chosen = numbered or labelled or ([fix for _, fix in ways] if wanted.choice is None else [])
    if len(chosen) == 1:
        return chosen[0]
    choices = ", ".join(
        f"{number} ({fix.label}, at {finding.layer or 'the project'})"
        for number, (finding, fix) in enumerate(ways, start=1)
    )
    raise StudioError(
        f"{ways[0][0].code} can be mended in these ways: {choices}. Say which with --choice and its number."
    )
