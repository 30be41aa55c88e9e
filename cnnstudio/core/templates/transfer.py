"""Transfer learning: kernels that were learned on other pictures, and a new head."""

from cnnstudio.core.layers import Conv2D
from cnnstudio.core.network import Network
from cnnstudio.core.project.training import INCLUDED
from cnnstudio.core.templates.builder import Builder, require_image
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.shape import Shape, shown

CLOTHES = f"{INCLUDED}clothes"
"""The weights of `conv1` to `conv3`, learned on the gray pictures of Fashion-MNIST, and those of `gray`."""
GRAY = "gray"


def transfer(input_shape: Shape, classes: int) -> Network:
    """Frozen convolutions of `CLOTHES`, then a Dense that learns the classes (Yosinski et al. 2014)."""
    stack = trunk(input_shape, trainable=False)
    stack.answer(classes)
    return stack.network()


def trunk(input_shape: Shape, trainable: bool) -> Builder:
    """All but the head: `CLOTHES` was learned with it on gray pictures, nothing frozen."""
    _require_gray_or_color(input_shape)
    stack = Builder(input_shape)
    if input_shape[-1] == 3:
        # The kernels below know gray pictures only. ReLU leaves the sum of three shares as it is.
        stack.add(Conv2D, GRAY, filters=1, kernel_size=(1, 1), use_bias=False, trainable=trainable)
    for filters in (16, 32):
        stack.conv(filters, trainable=trainable)
        stack.pool()
    stack.conv(64, trainable=trainable)
    stack.pooled()
    return stack


def _require_gray_or_color(shape: Shape) -> None:
    require_image(shape, "Transfer learning")
    if shape[-1] not in (1, 3):
        raise StudioError(
            f"Transfer learning takes gray or color pictures, 1 or 3 channels, and {shown(shape)} was given. "
            "Choose such pictures, or another network."
        )
