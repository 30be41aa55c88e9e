"""A network whose output is a map: a class for each pixel."""

from cnnstudio.core.layers import Conv2D, Conv2DTranspose, Cropping2D, ZeroPadding2D
from cnnstudio.core.network import Network
from cnnstudio.core.templates.builder import Builder, require_image
from cnnstudio.core.values.shape import Shape

_FILTERS = (16, 32)
_BOTTOM = 64


def unet(input_shape: Shape, classes: int) -> Network:
    """Down two steps, up two steps, arcs across (Ronneberger, Fischer and Brox 2015)."""
    require_image(input_shape, "A U-Net")
    stack = Builder(input_shape)
    edges = edges_of(input_shape, len(_FILTERS))
    if any(edges):
        stack.add(ZeroPadding2D, "pad", padding=tuple((0, edge) for edge in edges))
    arcs = []
    for filters in _FILTERS:
        with stack.block("down"):
            arcs.append(_double_conv(stack, filters))
            stack.pool()
    _double_conv(stack, _BOTTOM)
    for filters, arc in zip(reversed(_FILTERS), reversed(arcs), strict=True):
        with stack.block("up"):
            stack.joined(arc, _doubled(stack, filters))
            _double_conv(stack, filters)
    if any(edges):
        stack.add(Cropping2D, "crop", cropping=tuple((0, edge) for edge in edges))
    stack.add(Conv2D, "pixel_classes", filters=classes, kernel_size=(1, 1), activation="softmax")
    return stack.network()


def edges_of(shape: Shape, steps: int) -> tuple[int, int]:
    """What height and width lack to the next size that halves evenly at each step."""
    whole: int = 2**steps
    return -(shape[0] or 0) % whole, -(shape[1] or 0) % whole


def _double_conv(stack: Builder, filters: int) -> str:
    stack.conv(filters)
    return stack.conv(filters)


def _doubled(stack: Builder, filters: int) -> str:
    """A map twice as high and wide."""
    name = stack.numbered("upconv")
    return stack.add(Conv2DTranspose, name, filters=filters, kernel_size=(2, 2), strides=(2, 2))
