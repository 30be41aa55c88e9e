"""What a run is called where there is little room; needs no NumPy, for the window says it at once."""

from datetime import UTC, datetime
from pathlib import Path


def run_name(folder: Path) -> str:
    """When a run began, in the person's own time, as its folder's name tells."""
    stamp = folder.name.partition("-")[0]
    try:
        began = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).astimezone()
    except ValueError:
        return f"run {folder.name}"
    return f"run {began.day} {began:%b, %H:%M}"
