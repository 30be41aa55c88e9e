"""What a file or folder that is given to the window is, by its name; the filters of its dialogs."""

from pathlib import Path
from typing import Literal

from cnnstudio.engine.files.projects import SUFFIX
from cnnstudio.engine.runs.folder import BEST_FILE

Kind = Literal["project", "weights", "picture", "other", "run", "folder"]
WEIGHT_SUFFIXES = (".h5", ".hdf5", ".hdf", ".keras")
PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp")
WEIGHTS_FILTER = (
    f"Keras weights and models ({' '.join(f'*{suffix}' for suffix in WEIGHT_SUFFIXES)});;All files (*)"
)


def kind_of(path: Path) -> Kind:
    """What the path leads to, told by its name; a folder by what is in it."""
    if path.is_dir():
        return "run" if (path / BEST_FILE).is_file() else "folder"
    suffix = path.suffix.lower()
    if suffix in WEIGHT_SUFFIXES:
        return "weights"
    if suffix in PICTURE_SUFFIXES:
        return "picture"
    return "project" if suffix == SUFFIX else "other"
