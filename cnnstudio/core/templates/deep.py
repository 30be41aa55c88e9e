"""Small versions of the architectures that made networks deep."""

from cnnstudio.core.layers import Activation, Conv2D, Dropout, MaxPooling2D
from cnnstudio.core.network import Network
from cnnstudio.core.templates.builder import Builder, require_image
from cnnstudio.core.values.shape import Shape


def vgg(input_shape: Shape, classes: int) -> Network:
    """Pairs of 3 x 3 convolutions and poolings (Simonyan and Zisserman 2015)."""
    require_image(input_shape, "A VGG-like network")
    stack = Builder(input_shape)
    for filters in (32, 64, 128):
        stack.conv(filters)
        stack.conv(filters)
        stack.pool()
    stack.pooled()
    stack.dense(128)
    stack.add(Dropout, "dropout", rate=0.5)
    stack.answer(classes)
    return stack.network()


def resnet(input_shape: Shape, classes: int) -> Network:
    """Three stages of residual blocks (He, Zhang, Ren and Sun 2016)."""
    require_image(input_shape, "A residual network")
    stack = Builder(input_shape)
    stack.normalized_conv(16)
    stack.relu()
    for filters, stride in ((16, 1), (32, 2), (64, 2)):
        for step in (stride, 1):
            with stack.block("block"):
                _residual_block(stack, filters, step)
    stack.pooled()
    stack.answer(classes)
    return stack.network()


def _residual_block(stack: Builder, filters: int, stride: int) -> None:
    entrance = stack.last
    stack.normalized_conv(filters, strides=(stride, stride))
    stack.relu()
    main = stack.normalized_conv(filters)
    if stride > 1:
        entrance = stack.normalized_conv(filters, 1, entrance, strides=(stride, stride))
    stack.added(main, entrance)
    stack.relu()


def inception(input_shape: Shape, classes: int) -> Network:
    """Two blocks of parallel kernels of several sizes (Szegedy et al. 2015)."""
    require_image(input_shape, "An inception network")
    stack = Builder(input_shape)
    stack.conv(32)
    stack.pool()
    with stack.block("inception"):
        _inception_block(stack, 16)
    stack.pool()
    with stack.block("inception"):
        _inception_block(stack, 32)
    stack.pooled()
    stack.add(Dropout, "dropout", rate=0.4)
    stack.answer(classes)
    return stack.network()


def _inception_block(stack: Builder, filters: int) -> None:
    entrance = stack.last
    single = stack.conv(filters, 1, entrance)
    stack.conv(filters, 1, entrance)
    middle = stack.conv(filters * 2, 3)
    stack.conv(filters // 2, 1, entrance)
    wide = stack.conv(filters, 5)
    stack.add(
        MaxPooling2D, stack.numbered("pool"), entrance, pool_size=(3, 3), strides=(1, 1), padding="same"
    )
    pooled = stack.conv(filters, 1)
    stack.joined(single, middle, wide, pooled)


def fully_convolutional(input_shape: Shape, classes: int) -> Network:
    """Convolutions down to one map per class, then the mean of each (Springenberg et al. 2015)."""
    require_image(input_shape, "A fully convolutional network")
    stack = Builder((None, None, input_shape[-1]))
    for filters in (32, 64, 96):
        stack.conv(filters)
        stack.conv(filters, strides=(2, 2))
    stack.add(Conv2D, "class_maps", filters=classes, kernel_size=(1, 1), activation="linear")
    stack.pooled()
    stack.add(Activation, "softmax", activation="softmax")
    return stack.network()
