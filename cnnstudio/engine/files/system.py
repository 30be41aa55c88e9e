"""What the operating system tells: whether a process is still there, and how much memory is free.

psutil is imported inside the functions, so that only who asks pays for it.
"""

import os
import sys
from functools import lru_cache
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil


def is_running(pid: int, started: str) -> bool:
    """Whether the process of that number runs and is the one that began at `started`; '' for not known."""
    process = _process(pid)
    if process is None:
        return False
    now = _start_of(process)
    return not (started and now) or started == now


def started_at(pid: int) -> str:
    """When the process began, as a text to be compared with a later one; '' for not told.

    On Linux that is the count of clock ticks since the system was switched on: the time of day would be
    another one after the clock was set, and a living process would be taken for a later one.
    """
    process = _process(pid)
    return "" if process is None else _start_of(process)


def _process(pid: int) -> "psutil.Process | None":
    import psutil

    if pid <= 0:
        return None
    try:
        process = psutil.Process(pid)
        has_ended = process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return None
    # One that has ended but was not waited for keeps its number.
    return None if has_ended else process


def _start_of(process: "psutil.Process") -> str:
    import psutil

    try:
        created = process.create_time()
    except psutil.Error:
        return ""
    if sys.platform != "linux":
        return repr(created)
    # psutil has added the time of the start of the system, as the clock has it now.
    return str(round((created - psutil.boot_time()) * os.sysconf("SC_CLK_TCK")))


def free_memory() -> int | None:
    """Bytes that a program can still take without swapping; `None` where the system does not tell."""
    import psutil

    try:
        return psutil.virtual_memory().available
    except (OSError, psutil.Error):
        return None


def free_memory_lately() -> int | None:
    """What `free_memory` gave at most a second ago: to ask Linux takes as long as to check a network."""
    return _free_memory_in(int(monotonic()))


@lru_cache(maxsize=1)
def _free_memory_in(_second: int) -> int | None:
    return free_memory()
