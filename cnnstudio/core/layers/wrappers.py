"""Layers that hold another layer and use it in a way of their own."""

from collections.abc import Callable
from typing import Annotated, Literal, TypeVar

from msgspec.structs import replace
from pydantic import AfterValidator, Field

from cnnstudio.core.layers.arithmetic import Sum, Term, line
from cnnstudio.core.layers.base import (
    Layer,
    WeightSpec,
    Window,
)
from cnnstudio.core.layers.conv_lstm import ConvLSTM1D, ConvLSTM2D
from cnnstudio.core.layers.convolution import Conv1D, Conv2D, Conv3D
from cnnstudio.core.layers.custom import CustomLayer
from cnnstudio.core.layers.dense import Dense
from cnnstudio.core.layers.depthwise import DepthwiseConv1D, DepthwiseConv2D
from cnnstudio.core.layers.einsum import EinsumDense
from cnnstudio.core.layers.embedding import Embedding
from cnnstudio.core.layers.io import Input
from cnnstudio.core.layers.recurrent import GRU, LSTM, Recurrent, SimpleRNN
from cnnstudio.core.layers.requirements import (
    Inputs,
    LayerError,
    Remedy,
    only_input,
)
from cnnstudio.core.layers.settings import Units
from cnnstudio.core.layers.transposed import Conv1DTranspose, Conv2DTranspose, Conv3DTranspose
from cnnstudio.core.layers.weighted import count
from cnnstudio.core.values.shape import Shape, shown, shown_size
from cnnstudio.core.values.unions import ByType

T = TypeVar("T")
INNER_NAME = "inner"
"""What a layer inside another is called when a person makes it: Keras needs a name."""


def _bare(layer: Layer) -> Layer:
    """Only the settings that Keras's class has mean something inside another layer."""
    if layer.inputs or layer.group or not layer.enabled:
        raise ValueError("a layer inside another has no inputs, no group, and cannot be disabled by itself")
    if not layer.name.replace(".", "").replace("-", "").isidentifier() or not layer.name.isascii():
        raise ValueError("the name of a layer inside another is made of letters, digits and _ - .")
    return layer


def _recurrent() -> tuple[type[Layer], ...]:
    return (LSTM, GRU, SimpleRNN, ConvLSTM2D, ConvLSTM1D)


def _with_one_kernel() -> tuple[type[Layer], ...]:
    convolutions = (Conv2D, Conv1D, Conv3D, Conv2DTranspose, Conv1DTranspose, Conv3DTranspose)
    return (*convolutions, DepthwiseConv2D, DepthwiseConv1D, Dense, EinsumDense, Embedding)


def _of_one_step() -> tuple[type[Layer], ...]:
    from cnnstudio.core.layers import LAYER_TYPES  # it names the types of this file too

    without = (Input, CustomLayer, TimeDistributed)
    return tuple(kind for kind in LAYER_TYPES if kind not in without and not kind.takes_several)


class Wrapper(Layer):
    """Holds a layer; the name of each of its weights tells the way to it, as in Keras."""

    keeps_places = False
    hands_trainable_on = False
    layer: Layer

    def _inside(self, ask: Callable[[Layer], T]) -> T:
        """What the layer inside answers; what would mend it is a change of it."""
        try:
            return ask(self.layer)
        except LayerError as error:
            remedy = error.remedy
            if remedy is not None and remedy.changes:
                changed = self.layer.updated(**remedy.changes)
                remedy = Remedy(f"{remedy.label} in the layer inside", {"layer": changed})
            raise LayerError(error.code, error.message, error.why, remedy, error.severity) from error

    def _weights_inside(self, inputs: Inputs, name: str) -> tuple[WeightSpec, ...]:
        learns = self.layer.trainable or not self.layer.hands_trainable_on
        return tuple(
            WeightSpec(f"{name}/{one.name}", one.shape, one.trainable and learns)
            for one in self.layer.weights(inputs)
        )

    def _sums_inside(self, inputs: Inputs) -> tuple[Sum, ...]:
        return tuple(_about_the_layer(one) for one in self.layer.arithmetic(inputs))

    def caution(self, inputs: Inputs) -> str | None:
        return self.layer.caution(inputs)

    def details(self) -> str:
        return " · ".join(filter(None, (self.layer.title, self.layer.details())))


def _about_the_layer(one: Sum) -> Sum:
    """The same sum; what a term shows is a setting of the layer inside."""
    return replace(one, terms=tuple(replace(term, setting=term.setting and "layer") for term in one.terms))


def _window_inside(layer: Layer, inputs: Inputs) -> Window | None:
    window = layer.window(inputs)
    if window is None and layer.keeps_places:
        ones = (1,) * (len(inputs[0]) - 1)
        return Window(ones, ones, ones, (0,) * len(ones))
    return window


