"""The commands and their arguments.

Each command imports what it needs itself, so that none waits for what another needs.
"""

import gc
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cnnstudio import __version__
from cnnstudio.cli.arguments import (
    AsJson,
    ClassCount,
    DataName,
    DataPath,
    Force,
    GivenInput,
    Limit,
    NewFile,
    OnlyClasses,
    ProjectFile,
    RunFolder,
    TaskName,
    TemplateName,
    WeightsPath,
)
from cnnstudio.core.values.errors import StudioError

if TYPE_CHECKING:
    from cnnstudio.core.project import Project

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def command_names() -> set[str]:
    """The words that are commands."""
    return {command.name for command in app.registered_commands if command.name}


@app.callback(invoke_without_command=True)
def _program(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Build convolutional networks, train them, and look inside.

    `cnnstudio` opens the window; `cnnstudio FILE` opens it with that project.
    """
    del debug  # taken out before the arguments come here, so that it may stand anywhere
    if version:
        typer.echo(f"cnnstudio {__version__}")
        raise typer.Exit


@app.command("open", hidden=True)
def open_window(file: Annotated[Path | None, typer.Argument(metavar="FILE")] = None) -> None:
    """Open the window, with a project when one is given."""
    if file is not None and not file.exists():
        raise StudioError(f"There is no file and no command {file}. See cnnstudio --help.")
    # The window collects garbage itself; what is imported for it is none.
    gc.disable()
    from cnnstudio.gui.window.app import run

    raise typer.Exit(run(file))


@app.command("new")
def new(
    output: NewFile,
    template: TemplateName = None,
    given: GivenInput = None,
    classes: ClassCount = None,
    data: DataName = None,
    task: TaskName = None,
    only: OnlyClasses = None,
    limit: Limit = None,
    force: Force = False,
) -> None:
    """Write a project to start from: a template, or two convolutions with pooling on MNIST.

    With --data the network takes these pictures and gives what the task asks for. A template without data
    has none: choose them later on the Data page.
    """
    from cnnstudio.cli import creation
    from cnnstudio.engine.files.projects import save_project

    creation.refuse_existing(output, force)
    wanted = creation.Wanted(template, task, given, classes, data, only, limit)
    save_project(creation.new_project(wanted), output)


@app.command("templates")
def templates(as_json: AsJson = False) -> None:
    """List the networks to begin with."""
    from cnnstudio.cli import creation

    if as_json:
        _print_json(creation.template_records())
    else:
        creation.show_templates()


@app.command("import")
def import_(
    model: Annotated[
        Path, typer.Argument(metavar="MODEL", help="A .keras file, a whole-model .h5 file or Keras's JSON.")
    ],
    output: NewFile,
    weights: Annotated[
        Path | None,
        typer.Option("--weights", metavar="FILE", help="The weights file of a model that is JSON."),
    ] = None,
    force: Force = False,
) -> None:
    """Make a project of a Keras model; no code in the file is run.

    Training starts from the weights in the file, or in that of --weights, which are not copied. Which layers
    find theirs, and what could not be taken over as it was, is told on standard error, one line each.
    """
    from cnnstudio.cli import creation

    creation.refuse_existing(output, force)
    creation.import_project(model, output, weights)


@app.command("export")
def export(
    file: ProjectFile,
    output: NewFile,
    form: Annotated[
        str, typer.Option("--format", metavar="NAME", help="Else by the ending; a wrong name lists all.")
    ] = "",
    force: Force = False,
) -> None:
    """Write a project's network for other programs: as code, or as a diagram."""
    from cnnstudio.cli import creation

    creation.refuse_existing(output, force)
    creation.export_project(file, output, form)


@app.command("schema")
def schema() -> None:
    """Print the JSON Schema of a project file."""
    from cnnstudio.core.project.schema import project_schema

    _print_json(project_schema())


@app.command("summary")
def summary(file: ProjectFile, as_json: AsJson = False) -> None:
    """Show each layer's output shape, parameters and cost, and what is wrong."""
    from cnnstudio.cli import summaries

    result = summaries.summary_of(_opened(file))
    if as_json:
        _print_json(result.record())
    else:
        summaries.show(result)


@app.command("findings")
def findings(file: ProjectFile, as_json: AsJson = False) -> None:
    """Say what is wrong or unwise in a project, why, and what would mend it."""
    from cnnstudio.cli import findings as judging

    found = judging.findings_of(_opened(file))
    if as_json:
        _print_json([judging.record(finding) for finding in found])
    else:
        judging.show(found)


@app.command("data")
def data(path: DataPath, as_json: AsJson = False) -> None:
    """Say what data are at a path: their kind, classes and parts, and how many pictures cannot be read."""
    from cnnstudio.cli import data as looking

    found = looking.description_of(path)
    if as_json:
        _print_json(found.record())
    else:
        looking.show_description(found)


@app.command("check-data")
def check_data(path: DataPath, as_json: AsJson = False) -> None:
    """Look at every picture and say what is amiss, such as one in two classes, or in training and test."""
    from cnnstudio.cli import data as looking

    report = looking.report_on(path)
    if as_json:
        _print_json(report.record())
    else:
        looking.show_report(report)


@app.command("fix")
def fix(
    file: ProjectFile,
    code: Annotated[str, typer.Option(metavar="CODE", help="The code of the finding, such as C07.")],
    layer: Annotated[
        str | None, typer.Option(metavar="NAME", help="The finding's layer, where several have the code.")
    ] = None,
    choice: Annotated[
        str | None,
        typer.Option(metavar="N", help="The number of a fix, or its label, where there are several."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="The file to write; FILE itself when left out."),
    ] = None,
    force: Force = False,
) -> None:
    """Apply the fix of a finding that `cnnstudio findings` lists, and write the project."""
    from cnnstudio.cli import creation
    from cnnstudio.cli import findings as judging

    if output is not None:
        creation.refuse_existing(output, force)
    judging.fix(_opened(file), judging.Wanted(code, layer, choice), output or file)


@app.command("train")
def train(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A .cnnstudio project file; not with --resume.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="The run's folder; it holds no run yet.")
    ] = None,
    resume: Annotated[
        Path | None, typer.Option("--resume", metavar="DIR", help="Go on with the run in this folder.")
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(min=1, max=100_000, help="Train this many epochs, not the file's number.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, max=2**31 - 1, help="Train with this seed; the data's split stays.")
    ] = None,
    picture_memory: Annotated[
        int | None,
        typer.Option(
            min=0, max=1_000_000, metavar="MB", help="Memory for decoded pictures; 512 when left out."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Train a project and keep the best weights in DIR/best.weights.h5.

    DIR becomes the run's folder: the project as trained, history.csv, best.weights.h5, last.weights.h5
    and run.json. Ctrl-C stops within a batch, keeps the best weights, and exits with 130. With --resume a run
    goes on from its last whole epoch, with the numbers it would have had without the break.
    """
    from cnnstudio.cli.training import resume_training, run_training

    if picture_memory is not None:
        from cnnstudio.engine.data.budget import BUDGET

        BUDGET.most_bytes = picture_memory * 2**20
    if resume is not None:
        if file is not None or out is not None or seed is not None:
            raise typer.BadParameter("--resume goes on with a run as it is: give it alone, or with --epochs.")
        raise typer.Exit(resume_training(resume, epochs, as_json=as_json))
    if file is None or out is None:
        raise typer.BadParameter("Give a project FILE and --out DIR, or --resume DIR.")
    project = _opened(file)
    given = {"epochs": epochs, "seed": seed}
    changes = {name: value for name, value in given.items() if value is not None}
    settings = project.training.model_copy(update=changes)
    raise typer.Exit(run_training(project.with_training(settings), out, file, as_json=as_json))


@app.command("evaluate")
def evaluate(
    run: RunFolder,
    part: Annotated[str, typer.Option(metavar="PART", help="test, validation or training.")] = "test",
    checkpoint: Annotated[str, typer.Option(metavar="WHICH", help="best or last.")] = "best",
    as_json: AsJson = False,
) -> None:
    """Measure a trained network on pictures it has not learned from."""
    from cnnstudio.cli import evaluation

    report = evaluation.report_of(run, part, checkpoint)
    if as_json:
        _print_json(report.record())
    else:
        evaluation.show(report)


@app.command("predict")
def predict(
    run: RunFolder,
    images: Annotated[list[Path], typer.Argument(metavar="IMAGE...", help="Pictures to ask about.")],
    checkpoint: Annotated[str, typer.Option(metavar="WHICH", help="best or last.")] = "best",
    as_json: AsJson = False,
) -> None:
    """Ask a trained network which class pictures are of."""
    from cnnstudio.cli import evaluation

    found = evaluation.predictions(run, images, checkpoint)
    if as_json:
        _print_json([one.record() for one in found])
    else:
        evaluation.show_predictions(found)


@app.command("inspect")
def inspect(weights: WeightsPath, as_json: AsJson = False) -> None:
    """List the layers, arrays and convolution kernels of any Keras file."""
    from cnnstudio.cli import inspection

    contents, notes = inspection.contents_of(weights)
    if as_json:
        _print_json(contents)
    else:
        inspection.show(contents)
    inspection.tell(notes)


@app.command("convolve")
def convolve(
    weights: WeightsPath,
    layer: Annotated[str, typer.Option(metavar="NAME", help="The layer the kernel belongs to.")],
    filter_index: Annotated[int, typer.Option("--filter", metavar="K", help="Which filter, from 0.")],
    image: Annotated[
        Path, typer.Option(metavar="IMAGE", help="A picture, or the name of an included photo.")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="OUT", help="A .png or .npy file.")],
    channel: Annotated[
        int | None, typer.Option(metavar="C", help="One input channel, from 0; all of them when left out.")
    ] = None,
) -> None:
    """Lay one filter over a picture and write the feature map."""
    from cnnstudio.cli import inspection

    inspection.convolve(weights, layer, filter_index, channel, image, output)


def _opened(file: Path) -> "Project":
    """The project of a file; settings that nobody here knows are told on standard error."""
    from cnnstudio.core.project.unknown import sentence_about
    from cnnstudio.engine.files.projects import open_project

    project = open_project(file)
    if project.unknown:
        typer.echo(sentence_about(project.unknown), err=True)
    return project


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))
