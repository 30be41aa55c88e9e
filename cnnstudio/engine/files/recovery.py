"""Unsaved work on disk: one file per open window, which outlives a crash of the program."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from msgspec import Struct
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from cnnstudio.core.project import MAX_FILE_BYTES, Project
from cnnstudio.engine.files.system import is_running, started_at
from cnnstudio.engine.files.unreadable import Unreadable, set_aside
from cnnstudio.engine.files.writing import write_text_atomically, writing_errors
from cnnstudio.engine.runs.folder import default_runs_folder

SUFFIX = ".recovery"
SUPERSEDED_SUFFIX = ".superseded"


class _Record(BaseModel):
    """What a recovery file holds. `started` tells a process from a later one that got the same number."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    format: Literal["cnnstudio-recovery"] = "cnnstudio-recovery"
    pid: int
    started: str
    saved: AwareDatetime
    original: str | None
    project: Project


class Recovery(Struct, frozen=True):
    """Work that a window left behind. `original` is the project's own file, `saved` a time in UTC."""

    file: Path
    project: Project
    original: Path | None
    saved: datetime


def default_recovery_folder() -> Path:
    """Beside the runs, in the person's own data folder."""
    return default_runs_folder().parent / "recovery"


def recovery_file(folder: Path, window: str = "1") -> Path:
    """Where a window of this process keeps its work; `window` tells the windows of one process apart."""
    return folder / f"{os.getpid()}-{window}{SUFFIX}"


def write_recovery(project: Project, original: Path | None, folder: Path, window: str = "1") -> Path:
    """Keep a window's unsaved work, whole or not at all, and return the file. StudioError when refused.

    May be called in any thread.
    """
    file, pid = recovery_file(folder, window), os.getpid()
    record = _Record(
        pid=pid,
        started=started_at(pid),
        saved=datetime.now(UTC),
        original=None if original is None else str(original),
        project=project,
    )
    with writing_errors(file):
        folder.mkdir(parents=True, exist_ok=True)
    write_text_atomically(file, record.model_dump_json())
    return file


def list_recoveries(folder: Path) -> tuple[Recovery, ...]:
    """What windows left whose process is gone, the latest first.

    Not listed are files that cannot be read, and work on a project whose own file was written later: to
    restore it would be a step back.
    """
    found = [_left_behind(file) for file in _files(folder)]
    return tuple(sorted((one for one in found if one is not None), key=lambda one: one.saved, reverse=True))


def set_unreadable_aside(folder: Path) -> tuple[Unreadable, ...]:
    """Rename the files that cannot be read, so that each is told of once."""
    return set_aside(file for file in _files(folder) if _record(file) is None)


def set_superseded_aside(folder: Path) -> None:
    """Rename what is not offered because the project was saved later: nothing is removed, or read again."""
    for file in _files(folder):
        record = _record(file)
        if record is not None and not is_running(record.pid, record.started) and _is_superseded(record):
            with writing_errors(file):
                file.replace(file.with_name(file.name + SUPERSEDED_SUFFIX))


def discard(file: Path) -> None:
    """Remove a recovery file; one that is gone already is no error. StudioError when refused."""
    with writing_errors(file):
        file.unlink(missing_ok=True)


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == SUFFIX and path.name[0].isdigit())
    except OSError:
        return []


def _left_behind(file: Path) -> Recovery | None:
    record = _record(file)
    if record is None or is_running(record.pid, record.started) or _is_superseded(record):
        return None
    original = None if record.original is None else Path(record.original)
    return Recovery(file, record.project, original, record.saved)


def _is_superseded(record: _Record) -> bool:
    """Whether the project's own file was written after this work was kept."""
    if record.original is None:
        return False
    try:
        return Path(record.original).stat().st_mtime > record.saved.timestamp()
    except OSError:
        return False


def _record(file: Path) -> _Record | None:
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            return None
        return _Record.model_validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return None
