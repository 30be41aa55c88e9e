"""The losses there are, by Keras's names, and the last activation each expects."""

from math import log
from typing import Literal, TypeAlias

LossName: TypeAlias = Literal[
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
    "binary_crossentropy",
    "mean_squared_error",
    "mean_absolute_error",
]
LabelForm: TypeAlias = Literal["one-hot", "integer"]

CATEGORICAL: tuple[LossName, ...] = ("categorical_crossentropy", "sparse_categorical_crossentropy")
"""Losses that compare a share for each class with the class."""
DISTANCES: tuple[LossName, ...] = ("mean_squared_error", "mean_absolute_error")
"""Losses that compare numbers of any size, and so go with any activation."""


def wanted_activation(loss: LossName, from_logits: bool) -> str | None:
    """The activation a loss expects of the last layer; `None` where any will do."""
    if loss in DISTANCES:
        return None
    if from_logits:
        return "linear"
    return "sigmoid" if loss == "binary_crossentropy" else "softmax"


def loss_of_guessing(loss: LossName, outputs: int) -> float | None:
    """What a loss is for equal shares for all classes, the answer of a network that knows nothing: ln(10) for
    ten. `None` where that depends on the samples.
    """
    if loss in DISTANCES or outputs < 1:
        return None
    if loss != "binary_crossentropy":
        return log(outputs)
    share = 1 / outputs if outputs > 1 else 0.5
    return -(share * log(share) + (1 - share) * log(1 - share))
