"""Choices with settings of their own: what training adds to the loss, and what weights keep to.

Named as in `keras.regularizers` and `keras.constraints`.
"""

from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from cnnstudio.core.layers.settings import Axes, Fraction, NotNegative
from cnnstudio.core.values.unions import ByType


class Option(BaseModel):
    """One choice: its fields are its settings, named as in Keras. A value, shared freely."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True)

    module: ClassVar[str]
    type: str

    def keras_form(self) -> dict[str, Any]:
        """What Keras writes for it into a configuration."""
        return {
            "module": self.module,
            "class_name": self.type,
            "config": self.model_dump(mode="json", exclude={"type"}),
            "registered_name": None,
        }


class _Regularizer(Option):
    module = "keras.regularizers"


Factor = Annotated[NotNegative, Field(title="Factor", description="How much the penalty weighs in the loss.")]


class L1(_Regularizer):
    """Adds the sum of the absolute values to the loss: many become 0."""

    type: Literal["L1"] = "L1"
    l1: Factor = 0.01


class L2(_Regularizer):
    """Adds the sum of the squares to the loss: none becomes large."""

    type: Literal["L2"] = "L2"
    l2: Factor = 0.01


class L1L2(_Regularizer):
    """Both penalties together."""

    type: Literal["L1L2"] = "L1L2"
    l1: Factor = 0.0
    l2: Factor = 0.0


class OrthogonalRegularizer(_Regularizer):
    """Adds to the loss how far the rows or columns are from right angles."""

    type: Literal["OrthogonalRegularizer"] = "OrthogonalRegularizer"
    factor: Factor = 0.01
    mode: Annotated[
        Literal["rows", "columns"], Field(title="Of", description="What should stand at right angles.")
    ] = "rows"


class _Constraint(Option):
    module = "keras.constraints"


NormAxes = Annotated[
    Axes, Field(title="Axes", description="The axes along which the length of a weight vector is taken.")
]


class NonNeg(_Constraint):
    """Weights below 0 are set to 0 after each step."""

    type: Literal["NonNeg"] = "NonNeg"


class UnitNorm(_Constraint):
    """Weight vectors are brought to length 1 after each step."""

    type: Literal["UnitNorm"] = "UnitNorm"
    axis: NormAxes = 0


class MaxNorm(_Constraint):
    """Weight vectors longer than a bound are shortened to it after each step."""

    type: Literal["MaxNorm"] = "MaxNorm"
    max_value: Annotated[NotNegative, Field(title="Longest", description="The bound of the length.")] = 2.0
    axis: NormAxes = 0


class MinMaxNorm(_Constraint):
    """The length of weight vectors is pulled between two bounds after each step."""

    type: Literal["MinMaxNorm"] = "MinMaxNorm"
    min_value: Annotated[NotNegative, Field(title="Shortest", description="The lower bound.")] = 0.0
    max_value: Annotated[NotNegative, Field(title="Longest", description="The upper bound.")] = 1.0
    rate: Annotated[Fraction, Field(title="Rate", description="1 pulls all the way at once.")] = 1.0
    axis: NormAxes = 0


REGULARIZERS: tuple[type[Option], ...] = (L1, L2, L1L2, OrthogonalRegularizer)
CONSTRAINTS: tuple[type[Option], ...] = (NonNeg, UnitNorm, MaxNorm, MinMaxNorm)
Regularizer: TypeAlias = Annotated[L1 | L2 | L1L2, ByType()]
MatrixRegularizer: TypeAlias = Annotated[L1 | L2 | L1L2 | OrthogonalRegularizer, ByType()]
Constraint: TypeAlias = Annotated[NonNeg | UnitNorm | MaxNorm | MinMaxNorm, ByType()]
