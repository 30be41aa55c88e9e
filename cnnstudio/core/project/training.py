"""How a network is trained: optimizer, loss, and when to stop."""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from cnnstudio.core.project.data import Seed
from cnnstudio.core.project.sources import MAX_PATH
from cnnstudio.core.tasks.losses import LossName
from cnnstudio.core.values.unions import ByType

INCLUDED = "included:"
"""What a reference to weights that come with the studio begins with; others are paths."""

LearningRate = Annotated[
    float,
    Field(
        gt=0.0,
        le=100.0,
        title="Learning rate",
        description="The length of each step down the slope of the loss.",
    ),
]
Momentum = Annotated[
    float,
    Field(ge=0.0, lt=1.0, title="Momentum", description="How much of the last step is kept in the next."),
]

_WeightsFile = Annotated[str, Field(min_length=1, max_length=MAX_PATH, json_schema_extra={"file": "weights"})]


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True)


class Adam(_Settings):
    """Steps of a size adapted to each weight (Kingma and Ba 2015)."""

    type: Literal["Adam"] = "Adam"
    learning_rate: LearningRate = 1e-3


class SGD(_Settings):
    """Plain steps down the slope, with momentum when it is above 0."""

    type: Literal["SGD"] = "SGD"
    learning_rate: LearningRate = 1e-2
    momentum: Momentum = 0.0


class RMSprop(_Settings):
    """Steps divided by a running mean of the slope's size."""

    type: Literal["RMSprop"] = "RMSprop"
    learning_rate: LearningRate = 1e-3


AnyOptimizer: TypeAlias = Annotated[Adam | SGD | RMSprop, ByType()]


class TrainingSettings(_Settings):
    """Everything but the network and the data that decides how training goes."""

    optimizer: AnyOptimizer = Field(
        default=Adam(), title="Optimizer", description="The rule that turns slopes into steps."
    )
    loss: Annotated[LossName, Field(title="Loss", description="What training makes small.")] = (
        "categorical_crossentropy"
    )
    from_logits: Annotated[
        bool,
        Field(
            title="From logits", description="The last layer gives raw scores; the loss applies the softmax."
        ),
    ] = False
    batch_size: Annotated[
        int,
        Field(
            ge=1,
            le=65_536,
            title="Batch size",
            description="Images per step.",
            json_schema_extra={"step": "powers of two"},
        ),
    ] = 32
    epochs: Annotated[
        int, Field(ge=1, le=100_000, title="Epochs", description="Passes through all training images.")
    ] = 30
    patience: Annotated[
        Annotated[int, Field(ge=1, le=10_000, json_schema_extra={"unit": "epochs"})] | None,
        Field(
            title="Early stopping",
            description="Stop after this many epochs without a better val_loss; off trains to the end.",
        ),
    ] = 5
    class_weights: Annotated[
        bool,
        Field(
            title="Class weights",
            description="A picture of a rare class counts more in the loss: all classes weigh the same.",
        ),
    ] = False
    seed: Annotated[Seed, Field(title="Seed", description="The same seed gives the same run again.")] = 0
    start_from: Annotated[
        _WeightsFile | None,
        Field(
            title="Start from",
            description="A file of trained weights. Layers that have the name and the shapes of a layer in "
            "it begin with its weights, all others at random.",
        ),
    ] = None
