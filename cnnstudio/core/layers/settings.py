"""The kinds of settings layers have: a type with its range, made once and used by every family."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

MAX_UNITS = 1_000_000
MAX_WINDOW = 1_024
MAX_SIZE = 100_000

ActivationName = Literal[
    "linear",
    "relu",
    "softmax",
    "sigmoid",
    "tanh",
    "leaky_relu",
    "relu6",
    "elu",
    "selu",
    "celu",
    "gelu",
    "silu",
    "mish",
    "softplus",
    "softsign",
    "exponential",
    "hard_sigmoid",
    "hard_silu",
    "hard_tanh",
    "hard_shrink",
    "soft_shrink",
    "tanh_shrink",
    "squareplus",
    "sparse_plus",
    "sparse_sigmoid",
    "sparsemax",
    "threshold",
    "log_sigmoid",
    "log_softmax",
]
PaddingName = Literal["valid", "same"]


def as_pair(value: Any) -> Any:
    """One number stands for both axes, as in Keras; JSON has lists where Python has tuples."""
    if isinstance(value, int) and not isinstance(value, bool):
        return (value, value)
    return tuple(value) if isinstance(value, list) else value


WindowSize = Annotated[int, Field(ge=1, le=MAX_WINDOW)]
WindowPair = Annotated[tuple[WindowSize, WindowSize], BeforeValidator(as_pair)]
Units = Annotated[int, Field(ge=1, le=MAX_UNITS, json_schema_extra={"step": "powers of two"})]
Share = Annotated[float, Field(ge=0.0, lt=1.0)]
