"""Groups of settings that layers with weights share; a layer's bases name them from the last to the first."""

from typing import Annotated

from pydantic import Field

from cnnstudio.core.layers.arithmetic import Sum, Term, line, product, things
from cnnstudio.core.layers.base import (
    Layer,
    WeightSpec,
)
from cnnstudio.core.layers.initializers import (
    GlorotUniform,
    KernelInitializer,
    MatrixInitializer,
    VectorInitializer,
    Zeros,
)
from cnnstudio.core.layers.options import Constraint, MatrixRegularizer, Regularizer
from cnnstudio.core.layers.requirements import Inputs
from cnnstudio.core.layers.settings import ActivationName, Seed, Units

ADVANCED = {"advanced": True}
"""Marks settings that a form may fold away."""

Penalty = Annotated[
    Regularizer | None,
    Field(
        title="Regularizer",
        description="What training adds to the loss to keep these weights small.",
        json_schema_extra=ADVANCED,
    ),
]
Limit = Annotated[
    Constraint | None,
    Field(
        title="Constraint",
        description="What these weights are brought back to after each step.",
        json_schema_extra=ADVANCED,
    ),
]
Start = Annotated[
    KernelInitializer,
    Field(
        title="Initializer",
        description="How these weights begin.",
        json_schema_extra=ADVANCED,
    ),
]
RowStart = Annotated[
    VectorInitializer,
    Field(title="Initializer", description="How these weights begin.", json_schema_extra=ADVANCED),
]


class Seeded(Layer):
    """Draws at random in training."""

    seed: Seed = None


class Filtered(Layer):
    """Has a number of filters."""

    filters: Annotated[
        Units, Field(title="Filters", description="How many kernels, and so how many feature maps.")
    ] = 32


class Counted(Layer):
    """Has a number of units."""

    units: Annotated[Units, Field(title="Units", description="How many numbers leave the layer.")] = 64


class Kernel(Layer):
    """Has one kernel of two or more axes."""

    kernel_initializer: Start = GlorotUniform()
    kernel_regularizer: Penalty = None
    kernel_constraint: Limit = None


class Matrix(Layer):
    """Has one kernel of exactly two axes, which allows for more choices."""

    kernel_initializer: Annotated[
        MatrixInitializer,
        Field(title="Initializer", description="How these weights begin.", json_schema_extra=ADVANCED),
    ] = GlorotUniform()
    kernel_regularizer: Annotated[
        MatrixRegularizer | None,
        Field(
            title="Regularizer",
            description="What training adds to the loss to keep these weights small.",
            json_schema_extra=ADVANCED,
        ),
    ] = None
    kernel_constraint: Limit = None


class Activated(Layer):
    """Adds a bias to each result, then applies a function."""

    activation: Annotated[
        ActivationName, Field(title="Activation", description="The function applied to every result.")
    ] = "relu"
    use_bias: Annotated[
        bool, Field(title="Use bias", description="Adds one learned number to each feature map or unit.")
    ] = True


class Biased(Layer):
    """How the bias begins and what training does to it and to the results."""

    bias_initializer: RowStart = Zeros()
    bias_regularizer: Penalty = None
    bias_constraint: Limit = None
    activity_regularizer: Annotated[
        Regularizer | None,
        Field(
            title="Activity regularizer",
            description="What training adds to the loss to keep the results small.",
            json_schema_extra=ADVANCED,
        ),
    ] = None


def parameter_sum(layer: Layer, inputs: Inputs, *products: tuple[Term, ...], biases: Term | None) -> Sum:
    """`3*3*1*10 weights + 10 biases = 100`: one product per kernel, then the biases."""
    pieces: list[str | Term] = []
    for factors in products:
        pieces += [" + "] if pieces else []
        pieces += [*product(*factors), " weights"]
    if biases is not None:
        pieces += [" + ", biases, things(biases, "bias", "biases")]
    return line("parameters", *pieces, f" = {count(layer.weights(inputs)):,}")


def count(weights: tuple[WeightSpec, ...]) -> int:
    """How many numbers the arrays hold together."""
    return sum(weight.count for weight in weights)
