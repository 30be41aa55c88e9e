"""Stacks written line by line: names are made on the way, layers know what they follow."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cnnstudio.core.layers import (
    Activation,
    Add,
    BatchNormalization,
    Concatenate,
    Conv2D,
    Dense,
    Flatten,
    GlobalAveragePooling2D,
    Input,
    Layer,
    MaxPooling2D,
    Rescaling,
)
from cnnstudio.core.network import Network
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.shape import Shape, shown


class Builder:
    """A stack in the making. Each method adds one layer and returns its name.

    `after` names the layer that feeds the new one; the layer above when it is empty.
    """

    def __init__(self, input_shape: Shape) -> None:
        self._layers: list[Layer] = [Input(name="input", shape=input_shape)]
        self._counts: dict[str, int] = {}
        self._group = ""
        self.add(Rescaling, "rescale")

    @property
    def last(self) -> str:
        """The name of the lowest layer."""
        return self._layers[-1].name

    def network(self) -> Network:
        """The stack as it stands."""
        return Network(layers=tuple(self._layers))

    @contextmanager
    def block(self, stem: str) -> Iterator[None]:
        """What is added meanwhile is a group: `block1`, `block2`."""
        self._group = self.numbered(stem)
        yield
        self._group = ""

    def add(self, kind: type[Layer], name: str, after: str | tuple[str, ...] = "", **settings: Any) -> str:
        """One layer of any kind with a name nobody has."""
        sources = (after,) if isinstance(after, str) else after
        inputs = () if sources in ((self.last,), ("",)) else sources
        self._layers.append(
            kind.model_validate({"name": name, "inputs": inputs, "group": self._group, **settings})
        )
        return name

    def numbered(self, stem: str) -> str:
        """The stem with the next number: `conv1`, `conv2`."""
        self._counts[stem] = self._counts.get(stem, 0) + 1
        return f"{stem}{self._counts[stem]}"

    def conv(self, filters: int, kernel: int = 3, after: str = "", **settings: Any) -> str:
        """A convolution with ReLU and padding 'same' unless told otherwise."""
        settings = {"filters": filters, "kernel_size": (kernel, kernel), **settings}
        return self.add(Conv2D, self.numbered("conv"), after, **settings)

    def normalized_conv(self, filters: int, kernel: int = 3, after: str = "", **settings: Any) -> str:
        """A convolution without bias and activation, then a batch normalization."""
        plain = {"use_bias": False, "activation": "linear", **settings}
        self.conv(filters, kernel, after, **plain)
        return self.add(BatchNormalization, self.numbered("norm"))

    def relu(self) -> str:
        """A ReLU as a layer of its own."""
        return self.add(Activation, self.numbered("relu"))

    def pool(self, after: str = "") -> str:
        """Max pooling that halves the map; padding 'same' pools an odd row or column too."""
        return self.add(MaxPooling2D, self.numbered("pool"), after, padding="same")

    def added(self, *branches: str) -> str:
        """The sum of branches."""
        return self.add(Add, self.numbered("add"), branches)

    def joined(self, *branches: str) -> str:
        """Branches side by side."""
        return self.add(Concatenate, self.numbered("concat"), branches)

    def flatten(self) -> str:
        """All numbers in one row."""
        return self.add(Flatten, "flatten")

    def pooled(self) -> str:
        """The mean of each map."""
        return self.add(GlobalAveragePooling2D, "global_pool")

    def dense(self, units: int, activation: str = "relu") -> str:
        """A Dense in the middle of the network."""
        return self.add(Dense, self.numbered("dense"), units=units, activation=activation)

    def answer(self, classes: int) -> str:
        """The last Dense: a share for each class."""
        return self.add(Dense, "output", units=classes, activation="softmax")


def require_image(shape: Shape, title: str) -> None:
    """StudioError unless the shape is height x width x channels with known channels."""
    if len(shape) != 3 or shape[-1] is None:
        raise StudioError(
            f"{title} takes images, height x width x channels, and {shown(shape)} was given. "
            "Give a shape such as 28 x 28 x 1."
        )


def require_sizes(shape: Shape, title: str) -> None:
    """StudioError while a size is open."""
    if None in shape:
        raise StudioError(
            f"{title} needs images of a known size, and {shown(shape)} was given. Give all sizes."
        )
