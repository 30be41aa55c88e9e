"""Unsaved work that a crash left behind and nobody can read: kept under another name, and told of once."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from cnnstudio.core.project import FORMAT_VERSION, MAX_FILE_BYTES
from cnnstudio.core.values.words import counted
from cnnstudio.engine.files.system import is_running

ASIDE_SUFFIX = ".unreadable"


class Unreadable(Struct, frozen=True):
    """A recovery file that was set aside: where it is kept, and what is wrong with it."""

    file: Path
    fault: str


def sentence_about(found: Sequence[Unreadable]) -> str:
    """What was found, for a person; empty for nothing."""
    if not found:
        return ""
    first, *others = found
    if not others:
        return f"Unsaved work was found, but {first.fault}. It is kept in {first.file}."
    return (
        f"Unsaved work was found in {counted(len(found), 'file')} that cannot be read; of the first, "
        f"{first.fault}. They are kept in {first.file.parent}."
    )


def set_aside(files: Iterable[Path]) -> tuple[Unreadable, ...]:
    """Rename files that are no recovery files to this CNN Studio; nothing is removed.

    A newer one may keep its work in the same folder: what belongs to a running process stays.
    """
    looked_at = [_set_aside(file) for file in files]
    return tuple(one for one in looked_at if one is not None)


def _set_aside(file: Path) -> Unreadable | None:
    try:
        outline = _outline(file)
        if _is_in_use(outline):
            return None
        return Unreadable(_renamed(file), _fault(outline))
    except FileNotFoundError:
        # Another window was quicker: it tells, or the file was its own.
        return None
    except OSError as error:
        return Unreadable(file, f"it cannot be opened ({error.strerror or error})")


def _outline(file: Path) -> dict[str, Any]:
    """What the file holds as far as it is JSON."""
    if file.stat().st_size > MAX_FILE_BYTES:
        return {}
    try:
        found = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _is_in_use(outline: dict[str, Any]) -> bool:
    # A file that is damaged belongs to nobody: windows write theirs whole or not at all.
    pid, started = outline.get("pid"), outline.get("started")
    return isinstance(pid, int) and isinstance(started, str) and is_running(pid, started)


def _fault(outline: dict[str, Any]) -> str:
    project = outline.get("project")
    version = project.get("version") if isinstance(project, dict) else None
    if isinstance(version, int) and version > FORMAT_VERSION:
        return (
            f"it cannot be read: it has format version {version}, and this CNN Studio reads up to "
            f"{FORMAT_VERSION}"
        )
    return "it cannot be read: its file is damaged"


def _renamed(file: Path) -> Path:
    """Give the file a name under which it is not looked for; where that is refused it stays as it is."""
    aside = file.with_name(file.name + ASIDE_SUFFIX)
    number = 2
    while aside.exists():
        aside = file.with_name(f"{file.name}-{number}{ASIDE_SUFFIX}")
        number += 1
    try:
        return file.rename(aside)
    except PermissionError:
        return file
