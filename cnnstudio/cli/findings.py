"""What `cnnstudio findings` and `cnnstudio fix` do, and what `train` says before it begins."""

import sys
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
    """Print the findings for a person, each with its reason and the choices of `fix`."""
    console = plain_console()
    if not findings:
        console.print("Nothing was found.")
    for finding in findings:
        console.print(headline(finding), soft_wrap=True)
        if finding.why:
            console.print(Text(f"    {printable(finding.why)}"), soft_wrap=True)
        for number, fix in enumerate(finding.fixes, start=1):
            console.print(Text(f"    {number}. {printable(fix.label)}"), soft_wrap=True)


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
    finding = _finding(findings_of(project), wanted)
    chosen = _fix(finding, wanted.choice)
    save_project(chosen.apply(project), output)
    typer.echo(printable(f"{chosen.label}: done, and written to {output}."))


def _finding(findings: tuple[Finding, ...], wanted: Wanted) -> Finding:
    code = wanted.code.upper()
    same = [finding for finding in findings if finding.code == code]
    meant = [finding for finding in same if wanted.layer is None or finding.layer == wanted.layer]
    fixable = [finding for finding in meant if finding.fixes] or meant
    if len(fixable) == 1:
        return fixable[0]
    if fixable:
        places = listed([finding.layer or "the project as a whole" for finding in fixable])
        raise StudioError(f"{code[:20]} was found {len(fixable)} times: at {places}. Say where with --layer.")
    where = "" if wanted.layer is None else f" at {wanted.layer[:60]}"
    found = listed(sorted({finding.code for finding in findings})) or "nothing"
    raise StudioError(f"There is no finding {code[:20]}{where}; found was {found}. Choose one of these.")


def _fix(finding: Finding, choice: str | None) -> Fix:
    if not finding.fixes:
        raise StudioError(f"{finding.code} has no fix to apply. {finding.message}")
    if choice is None and len(finding.fixes) == 1:
        return finding.fixes[0]
    for number, one in enumerate(finding.fixes, start=1):
        if choice in (str(number), one.label):
            return one
    choices = ", ".join(f"{number} ({one.label})" for number, one in enumerate(finding.fixes, start=1))
    raise StudioError(f"{finding.code} can be mended in these ways: {choices}. Say which with --choice.")
