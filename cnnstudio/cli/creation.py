"""What `cnnstudio new`, `templates`, `import` and `export` do."""

from pathlib import Path
from typing import Any

import typer
from msgspec import Struct
from rich.table import Table

from cnnstudio.cli.output import plain_console, printable
from cnnstudio.core.layers import Input
from cnnstudio.core.project import Project, from_json, to_json
from cnnstudio.core.project.data import MAX_SIDE, Colors, DataChoice, Preparation
from cnnstudio.core.project.sources import Download, Included
from cnnstudio.core.project.training import TrainingSettings
from cnnstudio.core.tasks import AnyTask, Classification
from cnnstudio.core.templates import TEMPLATES, Template, template
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.shape import Shape
from cnnstudio.core.values.words import counted
from cnnstudio.engine.data import DOWNLOADS, INCLUDED, facts_of, find

_USUAL_SHAPE = (28, 28, 1)
_DOWNLOAD = "download:"


def refuse_existing(path: Path, force: bool) -> None:
    """StudioError when the file is there and nobody asked to replace it."""
    if path.exists() and not force:
        raise StudioError(f"{path} exists already. Choose another name, or add --force to replace it.")


class Wanted(Struct, frozen=True):
    """What a new project is to be, as far as it was said."""

    template: Template | None = None
    task: AnyTask | None = None
    input: Input | None = None
    classes: int | None = None
    data: str | None = None
    only: tuple[str, ...] | None = None
    limit: int | None = None


def new_project(wanted: Wanted) -> Project:
    """A project as asked for: the sample project where nothing is said.

    StudioError for data that are none, BadParameter for words that do not go together.
    """
    if wanted.data is not None:
        return _on_data(wanted, wanted.data)
    if wanted.only is not None or wanted.limit is not None:
        raise typer.BadParameter("--only and --limit choose among data: add --data.")
    if wanted.template is None and wanted.task is None:
        if wanted.input is not None or wanted.classes is not None:
            raise typer.BadParameter("--input and --classes go with --template NAME.")
        from cnnstudio.engine.files.projects import sample_project

        return sample_project()
    chosen = _template(wanted)
    own = wanted.input is None and wanted.classes is None
    shape = wanted.input.shape if wanted.input else _USUAL_SHAPE
    data = None if own else DataChoice()
    return _built(chosen, shape, wanted.classes or chosen.classes, data)


def _template(wanted: Wanted) -> Template:
    """The template that was named, or the usual one of the task; BadParameter where the two disagree."""
    if wanted.template is None:
        return template((wanted.task or Classification()).usual_template)
    if wanted.task is not None and wanted.task.type != wanted.template.task.type:
        raise typer.BadParameter(
            f"The template {wanted.template.key} is made for {wanted.template.task.type}, not for "
            f"{wanted.task.type}. Choose another template, or leave out --task.",
            param_hint="'--task'",
        )
    return wanted.template


def _on_data(wanted: Wanted, words: str) -> Project:
    """A project over an included data set, or the pictures of a folder, and their classes."""
    if wanted.classes is not None:
        raise typer.BadParameter("The classes are those of the data: leave out --classes, or --data.")
    data = _narrowed(_prepared(_found(words), wanted.input), wanted)
    facts = facts_of(data)
    assert facts is not None  # data are chosen
    chosen = _template(wanted)
    if chosen.task.needs_masks and not facts.has_masks:
        raise StudioError(
            f"{facts.title} has no masks, and {chosen.task.type} learns from a class for each pixel. "
            "Choose data with masks, such as --data shapes."
        )
    return _built(chosen, facts.sample_shape, facts.classes, data)


def _found(words: str) -> DataChoice:
    """What `--data` names: an included data set by its name, one of Keras's, else a person's own; how that is
    read is told.
    """
    included = next((one for one in INCLUDED if one.name == words), None)
    if included is not None:
        return DataChoice(source=Included(set=included.name))
    download = next((one for one in DOWNLOADS if words == f"{_DOWNLOAD}{one.name}"), None)
    if download is not None:
        return DataChoice(source=Download(set=download.name))
    found = find(Path(words))
    choice = DataChoice(source=found.source, preparation=found.preparation)
    facts = facts_of(choice)
    assert facts is not None  # data are chosen
    for line in (
        f"{facts.title}: {facts.counts_text} images of {counted(facts.classes, 'class')}.",
        *found.remarks,
    ):
        typer.echo(printable(line), err=True)
    return choice


def _prepared(data: DataChoice, given: Input | None) -> DataChoice:
    """The same data, the pictures brought to the shape that was asked for."""
    if given is None:
        return data
    match given.shape:
        case (int(height), int(width), 1 | 3 as channels) if max(height, width) <= MAX_SIDE:
            colors: Colors = "gray" if channels == 1 else "color"
            return data.with_preparation(Preparation(size=(height, width), colors=colors))
        case _:
            raise typer.BadParameter(
                f"Pictures are brought to a height and width from 1 to {MAX_SIDE:,}, and to 1 channel (gray) "
                "or 3 (color), such as 64,64,3.",
                param_hint="'--input'",
            )


def _narrowed(data: DataChoice, wanted: Wanted) -> DataChoice:
    """Only some classes, or at most so many images, where that was asked for."""
    facts = facts_of(data)
    unknown = [name for name in wanted.only or () if facts is None or name not in facts.class_names]
    if unknown and facts is not None:
        raise typer.BadParameter(
            f"{facts.title} has no class {unknown[0]!r}. Choose among {', '.join(facts.class_names[:20])}.",
            param_hint="'--only'",
        )
    if wanted.only is not None and not 2 <= len(set(wanted.only)) == len(wanted.only):
        raise typer.BadParameter("Name at least two classes, each once.", param_hint="'--only'")
    return data.model_copy(update={"classes": wanted.only, "limit": wanted.limit})


def _built(chosen: Template, shape: Shape, classes: int, data: DataChoice | None) -> Project:
    try:
        project = chosen.project(shape, classes, data)
    except StudioError as error:
        raise typer.BadParameter(str(error), param_hint="'--input'") from error
    return project.model_copy(update={"notes": chosen.description})


def import_project(model: Path, output: Path, weights: Path | None = None) -> None:
    """Write a project of a Keras model; standard error tells what was left out, and where training starts.

    `weights` is the file that training starts from, where that is not the model's own. StudioError when it
    fits no layer.
    """
    from cnnstudio.engine.files.projects import save_project
    from cnnstudio.engine.importers import import_model
    from cnnstudio.engine.training.start_weights import fit_of_given, fit_of_own

    result = import_model(model, weights)
    fit = fit_of_own(result.network, model) if weights is None else fit_of_given(result.network, weights)
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
        {
            "name": one.key,
            "title": one.title,
            "description": one.description,
            "classes": one.classes,
            "task": one.task.type,
        }
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
