"""What a file or folder that is given to the window is, by its name; the filters of its dialogs."""

from pathlib import Path
from typing import Literal

from cnnstudio.engine.files.projects import SUFFIX
from cnnstudio.engine.runs.folder import BEST_FILE

Kind = Literal["project", "weights", "picture", "other", "run", "folder"]
ARCHIVE_SUFFIX, JSON_SUFFIX = ".keras", ".json"
HDF5_SUFFIXES = (".h5", ".hdf5", ".hdf", ".he5")
WEIGHT_SUFFIXES = (*HDF5_SUFFIXES, ARCHIVE_SUFFIX)
PICTURE_SUFFIXES = (
    *(".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".gif", ".webp", ".avif", ".avifs"),
    *(".tif", ".tiff", ".bmp", ".dib", ".jp2", ".j2k", ".j2c", ".jpc", ".jpf", ".jpx"),
    *(".ppm", ".pgm", ".pbm", ".pnm", ".pfm", ".tga", ".icb", ".vda", ".vst", ".pcx", ".qoi"),
    *(".sgi", ".bw", ".rgb", ".rgba", ".dds", ".ico", ".icns"),
)
"""What Pillow writes and reads as a picture in color, by itself; the usual ones first."""


def _filter(title: str, *suffixes: str) -> str:
    return f"{title} ({' '.join(f'*{suffix}' for suffix in suffixes)});;All files (*)"


PROJECTS_FILTER = _filter("CNN Studio projects", SUFFIX)
WEIGHTS_FILTER = _filter("Keras weights and models", *WEIGHT_SUFFIXES)
MODELS_FILTER = _filter("Keras models", ARCHIVE_SUFFIX, *HDF5_SUFFIXES, JSON_SUFFIX)
PICTURES_FILTER = _filter("Pictures", *PICTURE_SUFFIXES)


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
