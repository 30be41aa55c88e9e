"""Classic kernels to try on a picture. They are laid on as they are written, not flipped."""

from msgspec import Struct

Kernel = tuple[tuple[float, ...], ...]


class KernelPreset(Struct, frozen=True):
    """A classic kernel to try: `values` are its rows, `summary` says in a sentence what it shows."""

    name: str
    title: str
    values: Kernel
    summary: str


def _ninths() -> Kernel:
    return ((1 / 9, 1 / 9, 1 / 9),) * 3


PRESETS: tuple[KernelPreset, ...] = (
    KernelPreset(
        "horizontal-lines",
        "Horizontal lines",
        ((-1, -1, -1), (1, 1, 1), (-1, -1, -1)),
        "High where a bright row lies between darker ones.",
    ),
    KernelPreset(
        "vertical-lines",
        "Vertical lines",
        ((-1, 1, -1), (-1, 1, -1), (-1, 1, -1)),
        "High where a bright column lies between darker ones.",
    ),
    KernelPreset(
        "sobel-horizontal",
        "Sobel, horizontal edges",
        ((-1, -2, -1), (0, 0, 0), (1, 2, 1)),
        "Positive where the image gets brighter downwards, negative where it gets darker.",
    ),
    KernelPreset(
        "sobel-vertical",
        "Sobel, vertical edges",
        ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)),
        "Positive where the image gets brighter to the right, negative where it gets darker.",
    ),
    KernelPreset("box-blur", "Box blur", _ninths(), "The plain mean of nine pixels."),
    KernelPreset(
        "gaussian-blur",
        "Gaussian blur",
        ((0.0625, 0.125, 0.0625), (0.125, 0.25, 0.125), (0.0625, 0.125, 0.0625)),
        "A mean that counts near pixels more.",
    ),
    KernelPreset(
        "sharpen",
        "Sharpen",
        ((0, -1, 0), (-1, 5, -1), (0, -1, 0)),
        "Makes each pixel differ more from its neighbours; flat areas stay.",
    ),
    KernelPreset(
        "emboss",
        "Emboss",
        ((-2, -1, 0), (-1, 1, 1), (0, 1, 2)),
        "Light from the lower right: edges look raised.",
    ),
    KernelPreset("identity", "Identity", ((0, 0, 0), (0, 1, 0), (0, 0, 0)), "Gives the image back as it is."),
)
