"""What all layers share that slide a learned kernel over a sequence or a map."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from cnnstudio.core.layers import windows
from cnnstudio.core.layers.arithmetic import Sum, Term
from cnnstudio.core.layers.base import (
    Family,
    Layer,
    Window,
)
from cnnstudio.core.layers.requirements import (
    Inputs,
    LayerError,
    only_input,
    require_features,
    require_rank,
)
from cnnstudio.core.layers.settings import PaddingName, WindowPair, WindowSingle, WindowTriple
from cnnstudio.core.values.shape import Shape, compact, shown


class Sliding(Layer):
    """A kernel of any number of axes, its steps and its padding."""

    family: ClassVar[Family] = "convolution"
    takes_data_format = True
    keras_defaults: ClassVar[Mapping[str, Any]] = {"padding": "valid", "activation": "linear"}

    kernel_size: tuple[int, ...]
    strides: tuple[int, ...]
    dilation_rate: tuple[int, ...]
    padding: str

    def _map(self, inputs: Inputs) -> Shape:
        """The input, which must be a map with a known number of channels."""
        shape = only_input(inputs)
        require_rank(shape, len(self.kernel_size) + 1, self.title)
        require_features(shape, self.title)
        return shape

    def _sizes(self, shape: Shape) -> tuple[int | None, ...]:
        return windows.spatial_sizes(
            shape, self.kernel_size, self.strides, self.padding, self.dilation_rate, "kernel"
        )

    def _refuse_dilated_steps(self) -> None:
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise LayerError(
                "S08",
                f"Stride {shown(self.strides)} and dilation {shown(self.dilation_rate)} cannot both be "
                "above 1. Set one of them to 1.",
                "Keras does not compute a dilated convolution with steps.",
            )

    def window(self, inputs: Inputs) -> Window | None:
        return windows.window_of(inputs[0], self.kernel_size, self.strides, self.padding, self.dilation_rate)

    def letters(self, inputs: Inputs) -> tuple[Sum, ...]:
        letters = windows.size_letters(
            inputs[0], self.kernel_size, self.strides, self.padding, self.dilation_rate, "kernel_size"
        )
        return (letters,)

    def _size_sums(self, inputs: Inputs) -> list[Sum]:
        return windows.size_sums(
            inputs[0], self.kernel_size, self.strides, self.padding, self.dilation_rate, "kernel_size"
        )

    def _kernel_terms(self) -> tuple[Term, ...]:
        return tuple(Term(str(size), "kernel_size") for size in self.kernel_size)

    def _details(self, activation: str) -> str:
        parts = [shown(self.kernel_size).replace(" ", "")]
        if max(self.strides) > 1:
            parts.append(f"stride {compact(self.strides)}")
        if max(self.dilation_rate) > 1:
            parts.append(f"dilation {compact(self.dilation_rate)}")
        # What is seldom set comes first: a card may have no room for all.
        parts.append(self.padding)
        if activation != "linear":
            parts.append(activation)
        return " · ".join(parts)


class Padded(Layer):
    """Padding at all edges alike, or none."""

    padding: Annotated[
        PaddingName,
        Field(title="Padding", description="'same' adds zeros around the map; 'valid' keeps inside it."),
    ] = "same"


class Pairs(Padded):
    """Kernels over height and width."""

    kernel_size: Annotated[
        WindowPair, Field(title="Kernel", description="Height and width of each kernel, in pixels.")
    ] = (3, 3)
    strides: Annotated[
        WindowPair, Field(title="Stride", description="How many pixels the kernel moves at a time.")
    ] = (1, 1)
    dilation_rate: Annotated[
        WindowPair, Field(title="Dilation", description="The distance between the kernel's taps; 1 is none.")
    ] = (1, 1)


class Triples(Padded):
    """Kernels over depth, height and width."""

    kernel_size: Annotated[
        WindowTriple, Field(title="Kernel", description="Depth, height and width of each kernel, in voxels.")
    ] = (3, 3, 3)
    strides: Annotated[
        WindowTriple, Field(title="Stride", description="How many voxels the kernel moves at a time.")
    ] = (1, 1, 1)
    dilation_rate: Annotated[
        WindowTriple,
        Field(title="Dilation", description="The distance between the kernel's taps; 1 is none."),
    ] = (1, 1, 1)


class Singles(Layer):
    """Kernels over the length of a sequence."""

    kernel_size: Annotated[
        WindowSingle, Field(title="Kernel", description="Length of each kernel, in steps of the sequence.")
    ] = (3,)
    strides: Annotated[
        WindowSingle, Field(title="Stride", description="How many steps the kernel moves at a time.")
    ] = (1,)
    dilation_rate: Annotated[
        WindowSingle,
        Field(title="Dilation", description="The distance between the kernel's taps; 1 is none."),
    ] = (1,)


class PlainSingles(Padded, Singles):
    """Kernels over the length of a sequence that see both ways."""
