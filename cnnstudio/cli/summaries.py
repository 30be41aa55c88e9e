"""What `cnnstudio summary` prints."""

from functools import cached_property
from typing import Any

from msgspec import Struct
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cnnstudio.cli.findings import findings_of, headline
from cnnstudio.cli.output import plain_console, printable
from cnnstudio.core.analysis import Analysis, Row, Totals, analyze
from cnnstudio.core.analysis.describe import at_least, bytes_text
from cnnstudio.core.analysis.findings import Finding, by_layer
from cnnstudio.core.project import Project
from cnnstudio.core.values.shape import shown
from cnnstudio.core.values.words import counted

_MOST_FINDINGS = 100


class Summary(Struct, frozen=True, dict=True):
    """A network's rows and everything that was found."""

    analysis: Analysis
    findings: tuple[Finding, ...]

    def codes(self, row: Row) -> list[str]:
        """The codes of what was found at one layer."""
        return [finding.code for finding in self._found.get(row.name, ())]

    @cached_property
    def _found(self) -> dict[str, tuple[Finding, ...]]:
        return by_layer(self.findings)

    def record(self) -> dict[str, Any]:
        """The JSON form."""
        totals = self.analysis.totals
        return {
            "input_shape": list(self.analysis.network.input_shape),
            "layers": [self._layer_record(row) for row in self.analysis.rows],
            "totals": _totals_record(totals),
            "findings": [_finding_record(finding) for finding in self.findings],
        }

    def _layer_record(self, row: Row) -> dict[str, Any]:
        return {
            "name": row.name,
            "type": row.layer.type,
            "inputs": list(row.inputs),
            "output_shape": None if row.output_shape is None else list(row.output_shape),
            "trainable": row.trainable if row.weights_known else None,
            "non_trainable": row.non_trainable if row.weights_known else None,
            "macs": row.macs if row.macs_known else None,
            "bytes": row.bytes if row.weights_known else None,
            "receptive_field": _field_record(row),
            "activation_bytes": row.activation_bytes,
            "findings": self.codes(row),
            **({} if row.layer.enabled else {"enabled": False}),
            **({"weights_of": row.layer.weights_of} if row.layer.weights_of else {}),
        }


def summary_of(project: Project) -> Summary:
    """Analyze a project's network and check the project."""
    return Summary(analyze(project.network), findings_of(project))


def _totals_record(totals: Totals) -> dict[str, Any]:
    """The sums, null where a part is not known; `at_least` says how much of those is."""
    weights = {"trainable": totals.trainable, "non_trainable": totals.non_trainable, "bytes": totals.bytes}
    macs = {"macs": totals.macs}
    unknown = {**({} if totals.weights_known else weights), **({} if totals.macs_known else macs)}
    sums = {**weights, **macs, "activation_bytes": totals.activation_bytes}
    return {**sums, **dict.fromkeys(unknown), **({"at_least": unknown} if unknown else {})}


def _field_record(row: Row) -> list[int] | None:
    """How many input pixels one value sees, height first; null where there are no places any more."""
    return None if row.receptive_field is None else [axis.size for axis in row.receptive_field]


def _finding_record(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "layer": finding.layer,
        "message": finding.message,
    }


def show(summary: Summary) -> None:
    """Print the table for a person."""
    console = plain_console()
    console.print(_table(summary))
    _print_totals(console, summary.analysis)
    for finding in summary.findings[:_MOST_FINDINGS]:
        console.print(headline(finding))
    if (left := len(summary.findings) - _MOST_FINDINGS) > 0:
        console.print(f"... and {left:,} more; --json lists all.")


def _table(summary: Summary) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Layer", "Type", "Output shape"):
        table.add_column(title)
    for title in ("Trainable", "Other", "MACs"):
        table.add_column(title, justify="right")
    table.add_column("Findings")
    for row in summary.analysis.rows:
        table.add_row(*_cells(row), ", ".join(dict.fromkeys(summary.codes(row))))
    return table


def _cells(row: Row) -> tuple[Text | str, ...]:
    names = (Text(printable(row.name)), row.layer.type if row.layer.enabled else f"{row.layer.type} (off)")
    counts = [f"{number:,}" if row.weights_known else "?" for number in (row.trainable, row.non_trainable)]
    if row.output_shape is not None:
        return (*names, shown(row.output_shape), *counts, f"{row.macs:,}" if row.macs_known else "?")
    told = counts if row.weights_known else ["", ""]
    return (*names, Text(f"waits for {printable(row.waits_for)}" if row.waits_for else "none"), *told, "")


def _print_totals(console: Console, analysis: Analysis) -> None:
    totals = analysis.totals
    console.print()
    console.print(
        f"{at_least(totals.weights_known)}{counted(totals.parameters, 'parameter')} "
        f"({totals.trainable:,} trainable, {totals.non_trainable:,} other), "
        f"{bytes_text(totals.bytes)}, {at_least(totals.macs_known)}{totals.macs:,} MACs an image"
    )
