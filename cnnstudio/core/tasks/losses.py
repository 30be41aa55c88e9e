"""The losses there are, by Keras's names, and the last activation each expects."""

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
