"""How the first version looked through a folder: its projects keep the pictures and the split they had."""

import os
from pathlib import Path

from cnnstudio.engine.data.folder.layout import Layout
from cnnstudio.engine.data.folder.walk import folders_in, is_picture

_TRAINING = ("train", "training")
_TEST = ("test", "testing", "val", "valid", "validation")
_SUFFIXES = (".png", ".jpg", ".jpeg", ".jfif", ".bmp", ".gif", ".webp", ".tif", ".tiff")


def first_layout(root: Path) -> Layout:
    """`train` and `test` (or `val`) where both hold class folders; else the class folders in `root`."""
    by_name = {name.lower(): root / name for name in folders_in(root)}
    training = next((by_name[name] for name in _TRAINING if name in by_name), None)
    test = next((by_name[name] for name in _TEST if name in by_name), None)
    if training is None or test is None or not (folders_in(training) and folders_in(test)):
        return Layout(root, None, None, tuple(folders_in(root)))
    return Layout(training, None, test, tuple(folders_in(training)))


def first_pictures(folder: Path) -> list[str]:
    """The paths of the pictures in a class folder itself, sorted."""
    with os.scandir(folder) as entries:
        return sorted(entry.path for entry in entries if is_picture(entry, _SUFFIXES))
