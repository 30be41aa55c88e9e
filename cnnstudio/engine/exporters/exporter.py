"""What a format is."""

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from cnnstudio.core.project import Project


class Exporter(Struct, frozen=True):
    """A format: its name on the command line, what a person calls it, how its files end, what writes them.

    `write` blocks, replaces a file that is there whole or not at all, and raises StudioError when refused.
    """

    key: str
    title: str
    suffix: str
    write: Callable[[Project, Path], None]
