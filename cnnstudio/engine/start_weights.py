"""Trained weights a network begins with: of a file, or some that come with the studio."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from cnnstudio.core.analysis import analyze
from cnnstudio.core.errors import StudioError
from cnnstudio.core.keras_format.layer_names import keras_names
from cnnstudio.core.layers import WeightSpec
from cnnstudio.core.network import Network
from cnnstudio.core.rows import Row
from cnnstudio.core.training import INCLUDED
from cnnstudio.core.words import listed
from cnnstudio.engine.resources import resource_path

if TYPE_CHECKING:
    from cnnstudio.engine.keras_library import KerasModel
    from cnnstudio.engine.weights import WeightsFile

Shapes = Mapping[str, Mapping[str, tuple[int, ...]]]
"""The shapes of a file's arrays by layer and by the name of the array, both as in Keras."""

_MOST_NAMES = 6


class Fit(Struct, frozen=True):
    """Which layers of a network have all their weights in a file, and which begin at random."""

    source: str
    trained: tuple[str, ...]
    random: tuple[str, ...]

    def sentence(self) -> str:
        """Both for a person."""
        if not self.trained:
            return f"No layer fits the weights in {self.source}: all begin at random."
        rest = f"; at random: {_some(self.random)}" if self.random else ""
        return f"With weights of {self.source}: {_some(self.trained)}{rest}."


def start_file(reference: str) -> Path:
    """Where the weights are that a project starts from. StudioError for included ones there are not."""
    if not reference.startswith(INCLUDED):
        return Path(reference)
    path = resource_path("models", f"{reference.removeprefix(INCLUDED)}.weights.h5")
    if not path.is_file():
        known = listed(sorted(included_weights()))
        raise StudioError(f"'{reference}' does not come with the studio. Choose {known}, or a file.")
    return path


def included_weights() -> list[str]:
    """The references of the weights that come with the studio."""
    files = resource_path("models").glob("*.weights.h5")
    return [INCLUDED + file.name.removesuffix(".weights.h5") for file in files]


def shapes_in(file: "WeightsFile") -> Shapes:
    """The shapes of all arrays of a file."""
    return {layer.name: {entry.name: entry.shape for entry in layer.weights} for layer in file.layers}


def has_all(shapes: Shapes, layer: str, specs: Sequence[WeightSpec]) -> bool:
    """Whether a file has all weights of a layer, in their shapes; `layer` is its name in Keras."""
    found = shapes.get(layer, {})
    return bool(specs) and all(found.get(spec.name) == spec.shape for spec in specs)


def fit_of(network: Network, reference: str) -> Fit:
    """What a training of the network would begin with. StudioError when the file cannot be read."""
    from cnnstudio.engine.weights import open_weights

    path = start_file(reference)
    with open_weights(path) as file:
        return _fit(network, path, shapes_in(file))


def weights_of(network: Network, model: Path) -> str | None:
    """The reference of an imported model's own weights; `None` where its file has none that fit."""
    try:
        fit = fit_of(network, str(model.absolute()))
    except StudioError:
        # A description without weights, such as JSON.
        return None
    return str(model.absolute()) if fit.trained else None


def begin_with(model: "KerasModel", network: Network, reference: str) -> Fit:
    """Give the model, which was built of the network, the weights that fit.

    Call it with `KERAS_LOCK` held. StudioError when the file cannot be read or fits no layer.
    """
    from cnnstudio.engine.weights import open_weights

    path = start_file(reference)
    names = keras_names(network)
    with open_weights(path) as file:
        fit = _fit(network, path, shapes_in(file))
        if not fit.trained:
            raise StudioError(f"{fit.sentence()} Choose another file to start from, or none.")
        for row in _rows(network):
            if row.name in fit.trained:
                name = names[row.name]
                model.get_layer(name).set_weights([file.read(name, spec.name) for spec in row.weights])
    return fit


def _fit(network: Network, path: Path, shapes: Shapes) -> Fit:
    names = keras_names(network)
    fits = {row.name: has_all(shapes, names[row.name], row.weights) for row in _rows(network)}
    trained = tuple(name for name, there in fits.items() if there)
    return Fit(path.name, trained, tuple(name for name, there in fits.items() if not there))


def _rows(network: Network) -> list[Row]:
    """What is built and has weights."""
    return [row for row in analyze(network).active.rows if row.weights]


def _some(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMES
    return listed([*names[:_MOST_NAMES], f"{more} more"]) if more > 0 else listed(names)
