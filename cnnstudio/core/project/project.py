"""A project: network, task, data and training settings in one `.cnnstudio` file."""

import json
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError

from cnnstudio.core.forms.refusals import refusal
from cnnstudio.core.network import MAX_LAYERS, Network
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.training import INCLUDED, TrainingSettings
from cnnstudio.core.project.unknown import UnknownSetting, followed, put_back, taken_out
from cnnstudio.core.project.upgrades import UPGRADES
from cnnstudio.core.tasks import AnyTask, Classification
from cnnstudio.core.values.errors import StudioError

FORMAT_VERSION = 2
_FIRST_VERSION = 1
"""What a file is of that does not say its version."""
MAX_FILE_BYTES = 64 * 2**20
MAX_VALUES = 2_000_000
"""Commas and opening brackets of a file: a bound for the memory that reading it takes."""


class Project(BaseModel):
    """Everything a project file holds. A value: edits return a new one."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    format: Literal["cnnstudio"] = "cnnstudio"
    version: Literal[2] = 2
    network: Network
    task: Annotated[AnyTask, Field(title="Task", description="What the network is to give for a sample.")] = (
        Classification()
    )
    data: DataChoice = DataChoice()
    training: TrainingSettings = TrainingSettings()
    notes: Annotated[str, Field(max_length=100_000)] = ""
    _unknown: tuple[UnknownSetting, ...] = PrivateAttr(())

    @property
    def unknown(self) -> tuple[UnknownSetting, ...]:
        """Settings of the file that nobody here knows; they are written back with it."""
        return self._unknown

    def with_network(self, network: Network) -> Self:
        """The project with another network; what is unknown of a layer follows its name."""
        changed = self.model_copy(update={"network": network})
        if self._unknown:
            changed._unknown = followed(self._unknown, self.network, network)
        return changed

    def with_task(self, task: AnyTask) -> Self:
        """The project with another task."""
        return self.model_copy(update={"task": task})

    def with_data(self, data: DataChoice) -> Self:
        """The project with another data choice."""
        return self.model_copy(update={"data": data})

    def with_training(self, training: TrainingSettings) -> Self:
        """The project with other training settings."""
        return self.model_copy(update={"training": training})

    def with_paths(self, convert: Callable[[str], str]) -> Self:
        """The project with the paths of its files written another way."""
        project = self
        if self.data.source is not None:
            source = self.data.source.with_paths(convert)
            project = project.with_data(self.data.model_copy(update={"source": source}))
        start = self.training.start_from
        if start is not None and not start.startswith(INCLUDED):
            training = self.training.model_copy(update={"start_from": convert(start)})
            project = project.with_training(training)
        return project


def to_json(project: Project) -> str:
    """The project file's text: indented JSON that can be read and compared line by line."""
    document = project.model_dump(mode="json")
    put_back(document, project.unknown)
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def from_json(text: str | bytes, source: str) -> Project:
    """Read a project file's text; `source` names it in the `StudioError` that refuses it."""
    document = _document(text, source)
    _check_format(document, source)
    upgraded = _upgraded(document, source)
    try:
        return Project.model_validate_json(text if upgraded is document else json.dumps(upgraded))
    except ValidationError as error:
        cleaned, unknown = taken_out(upgraded, error)
        if not unknown:
            raise _refused(error, upgraded, source) from error
    return _with_unknown(cleaned, unknown, source)


def _with_unknown(document: Any, unknown: tuple[UnknownSetting, ...], source: str) -> Project:
    try:
        project = Project.model_validate_json(json.dumps(document))
    except ValidationError as error:
        raise _refused(error, document, source) from error
    project._unknown = unknown
    return project


def _refused(error: ValidationError, document: Any, source: str) -> StudioError:
    return StudioError(f"{source} cannot be read: {refusal(error, document, models_schema())}")


@cache
def models_schema() -> dict[str, Any]:
    """The JSON schema that Pydantic makes of the models; shared, so not to be changed.

    It names every type of layer and takes a quarter of a second to make.
    """
    return Project.model_json_schema()


def _document(text: str | bytes, source: str) -> Any:
    if _values(text) > MAX_VALUES:
        raise StudioError(
            f"{source} holds more than {MAX_VALUES:,} values; a project file is far smaller. "
            "Open a file that CNN Studio saved."
        )
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise StudioError(
            f"{source} is damaged or no CNN Studio project: it should be JSON text ({error}). "
            "Open a file that CNN Studio saved."
        ) from error


def _values(text: str | bytes) -> int:
    """How many values the text holds at most."""
    if isinstance(text, bytes):
        return sum(text.count(sign) for sign in (b",", b"{", b"["))
    return sum(text.count(sign) for sign in (",", "{", "["))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object, in which no key may stand twice: nobody could tell which one counts."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        raise ValueError(f"'{twice[:60]}' stands twice in one object")
    return found


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number in JSON")


def _check_format(document: Any, source: str) -> None:
    if not isinstance(document, dict) or document.get("format") != "cnnstudio":
        raise StudioError(
            f'{source} is no CNN Studio project: it should be a JSON object with "format": "cnnstudio". '
            "Open a file that CNN Studio saved."
        )
    network = document.get("network")
    layers = network.get("layers") if isinstance(network, dict) else None
    if isinstance(layers, list) and len(layers) > MAX_LAYERS:
        raise StudioError(
            f"{source} cannot be read: network.layers: {len(layers):,} layers were given; "
            f"expected at most {MAX_LAYERS:,}."
        )


def _upgraded(document: dict[str, Any], source: str) -> dict[str, Any]:
    """The document in the present format; the same object when it is in it already."""
    version = document.get("version", _FIRST_VERSION)
    if not isinstance(version, int) or isinstance(version, bool):
        return document
    if version > FORMAT_VERSION:
        raise StudioError(
            f"{source} has format version {version}, and this CNN Studio reads up to {FORMAT_VERSION}. "
            "Open it with a newer CNN Studio."
        )
    while version < FORMAT_VERSION and version in UPGRADES:
        document = {**UPGRADES[version](document), "version": version + 1}
        version += 1
    return document
