"""Writes a project for other programs. A new format is a file beside this one and a line in `EXPORTERS`."""

from pathlib import Path

from cnnstudio.core.project import Project
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.exporters.diagrams import STACK_SVG, VOLUMES_SVG
from cnnstudio.engine.exporters.exporter import Exporter
from cnnstudio.engine.exporters.keras_script import KERAS_SCRIPT

EXPORTERS: tuple[Exporter, ...] = (KERAS_SCRIPT, STACK_SVG, VOLUMES_SVG)


def exporter_for(path: Path, key: str = "") -> Exporter:
    """The format of that key, or the first one whose files end as `path` does; StudioError when none does."""
    for exporter in EXPORTERS:
        if exporter.key == key or (not key and path.suffix.lower() == exporter.suffix):
            return exporter
    if key:
        known = ", ".join(exporter.key for exporter in EXPORTERS)
        raise StudioError(f"There is no export format '{key}'. Choose one of {known}.")
    endings = ", ".join(dict.fromkeys(exporter.suffix for exporter in EXPORTERS))
    raise StudioError(f"{path.name} is of no kind CNN Studio exports. Let the name end in one of {endings}.")


def export(project: Project, path: Path, key: str = "") -> Exporter:
    """Write the project to `path`, whole or not at all, and say in which format. StudioError when refused."""
    exporter = exporter_for(path, key)
    exporter.write(project, path)
    return exporter


__all__ = ["EXPORTERS", "Exporter", "export", "exporter_for"]
