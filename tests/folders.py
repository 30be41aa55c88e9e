"""Folders of pictures, written by Pillow."""

from pathlib import Path

import numpy as np
from PIL import Image


def write_picture(path: Path, level: int = 128, size: tuple[int, int] = (8, 8), mode: str = "RGB") -> Path:
    """Write noise around a gray level; `size` is height and width."""
    path.parent.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(len(path.name) + level)
    pixels = np.clip(random.normal(level, 12, (*size, 3)), 0, 255).astype(np.uint8)
    Image.fromarray(pixels).convert(mode).save(path)
    return path


def class_folders(
    root: Path, counts: dict[str, int], size: tuple[int, int] = (8, 8), mode: str = "RGB"
) -> Path:
    """Folders of so many pictures each: those of the first class are dark, those of the last bright."""
    for number, (class_name, count) in enumerate(counts.items()):
        level = 40 + 170 * number // max(len(counts) - 1, 1)
        for index in range(count):
            write_picture(root / class_name / f"{index:03d}.png", level, size, mode)
    return root
