"""The colors of a diagram."""

from collections.abc import Mapping
from typing import TypeAlias

Palette: TypeAlias = Mapping[str, str]
"""Colors as `#RRGGBB` by name: canvas, card, border, wire, text, text2, text3, danger
and each layer family."""

PAPER: Palette = {
    "canvas": "#FFFFFF",
    "card": "#FFFFFF",
    "border": "#CBD2DC",
    "wire": "#7F8A9C",
    "text": "#151C28",
    "text2": "#4A5669",
    "text3": "#5C687C",
    "danger": "#C4232F",
    "io": "#546379",
    "preprocessing": "#755930",
    "convolution": "#3352D8",
    "pooling": "#0A705F",
    "reshaping": "#4D6B0E",
    "dense": "#A6420B",
    "recurrent": "#665C00",
    "attention": "#8F2F6B",
    "activation": "#835200",
    "normalization": "#7040D0",
    "regularization": "#B5284A",
    "augmentation": "#147035",
    "merging": "#09678F",
    "custom": "#A82395",
}
"""On white, for a page of print."""


def mixed(color: str, ground: str, share: float) -> str:
    """The color laid over a ground: `share` 1 is the color alone, 0 the ground."""
    return "#" + "".join(
        f"{round(int(color[at : at + 2], 16) * share + int(ground[at : at + 2], 16) * (1 - share)):02X}"
        for at in (1, 3, 5)
    )
