"""LSTM layers whose steps are convolutions: they read the frames of a film (Shi et al. 2015)."""

from collections.abc import Mapping
from math import prod
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from cnnstudio.core.layers.arithmetic import Sum, Term, line, things
from cnnstudio.core.layers.base import (
    Layer,
    WeightSpec,
    Window,
)
from cnnstudio.core.layers.initializers import Orthogonal
from cnnstudio.core.layers.recurrent import Forgetting, Gated, Recurrent
from cnnstudio.core.layers.requirements import (
    Inputs,
    LayerError,
    only_input,
)
from cnnstudio.core.layers.settings import PaddingName
from cnnstudio.core.layers.sliding import Pairs, PlainSingles, Sliding
from cnnstudio.core.layers.weighted import (
    Biased,
    Filtered,
    Kernel,
    Limit,
    Penalty,
    Seeded,
    Start,
    parameter_sum,
)
from cnnstudio.core.values.shape import Shape, shown

_GATES = 4
_FRAMES = {1: "time x length x channels", 2: "time x height x width x channels"}


class _StateKernel(Layer):
    recurrent_initializer: Start = Orthogonal()
    recurrent_regularizer: Penalty = None
    recurrent_constraint: Limit = None


class _ConvLSTM(Seeded, Biased, _StateKernel, Kernel, Forgetting, Recurrent, Gated, Sliding, Filtered):
    """Reads frames one after the other; state and input are convolved, not multiplied."""

    family = "recurrent"
    hands_trainable_on = False
    keras_defaults: ClassVar[Mapping[str, Any]] = {"padding": "valid"}
    padding: Annotated[
        PaddingName,
        Field(title="Padding", description="'same' adds zeros around each frame; 'valid' keeps inside it."),
    ] = "same"

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = only_input(inputs)
        self._require_frames(shape)
        self._refuse_dilated_steps()
        result = (*self._sizes(shape[1:]), self.filters)
        return (shape[0], *result) if self.return_sequences else result

    def _require_frames(self, shape: Shape) -> None:
        if len(shape) != len(self.kernel_size) + 2:
            raise LayerError(
                "S07",
                f"{self.title} needs {_FRAMES[len(self.kernel_size)]}, and {shown(shape)} arrives.",
                "It reads a sequence of frames.",
            )
        if None in shape[1:]:
            raise LayerError(
                "S01",
                f"{self.title} needs frames of a known size, and {shown(shape)} arrives. "
                "Set the sizes in the Input.",
                "Its state is a map of the same size, made before the first frame.",
            )

    def weights(self, inputs: Inputs) -> tuple[WeightSpec, ...]:
        columns = _GATES * self.filters
        kernels = (
            WeightSpec("conv_lstm_cell/kernel", (*self.kernel_size, inputs[0][-1] or 0, columns)),
            WeightSpec("conv_lstm_cell/recurrent_kernel", (*self.kernel_size, self.filters, columns)),
        )
        return (*kernels, WeightSpec("conv_lstm_cell/bias", (columns,))) if self.use_bias else kernels

    def macs(self, inputs: Inputs, output: Shape) -> int:
        positions = prod([size or 1 for size in output[-1 - len(self.kernel_size) : -1]])
        channels = (inputs[0][-1] or 0) + self.filters
        return (inputs[0][0] or 1) * positions * prod(self.kernel_size) * channels * _GATES * self.filters

    def window(self, inputs: Inputs) -> Window | None:
        """None: through its state each result depends on all frames before it."""
        del inputs
        return None

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        filters = Term(str(self.filters), "filters")
        kernel = (*self._kernel_terms(), Term(str(inputs[0][-1])), Term(str(_GATES)), filters)
        state = (*self._kernel_terms(), filters, Term(str(_GATES)), filters)
        biases = Term(f"{_GATES}*{self.filters}", "use_bias") if self.use_bias else None
        return (
            self._steps_sum(inputs[0][0]),
            *self._size_sums((inputs[0][1:],)),
            line("channels", filters, things(filters, "filter", "filters"), f" = {self.filters}"),
            parameter_sum(self, inputs, kernel, state, biases=biases),
        )

    def details(self) -> str:
        return self._details("each step" if self.return_sequences else "linear")


class ConvLSTM2D(Pairs, _ConvLSTM):
    """Reads the frames of a film; its memory is a map that convolutions write and read."""

    title = "ConvLSTM2D"
    icon = "images"
    type: Literal["ConvLSTM2D"] = "ConvLSTM2D"


class ConvLSTM1D(PlainSingles, _ConvLSTM):
    """Reads sequences of rows; its memory is a row that convolutions write and read."""

    title = "ConvLSTM1D"
    icon = "images"
    type: Literal["ConvLSTM1D"] = "ConvLSTM1D"
