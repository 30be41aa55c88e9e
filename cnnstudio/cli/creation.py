"""What `cnnstudio new`, `templates`, `import` and `export` do."""

from pathlib import Path
from typing import Any

import typer
from rich.table import Table

from cnnstudio.cli.output import plain_console, printable
from cnnstudio.core.layers import Input
from cnnstudio.core.project import Project, from_json, to_json
from cnnstudio.core.project.data import MAX_SIDE, DataChoice, FolderSource
from cnnstudio.core.project.training import TrainingSettings
from cnnstudio.core.templates import TEMPLATES, Template, template
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.shape import Shape

_USUAL_SHAPE = (28, 28, 1)
_USUAL_TEMPLATE = "two-conv"


def refuse_existing(path: Path, force: bool) -> None:
    """StudioError when the file is there and nobody asked to replace it."""
    if path.exists() and not force:
        raise StudioError(f"{path} exists already. Choose another name, or add --force to replace it.")


def started_project(chosen: Template | None, given: Input | None, classes: int | None) -> Project:
    """A project of a template, or the sample project. BadParameter for a shape the template cannot take."""
    if chosen is None:
        if given is not None or classes is not None:
            raise typer.BadParameter("--input and --classes go with --template NAME.")
        from cnnstudio.engine.files.projects import sample_project

        return sample_project()
    return _built(chosen, given.shape if given else _USUAL_SHAPE, classes or chosen.classes, DataChoice())


def project_on_folder(
    folder: Path, chosen: Template | None, given: Input | None, classes: int | None
) -> Project:
    """A project of a template, or of two convolutions, for the pictures of a folder and their classes.

    StudioError for a folder without class folders, BadParameter for what does not go with one.
    """
    if classes is not None:
        raise typer.BadParameter("The classes are those of the folder: leave out --classes, or --data.")
    from cnnstudio.engine.data.folder.scan import scan

    source = _brought_to(scan(folder), given)
    chosen = chosen or template(_USUAL_TEMPLATE)
    data = DataChoice().with_folder(source)
    return _built(chosen, source.sample_shape, len(source.class_names), data)


def _brought_to(source: FolderSource, given: Input | None) -> FolderSource:
    """The same folder, its pictures brought to the shape that was asked for."""
    if given is None:
        return source
    match given.shape:
        case (int(height), int(width), 1 | 3 as channels) if max(height, width) <= MAX_SIDE:
            colors = "gray" if channels == 1 else "color"
            return source.model_copy(update={"size": (height, width), "colors": colors})
        case _:
            raise typer.BadParameter(
                f"Pictures are brought to a height and width from 1 to {MAX_SIDE:,}, and to 1 channel (gray) "
                "or 3 (color), such as 64,64,3.",
                param_hint="'--input'",
            )


def _built(chosen: Template, shape: Shape, classes: int, data: DataChoice) -> Project:
    try:
        project = chosen.project(shape, classes, data)
    except StudioError as error:
        raise typer.BadParameter(str(error), param_hint="'--input'") from error
    return project.model_copy(update={"notes": chosen.description})


def import_project(model: Path, output: Path) -> None:
    """Write a project of a Keras model; standard error tells what was left out, and where training starts."""
    from cnnstudio.engine.files.projects import save_project
    from cnnstudio.engine.importers import import_model
    from cnnstudio.engine.training.start_weights import fit_of_own

    result = import_model(model)
    fit = fit_of_own(result.network, model)
    training = TrainingSettings(start_from=fit.reference if fit else None)
    project = Project(network=result.network, training=training, notes=f"Imported from {model.name}.")
    _refuse_unreadable(project, model)
    save_project(project, output)
    start = [f"Training starts: {fit.sentence()}"] if fit and fit.random else []
    for note in (*result.notes, *start):
        typer.echo(printable(note), err=True)


def export_project(file: Path, output: Path, form: str) -> None:
    """Write a project's network in a format of other programs, chosen by its name or else by the ending."""
    from cnnstudio.engine.exporters import export
    from cnnstudio.engine.files.projects import open_project

    export(open_project(file), output, form)


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
