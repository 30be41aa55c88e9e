"""Project files: opened with care, written whole or not at all."""

from pathlib import Path

from cnnstudio.core.project import MAX_FILE_BYTES, Project, from_json, to_json
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.files.resources import resource_path
from cnnstudio.engine.files.writing import write_text_atomically

SUFFIX = ".cnnstudio"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def open_project(path: Path) -> Project:
    """Read a `.cnnstudio` file. StudioError when it is missing, unreadable, too large, damaged or foreign."""
    return from_json(_text(_bytes(path), path), str(path))


def save_project(project: Project, path: Path) -> None:
    """Write a `.cnnstudio` file; on any failure (StudioError) what was there before stays whole."""
    write_text_atomically(path, to_json(project))


def sample_project() -> Project:
    """The project the window opens with: two convolutions with pooling on MNIST."""
    return open_project(resource_path("projects", "mnist.cnnstudio"))


def _bytes(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise StudioError(f"{path} is no ordinary file. Open a .cnnstudio file.")
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise StudioError(f"There is no file {path}. Check the name, or choose another file.") from error
    except IsADirectoryError as error:
        raise StudioError(f"{path} is a folder. Open a .cnnstudio file in it.") from error
    except PermissionError as error:
        raise StudioError(f"You may not read {path}. Change its permissions, or choose another.") from error
    except (OSError, ValueError) as error:
        raise StudioError(f"{path} cannot be read ({error}). Choose another file.") from error
    if len(data) > MAX_FILE_BYTES:
        raise StudioError(
            f"{path} has more than {MAX_FILE_BYTES // 2**20} MB; a project file is far smaller. "
            "Open a .cnnstudio file."
        )
    return data


def _text(data: bytes, path: Path) -> str:
    try:
        return data.removeprefix(_BYTE_ORDER_MARK).decode("utf-8")
    except UnicodeDecodeError as error:
        raise StudioError(
            f"{path} is damaged or no CNN Studio project: it is not text. Open a file that CNN Studio saved."
        ) from error
