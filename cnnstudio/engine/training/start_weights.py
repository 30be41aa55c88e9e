"""Trained weights that training starts from: of a file, or some that come with the studio."""

from collections.abc import Mapping
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from cnnstudio.core.analysis import analyze
from cnnstudio.core.analysis.rows import Row
from cnnstudio.core.network import Network
from cnnstudio.core.project.sources import MAX_PATH
from cnnstudio.core.project.training import INCLUDED
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.words import listed
from cnnstudio.engine.files.resources import resource_path
from cnnstudio.engine.training.layer_matching import Match, Matcher, names_in_files

if TYPE_CHECKING:
    from cnnstudio.engine.keras.library import KerasModel
    from cnnstudio.engine.weights import WeightsFile

_ENDING = ".weights.h5"
_MOST_NAMES = 6


class Fit(Struct, frozen=True):
    """Which layers begin with the weights of a file, and which of the others that can have some at random.

    `reference` is what `TrainingSettings.start_from` says, `source` the file's name for a person.
    """

    reference: str
    source: str
    trained: tuple[str, ...]
    random: tuple[str, ...]

    def sentence(self) -> str:
        """Both for a person."""
        if not self.trained:
            return (
                f"No layer of this network has the name and the shapes of a layer in {self.source}. "
                "Choose another file to start from, or none."
            )
        rest = f"; at random: {_some(self.random)}" if self.random else ""
        return f"With weights of {self.source}: {_some(self.trained)}{rest}."


def start_file(reference: str) -> Path:
    """Where the weights are. StudioError when no such weights come with the studio, or for half a path."""
    if reference.startswith(INCLUDED):
        included = included_weights()
        if reference not in included:
            raise StudioError(
                f"'{reference[:80]}' does not come with the studio. Choose {listed(included)}, or a file."
            )
        return resource_path("models", reference.removeprefix(INCLUDED) + _ENDING)
    path = Path(reference)
    if not path.is_absolute():
        raise StudioError(f"'{reference[:80]}' is no whole path. Choose the file to start from again.")
    return path


def included_weights() -> list[str]:
    """The references of the weights that come with the studio."""
    files = resource_path("models").glob(f"*{_ENDING}")
    return sorted(INCLUDED + file.name.removesuffix(_ENDING) for file in files)


def fit_of(network: Network, reference: str) -> Fit:
    """What a training of the network would begin with. StudioError when the file cannot be read."""
    from cnnstudio.engine.weights import open_weights

    with open_weights(start_file(reference)) as file:
        return _fit(network, reference, _matches(network, file), file)


def refuse_unfit(network: Network, reference: str) -> None:
    """StudioError when the file cannot be read or fits no layer."""
    fit = fit_of(network, reference)
    if not fit.trained:
        raise StudioError(fit.sentence())


def fit_of_given(network: Network, weights: Path) -> Fit:
    """What an imported model would begin with of another file. StudioError when that fits no layer."""
    reference = str(weights.absolute())
    refuse_unfit(network, reference)
    return fit_of(network, reference)


def fit_of_own(network: Network, model: Path) -> Fit | None:
    """What an imported model would begin with of its own file; `None` where nothing there can be used."""
    reference = str(model.absolute())
    if len(reference) > MAX_PATH or not _is_text(reference):
        # A project file could not hold it.
        return None
    try:
        fit = fit_of(network, reference)
    except StudioError:
        # A description without weights, such as JSON.
        return None
    return fit if fit.trained else None


def begin_with(model: "KerasModel", network: Network, reference: str) -> Fit:
    """Give the model, which was built of the network, the weights that fit.

    Call it with `KERAS_LOCK` held. StudioError when the file cannot be read or fits no layer.
    """
    from cnnstudio.engine.weights import open_weights

    in_keras = {name: keras_name for name, (_, keras_name) in names_in_files(network).items()}
    with open_weights(start_file(reference)) as file:
        matches = _matches(network, file)
        for name, match in matches.items():
            arrays = [file.read(*place) for place in match.arrays]
            model.get_layer(in_keras[name]).set_weights(arrays)
        fit = _fit(network, reference, matches, file)
    if not fit.trained:
        raise StudioError(fit.sentence())
    return fit


def fingerprint_of(reference: str) -> str:
    """SHA-256 of the file, in hexadecimal digits. StudioError when it cannot be read."""
    path = start_file(reference)
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise StudioError(
            f"{path} cannot be read: {error.strerror}. Choose another file to start from."
        ) from error


def _matches(network: Network, file: "WeightsFile") -> dict[str, Match]:
    """Where the file has the weights of each layer that is built and fits."""
    names, matcher = names_in_files(network), Matcher(file.layers)
    found = {row.name: matcher.match(names[row.name], row.weights) for row in _rows(network) if row.weights}
    return {name: match for name, match in found.items() if match is not None}


def _fit(network: Network, reference: str, matches: Mapping[str, Match], file: "WeightsFile") -> Fit:
    can_have = [row.name for row in _rows(network) if row.weights or _may_have_others(row)]
    random = tuple(name for name in can_have if name not in matches)
    return Fit(reference, file.path.name, tuple(matches), random)


def _may_have_others(row: Row) -> bool:
    """Whether the layer may have weights that the studio does not know of."""
    return row.layer.family == "custom" or (row.layer.may_have_weights and not row.stands)


def _rows(network: Network) -> tuple[Row, ...]:
    return analyze(network).active.rows


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _some(names: tuple[str, ...]) -> str:
    more = len(names) - _MOST_NAMES
    return listed([*names[:_MOST_NAMES], f"{more} more"]) if more > 0 else listed(names)
