"""What `cnnstudio evaluate` and `cnnstudio predict` do."""

from pathlib import Path

import typer
from rich.table import Table
from rich.text import Text

from cnnstudio.cli.output import plain_console, printable
from cnnstudio.engine.data.catalog import PARTS
from cnnstudio.engine.evaluation import words
from cnnstudio.engine.evaluation.network import CHECKPOINTS, Prediction, open_network, predict
from cnnstudio.engine.evaluation.report import Report, evaluate
from cnnstudio.engine.runs.folder import read_run

_MOST_CLASSES = 20
"""Above, a confusion matrix is wider than a terminal; `--json` gives it whole."""


def report_of(folder: Path, part: str, checkpoint: str) -> Report:
    """Evaluate the run in a folder. BadParameter for a part or a checkpoint that is none."""
    chosen = next((one for one in PARTS if one == part), None)
    if chosen is None:
        raise typer.BadParameter(f"Choose one of {', '.join(PARTS)}.", param_hint="'--part'")
    _check_checkpoint(checkpoint)
    return evaluate(read_run(folder), chosen, checkpoint)


def predictions(folder: Path, images: list[Path], checkpoint: str) -> list[Prediction]:
    """What the network of a run answers to pictures. BadParameter for a checkpoint that is none."""
    _check_checkpoint(checkpoint)
    return predict(open_network(read_run(folder), checkpoint), images)


def _check_checkpoint(checkpoint: str) -> None:
    if checkpoint not in CHECKPOINTS:
        raise typer.BadParameter(f"Choose one of {', '.join(CHECKPOINTS)}.", param_hint="'--checkpoint'")


def show(report: Report) -> None:
    """Print a report for a person."""
    console = plain_console()
    console.print(words.heading(report), highlight=False)
    for title, value in words.figures(report):
        console.print(f"{title}: {value}", highlight=False)
    if 0 < len(report.classes) <= _MOST_CLASSES:
        console.print("\nRows are the truth, columns the answer.")
        console.print(_matrix(report))
    if report.confusion:
        console.print(Text(printable(words.most_confused_sentence(report))), soft_wrap=True)


def _matrix(report: Report) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    for name in report.classes:
        table.add_column(Text(printable(name)), justify="right")
    for name, row in zip(report.classes, report.confusion, strict=True):
        table.add_row(Text(printable(name), style="bold"), *(f"{count:,}" if count else "·" for count in row))
    return table


def show_predictions(found: list[Prediction]) -> None:
    """Print the answers for a person, the likeliest classes first."""
    console = plain_console()
    for one in found:
        best = sorted(one.classes.items(), key=lambda pair: -pair[1])[:3]
        shares = ", ".join(f"{printable(name)} {share:.1%}" for name, share in best)
        console.print(Text(f"{printable(one.image)}: {printable(one.predicted)}  ({shares})"), soft_wrap=True)
