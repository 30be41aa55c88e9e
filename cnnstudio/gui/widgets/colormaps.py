"""Colors for maps of numbers, safe for color-blind eyes.

A map is drawn with 255 levels, 0 to 254, so that level 127 is exactly the middle; level 255 marks what is
not a finite number.
"""

from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from cnnstudio.core.kernels.dead import FLAT

Colormap = Literal["gray", "sequential", "diverging"]
Range = tuple[float, float]

LEVELS = 255
MIDDLE = 127
NOT_FINITE = 255
_NOT_FINITE_COLOR = (220, 0, 160)

# Colors at equal distances from the lowest to the highest value. "sequential" follows the course of viridis:
# its lightness rises evenly, so it also reads in gray. "diverging" is blue, white at zero, orange.
_ANCHORS: dict[Colormap, tuple[str, ...]] = {
    "gray": ("000000", "FFFFFF"),
    "sequential": (
        "440154", "482878", "3E4A89", "31688E", "26828E", "1F9E89", "35B779", "6DCD59", "B4DE2C", "FDE725",
    ),
    "diverging": ("08306B", "2166AC", "6AAED6", "BFDCEC", "F7F7F7", "FDD9B0", "F5A35C", "D9650F", "7F2F04"),
}  # fmt: skip


@lru_cache(maxsize=8)
def color_table(name: Colormap) -> npt.NDArray[np.uint8]:
    """Red, green, blue of every level: `(256, 3)`."""
    anchors = np.array([tuple(bytes.fromhex(code)) for code in _ANCHORS[name]], dtype=float)
    places = np.linspace(0, LEVELS - 1, len(anchors))
    table = [np.interp(np.arange(LEVELS), places, anchors[:, channel]) for channel in range(3)]
    return np.vstack([np.stack(table, axis=1).round(), _NOT_FINITE_COLOR]).astype(np.uint8)


def value_range(values: npt.NDArray[np.floating], name: Colormap) -> Range:
    """Lowest and highest value a map is drawn with; around zero and symmetric for "diverging".

    Values that are not finite are left out; `(0, 0)` when none is left.
    """
    finite = values[np.isfinite(values)]
    if not finite.size:
        return 0.0, 0.0
    if name == "diverging":
        widest = float(np.abs(finite).max())
        return -widest, widest
    return float(finite.min()), float(finite.max())


def levels(values: npt.NDArray[np.floating], limits: Range) -> npt.NDArray[np.uint8]:
    """Level of every value, in the shape of `values`; what lies outside `limits` gets the end of the scale.

    When both limits are the same, or as near as in the map of a dead kernel, every finite value is in the
    middle.
    """
    lowest, highest = limits
    finite = np.isfinite(values)
    if highest - lowest >= FLAT:
        # In double precision: the span of two float32 limits may not fit in float32.
        share = (np.where(finite, values, 0).astype(np.float64) - lowest) / (highest - lowest)
        scaled = np.clip(np.rint(share * (LEVELS - 1)), 0, LEVELS - 1)
    else:
        scaled = np.full(values.shape, float(MIDDLE))
    return np.where(finite, scaled, NOT_FINITE).astype(np.uint8)
