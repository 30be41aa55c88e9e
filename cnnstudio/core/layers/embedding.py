"""Whole numbers looked up in a learned table."""

from typing import Annotated, Literal

from pydantic import Field

from cnnstudio.core.layers.arithmetic import Sum, Term, line, product
from cnnstudio.core.layers.base import (
    Layer,
    WeightSpec,
)
from cnnstudio.core.layers.initializers import MatrixInitializer, RandomUniform
from cnnstudio.core.layers.options import MatrixRegularizer, Regularizer
from cnnstudio.core.layers.requirements import (
    Inputs,
    only_input,
)
from cnnstudio.core.layers.settings import Units
from cnnstudio.core.layers.weighted import ADVANCED, Limit
from cnnstudio.core.values.shape import Shape


class Embedding(Layer):
    """Looks each whole number up in a table and gives the row it finds: words or codes as vectors."""

    family = "attention"
    title = "Embedding"
    icon = "table-2"
    type: Literal["Embedding"] = "Embedding"

    input_dim: Annotated[
        Units, Field(title="Numbers", description="How many different numbers there are, from 0 up.")
    ] = 256
    output_dim: Annotated[
        Units, Field(title="Row length", description="How many values stand for each number.")
    ] = 32
    mask_zero: Annotated[
        bool,
        Field(title="Mask zeros", description="Recurrent layers below pass over places that hold a 0."),
    ] = False
    embeddings_initializer: Annotated[
        MatrixInitializer,
        Field(title="Initializer", description="How these weights begin.", json_schema_extra=ADVANCED),
    ] = RandomUniform()
    embeddings_regularizer: Annotated[
        MatrixRegularizer | None,
        Field(
            title="Regularizer",
            description="What training adds to the loss to keep these weights small.",
            json_schema_extra=ADVANCED,
        ),
    ] = None
    embeddings_constraint: Limit = None
    activity_regularizer: Annotated[
        Regularizer | None,
        Field(
            title="Activity regularizer",
            description="What training adds to the loss to keep the results small.",
            json_schema_extra=ADVANCED,
        ),
    ] = None

    def output_shape(self, inputs: Inputs) -> Shape:
        return (*only_input(inputs), self.output_dim)

    def weights(self, inputs: Inputs) -> tuple[WeightSpec, ...]:
        del inputs
        return (WeightSpec("embeddings", (self.input_dim, self.output_dim)),)

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        (table,) = self.weights(inputs)
        length = Term(str(self.output_dim), "output_dim")
        sides = product(Term(str(self.input_dim), "input_dim"), length)
        return (line("channels", length), line("parameters", *sides, f" = {table.count:,}"))

    def details(self) -> str:
        return f"{self.input_dim:,} rows of {self.output_dim}"
