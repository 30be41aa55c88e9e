"""The network as a Python script."""

from pathlib import Path

from cnnstudio.core.keras_format.code import code_text, keras_code
from cnnstudio.core.project import Project
from cnnstudio.engine.exporters.exporter import Exporter
from cnnstudio.engine.files.writing import write_text_atomically


def _write(project: Project, path: Path) -> None:
    write_text_atomically(path, code_text(keras_code(project.network)))


KERAS_SCRIPT = Exporter("keras", "Keras script", ".py", _write)
