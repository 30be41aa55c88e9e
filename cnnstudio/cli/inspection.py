"""What `cnnstudio inspect` and `cnnstudio convolve` do."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import typer
from rich.table import Table
from rich.text import Text

from cnnstudio.cli.output import plain_console, printable
from cnnstudio.core.values.shape import shown


def contents_of(path: Path) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The JSON form of a weights file, and sentences on what was assumed. StudioError when it is none."""
    from cnnstudio.engine.weights import open_weights

    with open_weights(path) as file:
        return {
            "format": file.format,
            "keras_version": file.keras_version,
            "layers": [
                {
                    "name": layer.name,
                    "weights": [
                        {"name": weight.name, "shape": list(weight.shape), "dtype": weight.dtype}
                        for weight in layer.weights
                    ],
                }
                for layer in file.layers
            ],
            "kernels": [
                {"layer": kernel.layer, "weight": kernel.weight, "shape": list(kernel.shape)}
                for kernel in file.kernels
            ],
        }, file.notes


def show(contents: dict[str, Any]) -> None:
    """Print the contents of a weights file for a person."""
    kernels = {(kernel["layer"], kernel["weight"]) for kernel in contents["kernels"]}
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Layer", "Array", "Shape", "Type", ""):
        table.add_column(title)
    for layer in contents["layers"]:
        for weight in layer["weights"]:
            note = "kernel" if (layer["name"], weight["name"]) in kernels else ""
            cells = (layer["name"], weight["name"], shown(tuple(weight["shape"])), weight["dtype"])
            table.add_row(*(Text(cell) for cell in cells), note)
    console = plain_console()
    console.print(table)
    version = contents["keras_version"]
    console.print(f"\n{contents['format']}" + (f", written by Keras {version}" if version else ""))


def tell(notes: Iterable[str]) -> None:
    """Say on standard error what was assumed of a file."""
    for note in notes:
        typer.echo(printable(note), err=True)


def convolve(
    weights: Path, layer: str, filter_index: int, channel: int | None, image: Path, output: Path
) -> None:
    """Convolve a picture, or an included photo by its name, and write the feature map to `output`."""
    from cnnstudio.engine.interpret.convolve import convolve_with_file, save_response

    response = convolve_with_file(weights, layer, filter_index, channel, _picture(image))
    save_response(response, output)
    tell(response.notes)


def _picture(image: Path) -> Path:
    from cnnstudio.engine.files.photos import PHOTOS

    included = {photo.name: photo.path for photo in PHOTOS}
    return image if image.exists() else included.get(str(image), image)
