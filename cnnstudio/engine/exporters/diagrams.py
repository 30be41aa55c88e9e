"""The network as pictures on white, for a page of print."""

from pathlib import Path

from cnnstudio.core.analysis import analyze
from cnnstudio.core.diagram import PAPER, stack_svg, volumes_svg
from cnnstudio.core.project import Project
from cnnstudio.engine.exporters.exporter import Exporter
from cnnstudio.engine.files.writing import write_text_atomically


def _write_stack(project: Project, path: Path) -> None:
    write_text_atomically(path, stack_svg(analyze(project.network).active, PAPER))


def _write_volumes(project: Project, path: Path) -> None:
    write_text_atomically(path, volumes_svg(analyze(project.network).active, PAPER))


STACK_SVG = Exporter("stack", "Diagram", ".svg", _write_stack)
VOLUMES_SVG = Exporter("volumes", "3-D diagram", ".svg", _write_volumes)
