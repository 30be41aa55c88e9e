"""A project: the network, the data choice and the training settings; one `.cnnstudio` file."""

import json
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cnnstudio.core.data import DataChoice
from cnnstudio.core.errors import StudioError
from cnnstudio.core.network import Network
from cnnstudio.core.refusals import refusal
from cnnstudio.core.training import TrainingSettings

FORMAT_VERSION = 1
MAX_FILE_BYTES = 64 * 2**20


class Project(BaseModel):
    """Everything a project file holds. A value: edits return a new one."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    format: Literal["cnnstudio"] = "cnnstudio"
    version: Literal[1] = 1
    network: Network
    data: DataChoice = DataChoice()
    training: TrainingSettings = TrainingSettings()
    notes: Annotated[str, Field(max_length=100_000)] = ""

    def with_network(self, network: Network) -> Self:
        """The project with another network."""
        return self.model_copy(update={"network": network})

    def with_data(self, data: DataChoice) -> Self:
        """The project with another data choice."""
        return self.model_copy(update={"data": data})

    def with_training(self, training: TrainingSettings) -> Self:
        """The project with other training settings."""
        return self.model_copy(update={"training": training})


def to_json(project: Project) -> str:
    """The project file's text: indented JSON that can be read and compared line by line."""
    return json.dumps(project.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n"


def from_json(text: str | bytes, source: str) -> Project:
    """Read a project file's text; `source` names it in the `StudioError` that refuses it."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise StudioError(
            f"{source} is damaged or no CNN Studio project: it should be JSON text ({error}). "
            "Open a file that CNN Studio saved."
        ) from error
    _check_format(document, source)
    try:
        return Project.model_validate_json(text)
    except ValidationError as error:
        raise StudioError(f"{source} cannot be read: {refusal(error)}") from error


def _check_format(document: Any, source: str) -> None:
    if not isinstance(document, dict) or document.get("format") != "cnnstudio":
        raise StudioError(
            f'{source} is no CNN Studio project: it should be a JSON object with "format": "cnnstudio". '
            "Open a file that CNN Studio saved."
        )
    version = document.get("version")
    if isinstance(version, int) and version > FORMAT_VERSION:
        raise StudioError(
            f"{source} has format version {version}, and this CNN Studio reads up to {FORMAT_VERSION}. "
            "Open it with a newer CNN Studio."
        )
