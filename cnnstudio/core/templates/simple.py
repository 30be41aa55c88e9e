"""Small networks to learn with, and the classic that began it all."""

from cnnstudio.core.layers import AveragePooling2D
from cnnstudio.core.network import Network
from cnnstudio.core.templates.builder import Builder, require_image, require_sizes
from cnnstudio.core.values.shape import Shape


def dense(input_shape: Shape, classes: int) -> Network:
    """784-10-10-3 for three digits: two hidden layers of ten units."""
    require_sizes(input_shape, "A dense network")
    stack = Builder(input_shape)
    if len(input_shape) > 1:
        stack.flatten()
    stack.dense(10)
    stack.dense(10)
    stack.answer(classes)
    return stack.network()


def one_conv(input_shape: Shape, classes: int) -> Network:
    """Ten kernels, then the classes."""
    require_image(input_shape, "This network")
    require_sizes(input_shape, "This network")
    stack = Builder(input_shape)
    stack.conv(10)
    stack.flatten()
    stack.answer(classes)
    return stack.network()


def two_conv(input_shape: Shape, classes: int) -> Network:
    """Ten kernels, ten more on top of them, then the classes."""
    require_image(input_shape, "This network")
    require_sizes(input_shape, "This network")
    stack = Builder(input_shape)
    stack.conv(10)
    stack.conv(10)
    stack.flatten()
    stack.answer(classes)
    return stack.network()


def lenet(input_shape: Shape, classes: int) -> Network:
    """LeNet-5 (LeCun, Bottou, Bengio and Haffner 1998); images below 32 pixels keep their size at first."""
    require_image(input_shape, "LeNet-5")
    require_sizes(input_shape, "LeNet-5")
    small = min(input_shape[0] or 0, input_shape[1] or 0)
    stack = Builder(input_shape)
    stack.conv(6, 5, activation="tanh", padding="same" if small < 32 else "valid")
    stack.add(AveragePooling2D, "pool1", padding="same")
    stack.conv(16, 5, activation="tanh", padding="same" if small < 16 else "valid")
    stack.add(AveragePooling2D, "pool2", padding="same")
    stack.flatten()
    stack.dense(120, "tanh")
    stack.dense(84, "tanh")
    stack.answer(classes)
    return stack.network()
