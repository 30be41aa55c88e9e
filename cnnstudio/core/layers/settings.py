"""The kinds of settings layers have: a type with its range, made once and used by every family."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

MAX_UNITS = 1_000_000
MAX_WINDOW = 1_024
MAX_SIZE = 100_000
MAX_AXIS = 8

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
    "log_sigmoid",
    "log_softmax",
]
PaddingName = Literal["valid", "same"]
CausalPaddingName = Literal["valid", "same", "causal"]
Interpolation = Literal["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"]


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def as_tuple(value: Any) -> Any:
    """JSON has lists where Python has tuples."""
    return tuple(as_tuple(part) for part in value) if isinstance(value, list | tuple) else value


def as_single(value: Any) -> Any:
    """One number stands for the only axis, as in Keras."""
    return (value,) if _is_int(value) else as_tuple(value)


def as_pair(value: Any) -> Any:
    """One number stands for both axes, as in Keras; JSON has lists where Python has tuples."""
    return (value, value) if _is_int(value) else as_tuple(value)


def as_triple(value: Any) -> Any:
    """One number stands for all three axes, as in Keras; JSON has lists where Python has tuples."""
    return (value, value, value) if _is_int(value) else as_tuple(value)


def as_edges(value: Any) -> Any:
    """One number stands for all four edges, one per axis for its two ends, as in Keras."""
    return _as_ends(as_pair(value))


def as_faces(value: Any) -> Any:
    """One number stands for all six faces, one per axis for its two ends, as in Keras."""
    return _as_ends(as_triple(value))


def _as_ends(axes: Any) -> Any:
    return tuple(as_pair(end) for end in axes) if isinstance(axes, tuple) else axes


def as_axes(value: Any) -> Any:
    """One axis is a list of one; none at all is an empty list."""
    return () if value is None else as_single(value)


def as_range(value: Any) -> Any:
    """One number stands for both directions, as in Keras."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (-abs(value), abs(value))
    return as_tuple(value)


def as_upward_range(value: Any) -> Any:
    """One number stands for the range from 0 up to it, as in Keras."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (0.0, value)
    return as_tuple(value)


WindowSize = Annotated[int, Field(ge=1, le=MAX_WINDOW)]
WindowSingle = Annotated[tuple[WindowSize], BeforeValidator(as_single)]
WindowPair = Annotated[tuple[WindowSize, WindowSize], BeforeValidator(as_pair)]
WindowTriple = Annotated[tuple[WindowSize, WindowSize, WindowSize], BeforeValidator(as_triple)]
OptionalSingle = Annotated[tuple[WindowSize] | None, BeforeValidator(as_single)]
OptionalPair = Annotated[tuple[WindowSize, WindowSize] | None, BeforeValidator(as_pair)]
OptionalTriple = Annotated[tuple[WindowSize, WindowSize, WindowSize] | None, BeforeValidator(as_triple)]

Edge = Annotated[int, Field(ge=0, le=MAX_SIZE)]
EdgeSingle = Annotated[tuple[Edge, Edge], BeforeValidator(as_pair)]
EdgePair = Annotated[tuple[tuple[Edge, Edge], tuple[Edge, Edge]], BeforeValidator(as_edges)]
EdgeTriple = Annotated[
    tuple[tuple[Edge, Edge], tuple[Edge, Edge], tuple[Edge, Edge]], BeforeValidator(as_faces)
]
ExtraSingle = Annotated[tuple[Edge] | None, BeforeValidator(as_single)]
ExtraPair = Annotated[tuple[Edge, Edge] | None, BeforeValidator(as_pair)]
ExtraTriple = Annotated[tuple[Edge, Edge, Edge] | None, BeforeValidator(as_triple)]

Size = Annotated[int, Field(ge=1, le=MAX_SIZE)]
Units = Annotated[int, Field(ge=1, le=MAX_UNITS, json_schema_extra={"step": "powers of two"})]
Share = Annotated[float, Field(ge=0.0, lt=1.0)]
Fraction = Annotated[float, Field(ge=0.0, le=1.0)]
Signed = Annotated[float, Field(ge=-1.0, le=1.0)]
NotNegative = Annotated[float, Field(ge=0.0)]

Axis = Annotated[int, Field(ge=-MAX_AXIS, le=MAX_AXIS)]
Axes = Annotated[Axis | Annotated[tuple[Axis, ...], Field(min_length=1)], BeforeValidator(as_tuple)]
AxisList = Annotated[tuple[Axis, ...], BeforeValidator(as_axes)]
SignedRange = Annotated[tuple[Signed, Signed], BeforeValidator(as_range)]
UpwardRange = Annotated[tuple[Fraction, Fraction], BeforeValidator(as_upward_range)]
Numbers = Annotated[float | Annotated[tuple[float, ...], Field(min_length=1)], BeforeValidator(as_tuple)]

Seed = Annotated[
    Annotated[int, Field(ge=0, le=2**63 - 1)] | None,
    Field(
        title="Seed",
        description="The same seed draws the same random numbers; empty draws others in each run.",
        json_schema_extra={"advanced": True, "without": "random"},
    ),
]
