"""Layers that make maps smaller by keeping one number per window or per map."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from cnnstudio.core.layers import windows
from cnnstudio.core.layers.arithmetic import Sum, line
from cnnstudio.core.layers.base import (
    Layer,
    Window,
)
from cnnstudio.core.layers.requirements import (
    Inputs,
    only_input,
    require_rank,
)
from cnnstudio.core.layers.settings import (
    OptionalPair,
    OptionalSingle,
    OptionalTriple,
    PaddingName,
    WindowPair,
    WindowSingle,
    WindowTriple,
)
from cnnstudio.core.values.shape import Shape, compact, shown, shown_size


class _Pooling(Layer):
    """One number per window of each map."""

    family = "pooling"
    takes_data_format = True

    pool_size: tuple[int, ...]
    strides: tuple[int, ...] | None = None
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

    def letters(self, inputs: Inputs) -> tuple[Sum, ...]:
        letters = windows.size_letters(
            inputs[0], self.pool_size, self.steps, self.padding, self._no_dilation, "pool_size"
        )
        return (letters,)

    def details(self) -> str:
        parts = [shown(self.pool_size).replace(" ", "")]
        if self.steps != self.pool_size:
            parts.append(f"stride {compact(self.steps)}")
        return " · ".join([*parts, self.padding] if self.padding != "valid" else parts)


class _Pairs(Layer):
    pool_size: Annotated[
        WindowPair, Field(title="Pool", description="Height and width of the window, in pixels.")
    ] = (2, 2)
    strides: Annotated[
        OptionalPair,
        Field(
            title="Stride",
            description="How far the window moves; empty moves it by its own size.",
            json_schema_extra={"without": "as the pool"},
        ),
    ] = None


class _Singles(Layer):
    pool_size: Annotated[
        WindowSingle, Field(title="Pool", description="Length of the window, in steps of the sequence.")
    ] = (2,)
    strides: Annotated[
        OptionalSingle,
        Field(
            title="Stride",
            description="How far the window moves; empty moves it by its own size.",
            json_schema_extra={"without": "as the pool"},
        ),
    ] = None


class _Triples(Layer):
    pool_size: Annotated[
        WindowTriple, Field(title="Pool", description="Depth, height and width of the window, in voxels.")
    ] = (2, 2, 2)
    strides: Annotated[
        OptionalTriple,
        Field(
            title="Stride",
            description="How far the window moves; empty moves it by its own size.",
            json_schema_extra={"without": "as the pool"},
        ),
    ] = None


class MaxPooling2D(_Pairs, _Pooling):
    """Keeps the largest number of each window: the strongest response wins."""

    title = "Max Pooling"
    icon = "minimize-2"
    type: Literal["MaxPooling2D"] = "MaxPooling2D"


class AveragePooling2D(_Pairs, _Pooling):
    """Keeps the mean of each window."""

    title = "Average Pooling"
    icon = "shrink"
    type: Literal["AveragePooling2D"] = "AveragePooling2D"


class MaxPooling1D(_Singles, _Pooling):
    """Keeps the largest number of each stretch of a sequence."""

    title = "Max Pooling 1D"
    icon = "minimize-2"
    type: Literal["MaxPooling1D"] = "MaxPooling1D"


class AveragePooling1D(_Singles, _Pooling):
    """Keeps the mean of each stretch of a sequence."""

    title = "Average Pooling 1D"
    icon = "shrink"
    type: Literal["AveragePooling1D"] = "AveragePooling1D"


class MaxPooling3D(_Triples, _Pooling):
    """Keeps the largest number of each window of a volume."""

    title = "Max Pooling 3D"
    icon = "minimize-2"
    section = "volume"
    type: Literal["MaxPooling3D"] = "MaxPooling3D"


class AveragePooling3D(_Triples, _Pooling):
    """Keeps the mean of each window of a volume."""

    title = "Average Pooling 3D"
    icon = "shrink"
    section = "volume"
    type: Literal["AveragePooling3D"] = "AveragePooling3D"


class _GlobalPooling(Layer):
    """One number per map."""

    family = "pooling"
    takes_data_format = True
    rank: ClassVar[int]
    """Axes of the input, the channels included."""

    keepdims: Annotated[
        bool, Field(title="Keep axes", description="Leaves axes of size 1 instead of a list of features.")
    ] = False

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = only_input(inputs)
        require_rank(shape, self.rank, self.title)
        return (*(1,) * (self.rank - 1), shape[-1]) if self.keepdims else (shape[-1],)

    def window(self, inputs: Inputs) -> Window | None:
        sizes = tuple(size or 1 for size in inputs[0][:-1])
        ones = (1,) * len(sizes)
        return Window(sizes, ones, ones, (0,) * len(sizes))

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        numbers = shown(inputs[0][:-1])
        return (
            line("features", f"{numbers} numbers of each map become one: {shown_size(inputs[0][-1])}"),
            line("parameters", "0"),
        )


class GlobalAveragePooling2D(_GlobalPooling):
    """Keeps the mean of each whole map: one number per channel."""

    title = "Global Average Pooling"
    icon = "sigma"
    rank = 3
    type: Literal["GlobalAveragePooling2D"] = "GlobalAveragePooling2D"


class GlobalMaxPooling2D(_GlobalPooling):
    """Keeps the largest number of each whole map: one per channel."""

    title = "Global Max Pooling"
    icon = "arrow-up-to-line"
    rank = 3
    type: Literal["GlobalMaxPooling2D"] = "GlobalMaxPooling2D"


class GlobalAveragePooling1D(_GlobalPooling):
    """Keeps the mean of each whole sequence: one number per channel."""

    title = "Global Average Pooling 1D"
    icon = "sigma"
    rank = 2
    type: Literal["GlobalAveragePooling1D"] = "GlobalAveragePooling1D"


class GlobalMaxPooling1D(_GlobalPooling):
    """Keeps the largest number of each whole sequence: one per channel."""

    title = "Global Max Pooling 1D"
    icon = "arrow-up-to-line"
    rank = 2
    type: Literal["GlobalMaxPooling1D"] = "GlobalMaxPooling1D"


class GlobalAveragePooling3D(_GlobalPooling):
    """Keeps the mean of each whole volume: one number per channel."""

    title = "Global Average Pooling 3D"
    icon = "sigma"
    section = "volume"
    rank = 4
    type: Literal["GlobalAveragePooling3D"] = "GlobalAveragePooling3D"


class GlobalMaxPooling3D(_GlobalPooling):
    """Keeps the largest number of each whole volume: one per channel."""

    title = "Global Max Pooling 3D"
    icon = "arrow-up-to-line"
    section = "volume"
    rank = 4
    type: Literal["GlobalMaxPooling3D"] = "GlobalMaxPooling3D"


GLOBAL_AVERAGE: Mapping[int, type[Layer]] = {
    2: GlobalAveragePooling1D,
    3: GlobalAveragePooling2D,
    4: GlobalAveragePooling3D,
}
"""By the number of axes of what arrives."""
