"""Layers that make maps smaller by keeping one number per window or per map."""

from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from cnnstudio.core.arithmetic import Sum, line
from cnnstudio.core.layers import windows
from cnnstudio.core.layers.base import Family, Inputs, Layer, Window, only_input, require_rank
from cnnstudio.core.layers.settings import PaddingName, WindowPair, WindowSize, as_pair
from cnnstudio.core.shape import Shape, shown, shown_size

OptionalPair = Annotated[tuple[WindowSize, WindowSize] | None, BeforeValidator(as_pair)]


class _Pooling2D(Layer):
    """One number per window of each map."""

    family: ClassVar[Family] = "pooling"

    pool_size: Annotated[
        WindowPair, Field(title="Pool", description="Height and width of the window, in pixels.")
    ] = (2, 2)
    strides: Annotated[
        OptionalPair,
        Field(title="Stride", description="How far the window moves; empty moves it by its own size."),
    ] = None
    padding: Annotated[
        PaddingName,
        Field(title="Padding", description="'same' also pools the rest at the edge; 'valid' drops it."),
    ] = "valid"

    @property
    def steps(self) -> tuple[int, ...]:
        """The stride in use: the pool's own size unless one is set."""
        return self.strides or self.pool_size

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = only_input(inputs)
        require_rank(shape, len(self.pool_size) + 1, self.title)
        sizes = windows.spatial_sizes(
            shape, self.pool_size, self.steps, self.padding, self._no_dilation, "window"
        )
        return (*sizes, shape[-1])

    @property
    def _no_dilation(self) -> tuple[int, ...]:
        return (1,) * len(self.pool_size)

    def window(self, inputs: Inputs) -> Window:
        return windows.window_of(inputs[0], self.pool_size, self.steps, self.padding, self._no_dilation)

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        sizes = windows.size_sums(
            inputs[0], self.pool_size, self.steps, self.padding, self._no_dilation, "pool_size"
        )
        channels = shown_size(inputs[0][-1])
        return (*sizes, line("channels", f"each map by itself: {channels}"), line("parameters", "0"))

    def details(self) -> str:
        parts = [shown(self.pool_size).replace(" ", "")]
        if self.steps != self.pool_size:
            parts.append(f"stride {shown(self.steps).replace(' ', '')}")
        return " · ".join([*parts, self.padding] if self.padding != "valid" else parts)


class MaxPooling2D(_Pooling2D):
    """Keeps the largest number of each window: the strongest response wins."""

    title: ClassVar[str] = "Max Pooling"
    icon: ClassVar[str] = "minimize-2"
    type: Literal["MaxPooling2D"] = "MaxPooling2D"


class AveragePooling2D(_Pooling2D):
    """Keeps the mean of each window."""

    title: ClassVar[str] = "Average Pooling"
    icon: ClassVar[str] = "shrink"
    type: Literal["AveragePooling2D"] = "AveragePooling2D"


class _GlobalPooling2D(Layer):
    """One number per map."""

    family: ClassVar[Family] = "pooling"

    keepdims: Annotated[
        bool, Field(title="Keep axes", description="Leaves a 1 x 1 map instead of a list of features.")
    ] = False

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = only_input(inputs)
        require_rank(shape, 3, self.title)
        return (1, 1, shape[-1]) if self.keepdims else (shape[-1],)

    def window(self, inputs: Inputs) -> Window | None:
        sizes = tuple(size or 1 for size in inputs[0][:-1])
        ones = (1,) * len(sizes)
        return Window(sizes, ones, ones, (0,) * len(sizes))

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        height, width, channels = (shown_size(size) for size in inputs[0])
        return (
            line("features", f"{height} x {width} numbers of each map become one: {channels}"),
            line("parameters", "0"),
        )


class GlobalAveragePooling2D(_GlobalPooling2D):
    """Keeps the mean of each whole map: one number per channel."""

    title: ClassVar[str] = "Global Average Pooling"
    icon: ClassVar[str] = "sigma"
    type: Literal["GlobalAveragePooling2D"] = "GlobalAveragePooling2D"
