"""What `cnnstudio new`, `cnnstudio templates` and `cnnstudio import` do."""

from pathlib import Path
from typing import Any

import typer
from rich.table import Table

from cnnstudio.cli.output import plain_console, printable
from cnnstudio.core.errors import StudioError
from cnnstudio.core.layers import Input
from cnnstudio.core.project import Project, from_json, to_json
from cnnstudio.core.templates import TEMPLATES, Template

_USUAL_SHAPE = (28, 28, 1)


def refuse_existing(path: Path, force: bool) -> None:
    """StudioError when the file is there and nobody asked to replace it."""
    if path.exists() and not force:
        raise StudioError(f"{path} exists already. Choose another name, or add --force to replace it.")


def started_project(chosen: Template | None, given: Input | None, classes: int | None) -> Project:
    """A project of a template, or the sample project. BadParameter for a shape the template cannot take."""
    if chosen is None:
        if given is not None or classes is not None:
            raise typer.BadParameter("--input and --classes go with --template NAME.")
        from cnnstudio.engine.projects import sample_project

        return sample_project()
    try:
        network = chosen.build(given.shape if given else _USUAL_SHAPE, classes or chosen.classes)
    except StudioError as error:
        raise typer.BadParameter(str(error), param_hint="'--input'") from error
    return Project(network=network, notes=chosen.description)


def import_project(model: Path, output: Path) -> None:
    """Read a Keras model's architecture, write the project, and tell on standard error what was left out."""
    from cnnstudio.engine.importers import import_model
    from cnnstudio.engine.projects import save_project

    result = import_model(model)
    project = Project(network=result.network, notes=f"Imported from {model.name}.")
    _refuse_unreadable(project, model)
    save_project(project, output)
    for note in result.notes:
        typer.echo(printable(note), err=True)


def _refuse_unreadable(project: Project, model: Path) -> None:
    """A project file has limits, and nothing is written that could not be opened again."""
    try:
        from_json(to_json(project), model.name)
    except StudioError as error:
        raise StudioError(f"{model.name} does not fit into a project file: {error}") from error


def template_records() -> list[dict[str, Any]]:
    """The JSON form of the templates."""
    return [
        {"name": one.key, "title": one.title, "description": one.description, "classes": one.classes}
        for one in TEMPLATES
    ]


def show_templates() -> None:
    """Print the templates for a person."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Name", "Template", "What it is"):
        table.add_column(title)
    for one in TEMPLATES:
        table.add_row(one.key, one.title, one.description)
    plain_console().print(table)
