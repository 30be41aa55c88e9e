"""What `cnnstudio data` and `cnnstudio check-data` do."""

import sys
from pathlib import Path
from time import monotonic

from rich.table import Table
from rich.text import Text

from cnnstudio.cli.findings import STYLES
from cnnstudio.cli.output import plain_console, printable
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import Included
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.words import counted
from cnnstudio.engine.data import INCLUDED, NO_DATA, find
from cnnstudio.engine.data.description import Description, described
from cnnstudio.engine.data.linting import DataReport, check_data
from cnnstudio.engine.data.tensor import shape_text
from cnnstudio.engine.files.projects import SUFFIX, open_project

_MOST_NAMES = 5
_PAUSE_S = 0.2


def description_of(path: Path) -> Description:
    """Look through what is at a path, and decode all of it."""
    with _Counter("read") as counter:
        return described(_choice_at(path), counter.show)


def report_on(path: Path) -> DataReport:
    """Check the data of a project, or those at a path."""
    with _Counter("checked") as counter:
        return check_data(_choice_at(path), counter.show)


def _choice_at(path: Path) -> DataChoice:
    included = next((one.name for one in INCLUDED if one.name == str(path) and not path.exists()), None)
    if included is not None:
        return DataChoice(source=Included(set=included))
    if path.suffix.lower() == SUFFIX:
        choice = open_project(path).data
        if choice.source is None:
            raise StudioError(NO_DATA)
        return choice
    found = find(path)
    return DataChoice(source=found.source, preparation=found.preparation)


class _Counter:
    """Says on standard error how far it is, where that is a terminal, and takes it away at the end."""

    def __init__(self, done: str) -> None:
        self._done, self._next, self._shown = done, 0.0, False

    def __enter__(self) -> "_Counter":
        return self

    def __exit__(self, *_error: object) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")

    def show(self, done: int, total: int) -> None:
        """So many pictures of so many are done."""
        if not sys.stderr.isatty() or monotonic() < self._next:
            return
        self._next, self._shown = monotonic() + _PAUSE_S, True
        sys.stderr.write(f"\r{done:,} of {total:,} pictures {self._done}")
        sys.stderr.flush()


def show_description(found: Description) -> None:
    """Print what there is for a person."""
    console = plain_console()
    shape = shape_text(tuple(size or 0 for size in found.sample_shape))
    classes = counted(len(found.classes), "class")
    head = f"{found.title}: {found.kind}, for {found.task}; {classes}, {shape} each."
    console.print(Text(printable(head)), soft_wrap=True)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("class")
    for part in ("train", "validation", "test"):
        table.add_column(part, justify="right")
    for one in found.classes:
        counts = (f"{count:,}" for count in (one.train, one.validation, one.test))
        table.add_row(Text(printable(one.name)), *counts)
    console.print(table)
    for remark in found.remarks:
        console.print(Text(printable(remark)), soft_wrap=True)
    if found.unreadable:
        console.print(f"{found.unreadable:,} cannot be read; cnnstudio check-data names them.")


def show_report(report: DataReport) -> None:
    """Print the findings for a person, each with its reason and the first pictures concerned."""
    console = plain_console()
    if not report.findings:
        console.print(f"Nothing was found in {counted(report.pictures, 'picture')}.")
    for finding in report.findings:
        head = Text(f"{finding.code} {finding.severity}", style=STYLES[finding.severity])
        console.print(Text.assemble(head, f"  {printable(finding.message)}"), soft_wrap=True)
        console.print(Text(f"    {printable(finding.why)}"), soft_wrap=True)
        names = [printable(name) for name in finding.locators[:_MOST_NAMES]]
        more = f" and {finding.count - len(names):,} more" if finding.count > len(names) else ""
        console.print(Text(f"    {', '.join(names)}{more}"), soft_wrap=True)
