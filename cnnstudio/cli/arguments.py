"""Arguments that several commands take, and how their words are read. A wrong word is a wrong call."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cnnstudio.core.layers import Input
from cnnstudio.core.layers.settings import MAX_SIZE
from cnnstudio.core.tasks import AnyTask, task_named
from cnnstudio.core.templates import Template, template
from cnnstudio.core.values.errors import StudioError

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs to read.")]
ProjectFile = Annotated[Path, typer.Argument(metavar="FILE", help="A .cnnstudio project file.")]
WeightsPath = Annotated[Path, typer.Argument(metavar="WEIGHTS", help="A Keras weights or model file.")]
NewFile = Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The file to write.")]
Force = Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")]


def input_in(words: str) -> Input:
    """The input that `28,28,1` says; `?` is a size known only at run time. BadParameter for anything else."""
    try:
        sizes = [None if word.strip() == "?" else int(word) for word in words.split(",")]
        return Input(name="input", shape=tuple(sizes))
    except ValueError as error:  # pydantic's refusal is one too
        raise typer.BadParameter(
            f"{words[:60]!r} is no shape. Write 1 to 4 sizes from 1 to {MAX_SIZE:,} "
            "with commas between them, such as 28,28,1."
        ) from error


def template_in(word: str) -> Template:
    """The template of that name; BadParameter with the names there are for another."""
    try:
        return template(word)
    except StudioError as error:
        raise typer.BadParameter(str(error)) from error


def task_in(word: str) -> AnyTask:
    """The task of that name; BadParameter with the names there are for another."""
    try:
        return task_named(word)
    except StudioError as error:
        raise typer.BadParameter(str(error)) from error


def names_in(words: str) -> tuple[str, ...]:
    """Names with commas between them."""
    return tuple(word.strip() for word in words.split(",") if word.strip())


GivenInput = Annotated[
    Input | None,
    typer.Option(
        "--input",
        metavar="H,W,C",
        parser=input_in,
        help="The shape of one sample, for --template or --data; 28,28,1 or the data's when left out.",
    ),
]
TemplateName = Annotated[
    Template | None,
    typer.Option(metavar="NAME", parser=template_in, help="One of those that `cnnstudio templates` lists."),
]
DataName = Annotated[
    str | None,
    typer.Option(
        "--data",
        metavar="DATA",
        help="mnist, fashion_mnist, shapes, a folder with a folder of pictures for each class, arrays "
        "(.npz, .h5, .csv, IDX), or download:NAME for mnist, fashion_mnist, cifar10 and cifar100 whole.",
    ),
]
TaskName = Annotated[
    Any,
    typer.Option(
        "--task", metavar="NAME", parser=task_in, help="classification, segmentation or reconstruction."
    ),
]
OnlyClasses = Annotated[
    Any,
    typer.Option(
        "--only", metavar="A,B", parser=names_in, help="Only these classes of --data, with commas between."
    ),
]
Limit = Annotated[
    int | None,
    typer.Option(metavar="N", min=2, help="At most so many images of --data to learn from, of all classes."),
]
DataPath = Annotated[
    Path,
    typer.Argument(
        metavar="PATH", help="A folder, a file of data, a project, or the name of an included set."
    ),
]
RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a run.")]
ClassCount = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        min=1,
        max=100_000,
        help="How many classes, for --template; its own when left out.",
    ),
]
