"""What this machine has to give."""

import os
import re
from functools import lru_cache
from pathlib import Path
from time import monotonic

_MEMORY_TABLE = Path("/proc/meminfo")


def free_memory(table: Path = _MEMORY_TABLE) -> int | None:
    """Bytes that a program can still take without swapping; `None` where the system does not tell.

    Linux tells it as MemAvailable; elsewhere the free pages are asked for.
    """
    try:
        found = re.search(r"^MemAvailable:\s+(\d+) kB", table.read_text(encoding="ascii"), re.MULTILINE)
        if found:
            return int(found[1]) * 1024
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return None


def free_memory_lately() -> int | None:
    """What `free_memory` gave at most a second ago: to ask Linux takes as long as to check a network."""
    return _free_memory_in(int(monotonic()))


@lru_cache(maxsize=1)
def _free_memory_in(_second: int) -> int | None:
    return free_memory()
