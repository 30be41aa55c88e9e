"""How far a kernel reaches along one axis, and how many zeros 'same' lays around it: Keras's rules."""


def effective_kernel(kernel: int, dilation: int) -> int:
    """How many pixels a kernel spans when its taps lie `dilation` pixels apart."""
    return dilation * (kernel - 1) + 1


def same_padding(size: int, kernel: int, stride: int = 1, dilation: int = 1) -> tuple[int, int]:
    """How many zeros 'same' lays before and after an axis of `size` pixels.

    An odd total puts the extra zero after: total = max((ceil(size / stride) - 1) * stride
    + effective kernel - size, 0), before = total // 2. It is the rule of TensorFlow and Keras.
    """
    steps = -(-size // stride)
    total = max((steps - 1) * stride + effective_kernel(kernel, dilation) - size, 0)
    return total // 2, total - total // 2
