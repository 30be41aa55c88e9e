"""A folder per run: the project as trained, the curve, the weights, and what it was made with."""

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct
from pydantic import BaseModel, ConfigDict, ValidationError

from cnnstudio.core.forms.refusals import refusal
from cnnstudio.core.network import Network
from cnnstudio.core.project import Project
from cnnstudio.core.tasks.metrics import Monitor
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.files.projects import open_project, save_project
from cnnstudio.engine.files.system import is_running, started_at
from cnnstudio.engine.files.writing import TEMPORARY_PREFIX, write_text_atomically, writing_errors
from cnnstudio.engine.runs.history import HistoryRow, read_history
from cnnstudio.engine.runs.state import read_state
from cnnstudio.engine.runs.versions import Versions, versions

PROJECT_FILE = "project.cnnstudio"
HISTORY_FILE = "history.csv"
BEST_FILE = "best.weights.h5"
LAST_FILE = "last.weights.h5"
RECORD_FILE = "run.json"

RUN_FILES = (RECORD_FILE, HISTORY_FILE, BEST_FILE, LAST_FILE, PROJECT_FILE)

State = Literal["running", "finished", "stopped", "failed"]


class RunRecord(BaseModel):
    """What `run.json` holds. Times are ISO 8601 in UTC; a run that was killed stays "running".

    What came after the first version has a default, so that older runs are read as well.
    """

    model_config = ConfigDict(frozen=True, defer_build=True)

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
    best_value: float | None = None
    """What the monitored figure was at the best epoch; runs of before have `best_val_loss` only."""
    origin: str | None = None
    """The project file it was trained from; None for a project that was not saved."""
    guessing_loss: float | None = None
    majority_share: float | None = None
    majority_class: str = ""
    """What guessing and always the same answer would reach: see `Baseline`."""
    reading_share: float | None = None
    dead_units: dict[str, float] = {}
    """What was measured last: see `Measured`."""
    network_digest: str | None = None
    """Equal for equal networks: finds the run of a project that was not saved, or was moved."""
    pid: int | None = None
    pid_started: str = ""
    """The process that trains, as `system` tells processes apart."""


class Run(Struct, frozen=True):
    """A run read back. `best` and `last` are None when those weights are not there."""

    folder: Path
    record: RunRecord
    project: Project
    history: tuple[HistoryRow, ...]
    best: Path | None
    last: Path | None
    best_epoch: int | None = None
    """What the file of the best weights says; None for one of an older version."""

    @property
    def is_broken_off(self) -> bool:
        """Whether it was killed: it says that it runs, and its process is gone."""
        return is_broken_off(self.record)

    @property
    def best_row(self) -> HistoryRow | None:
        """The epoch whose weights are the best there are; None before one was whole.

        The file knows: a kill may have come between the line of the history and the weights.
        """
        return best_row(self.history, self.project.task.monitor, self.best_epoch)


def is_broken_off(record: RunRecord) -> bool:
    """Whether a run that says it runs is without its process; runs of before tell no process."""
    if record.state != "running":
        return False
    return record.pid is None or not is_running(record.pid, record.pid_started)


def best_row(rows: Sequence[HistoryRow], monitor: Monitor, of_file: int | None = None) -> HistoryRow | None:
    """The epoch that the file of the best weights names, else the first with the best monitored figure.

    None without one.
    """
    best: HistoryRow | None = None
    for row in rows:
        if row.epoch == of_file:
            return row
        value = row.values.get(monitor.name)
        than = None if best is None else best.values[monitor.name]
        if value is not None and monitor.is_better(value, than):
            best = row
    return best


def network_digest(network: Network) -> str:
    """16 hexadecimal digits: equal for networks with equal layers."""
    return sha256(network.model_dump_json().encode()).hexdigest()[:16]


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
        present = [name for name in RUN_FILES if (folder / name).exists()]
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


def begin_run(
    folder: Path,
    project: Project,
    data_fingerprint: str,
    start_fingerprint: str | None = None,
    origin: Path | None = None,
) -> RunRecord:
    """Write the project and the record of a run that starts now. StudioError when the disk refuses."""
    record = RunRecord(
        versions=versions(),
        seed=project.training.seed,
        data_seed=project.data.split.seed,
        data_fingerprint=data_fingerprint,
        start_fingerprint=start_fingerprint,
        started=utc_now(),
        origin=None if origin is None else str(origin.absolute()),
        network_digest=network_digest(project.network),
        **_this_process(),
    )
    save_project(project, folder / PROJECT_FILE)
    save_record(folder, record)
    return record


def go_on_with(folder: Path, project: Project, record: RunRecord) -> RunRecord:
    """Write that a run of before runs again, in this process. StudioError when the disk refuses.

    The project is written too: it may ask for more epochs than before, also after the next break.
    """
    changes = {"state": "running", "ended": None, "message": "", **_this_process()}
    again = record.model_copy(update=changes)
    save_project(project, folder / PROJECT_FILE)
    save_record(folder, again)
    return again


def _this_process() -> dict[str, Any]:
    pid = os.getpid()
    return {"pid": pid, "pid_started": started_at(pid)}


def clean_up(folder: Path) -> None:
    """Remove what a kill left half written beside the files of a run; what cannot be removed stays."""
    for left in folder.glob(f"{TEMPORARY_PREFIX}*"):
        with suppress(OSError):
            left.unlink()


def save_record(folder: Path, record: RunRecord) -> None:
    """Write `run.json`. StudioError when the disk refuses."""
    write_text_atomically(folder / RECORD_FILE, record.model_dump_json(indent=2) + "\n")


def read_run(folder: Path) -> Run:
    """Read a run's folder. StudioError when it holds no run or a damaged one.

    Of a run that was killed, what it left half written is removed.
    """
    record = read_record(folder)
    if is_broken_off(record):
        clean_up(folder)
    best = _if_there(folder / BEST_FILE)
    return Run(
        folder=folder,
        record=record,
        project=open_project(folder / PROJECT_FILE),
        history=read_history(folder / HISTORY_FILE),
        best=best,
        last=_if_there(folder / LAST_FILE),
        best_epoch=None if best is None else _epoch_of(best),
    )


def read_record(folder: Path) -> RunRecord:
    """What `run.json` of a folder says. StudioError when it holds none, or a damaged one."""
    path = folder / RECORD_FILE
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


def _epoch_of(weights: Path) -> int | None:
    """The epoch a weights file says it is of; None for a damaged file too, which whoever needs it refuses."""
    try:
        return read_state(weights).epoch
    except StudioError:
        return None


def _if_there(path: Path) -> Path | None:
    return path if path.is_file() else None


def utc_now() -> str:
    """The time now, in UTC to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
