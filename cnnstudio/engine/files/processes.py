"""Whether a process is still there, without asking for more than the system tells everybody."""

import os
import sys
from pathlib import Path


def is_running(pid: int, started: str) -> bool:
    """Whether the process of that number runs and is the one that began at `started`; '' for not known."""
    if not _exists(pid):
        return False
    now = started_at(pid)
    return not (started and now) or started == now


def started_at(pid: int) -> str:
    """When the process began, in the system's own count since it was switched on; '' for not told."""
    return _fields(pid)[19] if len(_fields(pid)) > 19 else ""


def _exists(pid: int) -> bool:
    if pid <= 0:
        return False
    if sys.platform == "win32":
        return _exists_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    # One that has ended but was not waited for keeps its number.
    return _fields(pid)[:1] != ["Z"]


def _fields(pid: int) -> list[str]:
    """What Linux tells of a process, from its state on (proc(5), /proc/pid/stat); empty elsewhere."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    # The name before it stands in brackets and may hold anything.
    return text.rpartition(")")[2].split()


def _exists_on_windows(pid: int) -> bool:
    """On Windows `os.kill` ends a process; asking for a handle only looks."""
    import ctypes

    query_limited_information, still_active = 0x1000, 259
    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined]
    handle = kernel.OpenProcess(query_limited_information, False, pid)
    if not handle:
        return False
    code = ctypes.c_ulong()
    kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    kernel.CloseHandle(handle)
    return code.value == still_active
