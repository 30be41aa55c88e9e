"""Layers that read a sequence step by step and carry a state from one step to the next.

A step multiplies its input with the kernel and the last state with the recurrent kernel, once for each gate
(Hochreiter and Schmidhuber 1997 for LSTM, Cho et al. 2014 for GRU); the sum of both is what a
multiply-accumulate is counted for, at each step.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from cnnstudio.core.layers.arithmetic import Sum, Term, line, things
from cnnstudio.core.layers.base import (
    Layer,
    WeightSpec,
)
from cnnstudio.core.layers.initializers import MatrixInitializer, Orthogonal
from cnnstudio.core.layers.options import MatrixRegularizer
from cnnstudio.core.layers.requirements import (
    Inputs,
    only_input,
    require_features,
    require_rank,
)
from cnnstudio.core.layers.settings import ActivationName, Fraction
from cnnstudio.core.layers.weighted import (
    ADVANCED,
    Biased,
    Counted,
    Limit,
    Matrix,
    Seeded,
    parameter_sum,
)
from cnnstudio.core.values.shape import Shape, shown_size
from cnnstudio.core.values.words import counted


class Recurrent(Layer):
    """What a step ends with, which way a sequence is read, and what leaves the layer."""

    family = "recurrent"
    keeps_places = False

    activation: Annotated[
        ActivationName, Field(title="Activation", description="The function applied to the result of a step.")
    ] = "tanh"
    use_bias: Annotated[
        bool, Field(title="Use bias", description="Adds learned numbers to each gate, or to each unit.")
    ] = True
    return_sequences: Annotated[
        bool,
        Field(title="Return each step", description="Gives the result of every step, not only the last."),
    ] = False
    go_backwards: Annotated[
        bool, Field(title="Read backwards", description="Reads the sequence from its end.")
    ] = False
    dropout: Annotated[
        Fraction, Field(title="Dropout", description="The share of the input set to 0 in training.")
    ] = 0.0
    recurrent_dropout: Annotated[
        Fraction, Field(title="State dropout", description="The share of the state set to 0 in training.")
    ] = 0.0
    unroll: Annotated[
        bool,
        Field(
            title="Unroll",
            description="Lays all steps out one by one: quicker for short sequences, and takes more memory.",
            json_schema_extra=ADVANCED,
        ),
    ] = False
    zero_output_for_mask: Annotated[
        bool,
        Field(
            title="Zero masked steps",
            description="Steps that a Masking leaves out give zeros, not the result before them.",
            json_schema_extra=ADVANCED,
        ),
    ] = False

    def _steps_sum(self, length: int | None) -> Sum:
        if self.return_sequences:
            return line("steps", shown_size(length), Term(", one result each", "return_sequences"))
        return line("steps", shown_size(length), Term(", only the last result is given", "return_sequences"))


class Gated(Layer):
    """Gates between 0 and 1 that decide what of the state is kept."""

    recurrent_activation: Annotated[
        ActivationName,
        Field(title="Gate activation", description="The function that opens and closes the gates."),
    ] = "sigmoid"


class Forgetting(Layer):
    """A gate that clears the state."""

    unit_forget_bias: Annotated[
        bool,
        Field(
            title="Remember at first",
            description="The bias of the forget gate begins at 1, so that the state is kept at first.",
            json_schema_extra=ADVANCED,
        ),
    ] = True


class _StateKernel(Layer):
    recurrent_initializer: Annotated[
        MatrixInitializer,
        Field(title="Initializer", description="How these weights begin.", json_schema_extra=ADVANCED),
    ] = Orthogonal()
    recurrent_regularizer: Annotated[
        MatrixRegularizer | None,
        Field(
            title="Regularizer",
            description="What training adds to the loss to keep these weights small.",
            json_schema_extra=ADVANCED,
        ),
    ] = None
    recurrent_constraint: Limit = None


class _RNN(Biased, _StateKernel, Matrix, Recurrent, Counted):
    """Reads a sequence step by step, carrying a state of one number for each unit."""

    cell: ClassVar[str]
    """What Keras calls the part that computes one step."""
    gates: ClassVar[int]
    """How many sums a unit makes at each step."""

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = only_input(inputs)
        require_rank(shape, 2, self.title)
        require_features(shape, self.title)
        return (shape[0], self.units) if self.return_sequences else (self.units,)

    def weights(self, inputs: Inputs) -> tuple[WeightSpec, ...]:
        columns = self.gates * self.units
        kernels = (
            WeightSpec(f"{self.cell}/kernel", (inputs[0][-1] or 0, columns)),
            WeightSpec(f"{self.cell}/recurrent_kernel", (self.units, columns)),
        )
        return (*kernels, WeightSpec(f"{self.cell}/bias", self._bias())) if self.use_bias else kernels

    def _bias(self) -> tuple[int, ...]:
        return (self.gates * self.units,)

    def macs(self, inputs: Inputs, output: Shape) -> int:
        del output
        length, features = inputs[0]
        return (length or 1) * self.gates * self.units * ((features or 0) + self.units)

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        units = Term(str(self.units), "units")
        each = (Term(str(self.gates)),) if self.gates > 1 else ()
        kernel, state = (*each, Term(str(inputs[0][-1])), units), (*each, units, units)
        biases = Term("*".join(map(str, self._bias_factors())), "use_bias") if self.use_bias else None
        return (
            self._steps_sum(inputs[0][0]),
            line("features", units, things(units, "unit", "units")),
            parameter_sum(self, inputs, kernel, state, biases=biases),
        )

    def _bias_factors(self) -> tuple[int, ...]:
        return (self.gates, self.units) if self.gates > 1 else (self.units,)

    def details(self) -> str:
        every = " · each step" if self.return_sequences else ""
        return counted(self.units, "unit") + every


class SimpleRNN(_RNN):
    """Reads a sequence step by step; each result is the input of the next step too."""

    title = "Simple RNN"
    icon = "repeat"
    cell = "simple_rnn_cell"
    gates = 1
    type: Literal["SimpleRNN"] = "SimpleRNN"


class LSTM(Seeded, Forgetting, Gated, _RNN):
    """Reads a sequence step by step with a memory that gates write, clear and read."""

    title = "LSTM"
    icon = "history"
    cell = "lstm_cell"
    gates = 4
    type: Literal["LSTM"] = "LSTM"


class GRU(Seeded, Gated, _RNN):
    """Reads a sequence step by step; two gates mix the old state with the new one."""

    title = "GRU"
    icon = "rotate-cw"
    cell = "gru_cell"
    gates = 3
    type: Literal["GRU"] = "GRU"
    reset_after: Annotated[
        bool,
        Field(
            title="Reset after",
            description="The reset gate works after the recurrent kernel, as on graphics cards; "
            "off is the older form.",
            json_schema_extra=ADVANCED,
        ),
    ] = True

    def _bias(self) -> tuple[int, ...]:
        return (2, self.gates * self.units) if self.reset_after else super()._bias()

    def _bias_factors(self) -> tuple[int, ...]:
        return (2, *super()._bias_factors()) if self.reset_after else super()._bias_factors()
