"""Project files: opened with care, written whole or not at all."""

from functools import partial
from hashlib import file_digest
from pathlib import Path

from cnnstudio.core.project import MAX_FILE_BYTES, Project, from_json, to_json
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.files.resources import resource_path
from cnnstudio.engine.files.writing import write_text_atomically

SUFFIX = ".cnnstudio"
SAMPLE_TITLE = "Sample project"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def open_project(path: Path) -> Project:
    """Read a `.cnnstudio` file. StudioError when it is missing, unreadable, too large, damaged or foreign.

    Paths in it that are relative lead from the file's own folder.
    """
    project = from_json(_text(_bytes(path), path), str(path))
    return project.with_paths(partial(_absolute, path.absolute().parent))


def save_project(project: Project, path: Path) -> None:
    """Write a `.cnnstudio` file; on any failure (StudioError) what was there before stays whole.

    Paths below the file's folder are written relative to it, so that both can be moved together.
    """
    write_text_atomically(path, to_json(project.with_paths(partial(_relative, path.absolute().parent))))


def content_stamp(path: Path) -> str | None:
    """What tells a file's content from any other; `None` where there is no file that can be read.

    The time of a file would change with each copy, and its size often stays.
    """
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None


def _absolute(folder: Path, written: str) -> str:
    return str(folder / written)


def _relative(folder: Path, path: str) -> str:
    """With slashes on every system, where it leads below the folder; else as it is."""
    try:
        below = Path(path).relative_to(folder)
    except ValueError:
        return path
    return below.as_posix() if below.parts else path


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
