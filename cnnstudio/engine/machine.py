"""What this machine has to give."""

import os
import re
from pathlib import Path

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
