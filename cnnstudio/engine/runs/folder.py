"""A folder per run: the project as trained, the curve, the weights, and what it was made with."""

import os
import platform
import re
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from msgspec import Struct
from pydantic import BaseModel, ConfigDict, ValidationError

from cnnstudio.core.forms.refusals import refusal
from cnnstudio.core.project import Project
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.files.projects import open_project, save_project
from cnnstudio.engine.files.writing import write_text_atomically, writing_errors
from cnnstudio.engine.runs.history import HistoryRow, read_history

PROJECT_FILE = "project.cnnstudio"
HISTORY_FILE = "history.csv"
BEST_FILE = "best.weights.h5"
LAST_FILE = "last.weights.h5"
RECORD_FILE = "run.json"

State = Literal["running", "finished", "stopped", "failed"]


class Versions(BaseModel):
    """What the run was made with."""

    model_config = ConfigDict(frozen=True)

    studio: str
    keras: str
    tensorflow: str
    python: str


class RunRecord(BaseModel):
    """What `run.json` holds. Times are ISO 8601 in UTC; a run that was killed stays "running"."""

    model_config = ConfigDict(frozen=True)

    versions: Versions
    seed: int
    data_seed: int
    data_fingerprint: str
    start_fingerprint: str | None = None
    """SHA-256 of the file of weights that training started from."""
    started: str
    ended: str | None = None
    state: State = "running"
    message: str = ""
    best_epoch: int | None = None
    best_val_loss: float | None = None


class Run(Struct, frozen=True):
    """A run read back. `best` and `last` are None when those weights are not there."""

    folder: Path
    record: RunRecord
    project: Project
    history: tuple[HistoryRow, ...]
    best: Path | None
    last: Path | None


def default_runs_folder() -> Path:
    """Where runs go unless said otherwise: below XDG_DATA_HOME, or the system's place for a user's data."""
    from platformdirs import user_data_path

    return user_data_path("cnnstudio", appauthor=False, roaming=False) / "runs"


def new_run_folder(parent: Path, name: str) -> Path:
    """Make a folder `<UTC time>-<name>` below `parent`, numbered when it exists. StudioError if refused."""
    stem = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{_file_name(name)}"
    with writing_errors(parent / stem):
        parent.mkdir(parents=True, exist_ok=True)
        for number in range(1, 1000):
            folder = parent / (stem if number == 1 else f"{stem}-{number}")
            try:
                folder.mkdir()
            except FileExistsError:
                continue
            return folder
    raise StudioError(f"{parent} has a thousand runs of this second. Choose another folder.")


def _file_name(name: str) -> str:
    return re.sub(r"[^\w.-]+", "-", name).strip("-.")[:60] or "run"


def claim_folder(folder: Path) -> Path:
    """Make `folder` itself ready for a run. StudioError when it holds a run: nothing is overwritten."""
    with writing_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        present = [name for name in _RUN_FILES if (folder / name).exists()]
    if present:
        raise StudioError(
            f"{folder} already holds a run ({present[0]}), and a run is never overwritten. "
            "Choose another folder."
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise StudioError(
            f"Cannot write {folder}: you may not write there. "
            "Choose another folder, or change its permissions."
        )
    return folder


_RUN_FILES = (RECORD_FILE, HISTORY_FILE, BEST_FILE, LAST_FILE, PROJECT_FILE)


def begin_run(
    folder: Path, project: Project, data_fingerprint: str, start_fingerprint: str | None = None
) -> RunRecord:
    """Write the project and the record of a run that starts now. StudioError when the disk refuses."""
    record = RunRecord(
        versions=versions(),
        seed=project.training.seed,
        data_seed=project.data.seed,
        data_fingerprint=data_fingerprint,
        start_fingerprint=start_fingerprint,
        started=utc_now(),
    )
    save_project(project, folder / PROJECT_FILE)
    save_record(folder, record)
    return record


def save_record(folder: Path, record: RunRecord) -> None:
    """Write `run.json`. StudioError when the disk refuses."""
    write_text_atomically(folder / RECORD_FILE, record.model_dump_json(indent=2) + "\n")


def read_run(folder: Path) -> Run:
    """Read a run's folder. StudioError when it holds no run or a damaged one."""
    return Run(
        folder=folder,
        record=_read_record(folder / RECORD_FILE),
        project=open_project(folder / PROJECT_FILE),
        history=read_history(folder / HISTORY_FILE),
        best=_if_there(folder / BEST_FILE),
        last=_if_there(folder / LAST_FILE),
    )


def _read_record(path: Path) -> RunRecord:
    try:
        return RunRecord.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise StudioError(
            f"{path.parent} holds no run: there is no {RECORD_FILE} in it. Choose another folder."
        ) from error
    except OSError as error:
        raise StudioError(f"{path} cannot be read: {error.strerror}. Check its permissions.") from error
    except ValidationError as error:
        raise StudioError(f"{path} is damaged: {refusal(error)}") from error


def _if_there(path: Path) -> Path | None:
    return path if path.is_file() else None


def versions() -> Versions:
    """The versions in use, without importing anything."""
    return Versions(
        studio=_version("cnnstudio"),
        keras=_version("keras"),
        tensorflow=_version("tensorflow"),
        python=platform.python_version(),
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def utc_now() -> str:
    """The time now, in UTC to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
