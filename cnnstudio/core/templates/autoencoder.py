"""A network that gives its picture back, through a middle with far fewer numbers."""

from cnnstudio.core.layers import Conv2D, Conv2DTranspose, Cropping2D, ZeroPadding2D
from cnnstudio.core.network import Network
from cnnstudio.core.templates.builder import Builder, require_image
from cnnstudio.core.templates.unet import edges_of
from cnnstudio.core.values.shape import Shape

_FILTERS = (16, 8)


def autoencoder(input_shape: Shape, channels: int) -> Network:
    """Convolutions down two steps and up again (Masci, Meier, Cireșan and Schmidhuber 2011)."""
    require_image(input_shape, "An autoencoder")
    stack = Builder(input_shape)
    edges = edges_of(input_shape, len(_FILTERS))
    if any(edges):
        stack.add(ZeroPadding2D, "pad", padding=tuple((0, edge) for edge in edges))
    for filters in _FILTERS:
        stack.conv(filters)
        stack.pool()
    for filters in reversed(_FILTERS):
        stack.add(Conv2DTranspose, stack.numbered("up"), filters=filters, kernel_size=(3, 3), strides=(2, 2))
    if any(edges):
        stack.add(Cropping2D, "crop", cropping=tuple((0, edge) for edge in edges))
    stack.add(Conv2D, "picture", filters=channels, kernel_size=(3, 3), activation="sigmoid")
    return stack.network()