class Bidirectional(Wrapper):
    """Reads a sequence from both ends with two copies of a recurrent layer, and joins what they find."""

    family = "recurrent"
    title = "Bidirectional"
    icon = "unfold-horizontal"
    type: Literal["Bidirectional"] = "Bidirectional"

    layer: Annotated[
        Layer,
        ByType(_recurrent),
        AfterValidator(_bare),
        Field(title="Layer", description="The recurrent layer that reads; a copy of it reads backwards."),
    ] = Field(default_factory=lambda: LSTM(name=INNER_NAME))
    merge_mode: Annotated[
        Literal["concat", "sum", "mul", "ave"],
        Field(title="Join", description="Side by side, or the sum, product or mean of both."),
    ] = "concat"

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = self._inside(lambda layer: layer.output_shape(inputs))
        if isinstance(self.layer, Recurrent) and self.layer.go_backwards:
            raise LayerError(
                "S08",
                "The layer inside reads backwards already, so both copies would. Let it read forwards.",
                "Each of the two reads from another end.",
                Remedy("Read forwards", {"layer": self.layer.updated(go_backwards=False)}),
            )
        return (*shape[:-1], (shape[-1] or 0) * (2 if self.merge_mode == "concat" else 1))

    def weights(self, inputs: Inputs) -> tuple[WeightSpec, ...]:
        name = self.layer.name
        ways = [f"{way}_{name.removeprefix(f'{way}_')}" for way in ("forward", "backward")]
        return tuple(weight for way in ways for weight in self._weights_inside(inputs, way))

    def macs(self, inputs: Inputs, output: Shape) -> int:
        del output
        return 2 * self.layer.macs(inputs, self.layer.output_shape(inputs))

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        both = line("both ways", f"2*{count(self.layer.weights(inputs)):,} = {count(self.weights(inputs)):,}")
        joined = line("joined", Term(self.merge_mode, "merge_mode"), f": {shown(self.output_shape(inputs))}")
        return (*self._sums_inside(inputs), both, joined)


class TimeDistributed(Wrapper):
    """Applies a layer to each step of a sequence by itself, such as to each frame of a film."""

    family = "recurrent"
    title = "Time Distributed"
    icon = "rows-3"
    type: Literal["TimeDistributed"] = "TimeDistributed"

    layer: Annotated[
        Layer,
        ByType(_of_one_step),
        AfterValidator(_bare),
        Field(title="Layer", description="The layer that each step goes through, with the same weights."),
    ] = Field(default_factory=lambda: Dense(name=INNER_NAME))

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = only_input(inputs)
        if len(shape) < 2:
            raise LayerError(
                "S07",
                f"Time Distributed needs a sequence, and {shown(shape)} arrives.",
                "Its first axis is the time; what is behind it goes through the layer.",
            )
        return (shape[0], *self._inside(lambda layer: layer.output_shape(_step(inputs))))

    def weights(self, inputs: Inputs) -> tuple[WeightSpec, ...]:
        return self._weights_inside(_step(inputs), self.layer.name)

    def macs(self, inputs: Inputs, output: Shape) -> int:
        return (inputs[0][0] or 1) * self.layer.macs(_step(inputs), output[1:])

    def window(self, inputs: Inputs) -> Window | None:
        inside = _window_inside(self.layer, _step(inputs))
        if inside is None:
            return None
        one = (1,)
        return Window(one + inside.kernel, one + inside.strides, one + inside.dilation, (0, *inside.before))

    def caution(self, inputs: Inputs) -> str | None:
        return self.layer.caution(_step(inputs))

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        steps = line("steps", f"{shown_size(inputs[0][0])}, each by itself")
        return (steps, *self._sums_inside(_step(inputs)))


def _step(inputs: Inputs) -> Inputs:
    """The shape of one step."""
    return (inputs[0][1:],)


class SpectralNormalization(Wrapper):
    """Keeps the largest singular value of a layer's kernel at 1 (Miyato et al. 2018)."""

    family = "normalization"
    title = "Spectral Normalization"
    icon = "sliders-horizontal"
    type: Literal["SpectralNormalization"] = "SpectralNormalization"

    layer: Annotated[
        Layer,
        ByType(_with_one_kernel),
        AfterValidator(_bare),
        Field(title="Layer", description="The layer whose kernel is kept in bounds."),
    ] = Field(default_factory=lambda: Conv2D(name=INNER_NAME))
    power_iterations: Annotated[
        Units,
        Field(title="Iterations", description="How often the singular value is estimated at each step."),
    ] = 1

    def output_shape(self, inputs: Inputs) -> Shape:
        return self._inside(lambda layer: layer.output_shape(inputs))

    def weights(self, inputs: Inputs) -> tuple[WeightSpec, ...]:
        """The kernel, a vector near its first singular one, then the layer's other arrays."""
        kernel, *others = self._weights_inside(inputs, self.layer.name)
        return (kernel, WeightSpec("vector_u", (1, kernel.shape[-1]), trainable=False), *others)

    def macs(self, inputs: Inputs, output: Shape) -> int:
        return self.layer.macs(inputs, output)

    def window(self, inputs: Inputs) -> Window | None:
        return _window_inside(self.layer, inputs)

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        total = count(self.weights(inputs))
        extra = self.weights(inputs)[1].count
        return (
            *self._sums_inside(inputs),
            line("with its vector", f"{total - extra:,} + {extra} = {total:,}"),
        )
