"""How weights begin: choices with settings of their own, named as in `keras.initializers`."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from cnnstudio.core.layers.options import Option
from cnnstudio.core.layers.settings import NotNegative, Seed
from cnnstudio.core.values.unions import ByType


class _Initializer(Option):
    module = "keras.initializers"


class _Seeded(_Initializer):
    seed: Seed = None


class Zeros(_Initializer):
    """All weights begin at 0."""

    type: Literal["Zeros"] = "Zeros"


class Ones(_Initializer):
    """All weights begin at 1."""

    type: Literal["Ones"] = "Ones"


class Constant(_Initializer):
    """All weights begin at the same number."""

    type: Literal["Constant"] = "Constant"
    value: Annotated[float, Field(title="Value", description="Where every weight begins.")] = 0.0


class RandomNormal(_Seeded):
    """Weights drawn from a bell curve."""

    type: Literal["RandomNormal"] = "RandomNormal"
    mean: Annotated[float, Field(title="Mean", description="The middle of the bell curve.")] = 0.0
    stddev: Annotated[
        NotNegative, Field(title="Spread", description="The standard deviation of the bell curve.")
    ] = 0.05


class TruncatedNormal(_Seeded):
    """Weights drawn from a bell curve; what lies beyond two standard deviations is drawn again."""

    type: Literal["TruncatedNormal"] = "TruncatedNormal"
    mean: Annotated[float, Field(title="Mean", description="The middle of the bell curve.")] = 0.0
    stddev: Annotated[
        NotNegative, Field(title="Spread", description="The standard deviation of the bell curve.")
    ] = 0.05


class RandomUniform(_Seeded):
    """Weights drawn evenly between two bounds."""

    type: Literal["RandomUniform"] = "RandomUniform"
    minval: Annotated[float, Field(title="Lowest", description="No weight begins below this.")] = -0.05
    maxval: Annotated[float, Field(title="Highest", description="No weight begins above this.")] = 0.05


class VarianceScaling(_Seeded):
    """Weights whose spread follows from the number of connections."""

    type: Literal["VarianceScaling"] = "VarianceScaling"
    scale: Annotated[
        float, Field(gt=0.0, title="Scale", description="The variance times the number of connections.")
    ] = 1.0
    mode: Annotated[
        Literal["fan_in", "fan_out", "fan_avg"],
        Field(title="Connections", description="Which are counted: coming in, going out, or their mean."),
    ] = "fan_in"
    distribution: Annotated[
        Literal["truncated_normal", "untruncated_normal", "uniform"],
        Field(title="Distribution", description="What the weights are drawn from."),
    ] = "truncated_normal"


class GlorotUniform(_Seeded):
    """Even draws whose spread fits linear, tanh and softmax units (Glorot and Bengio 2010)."""

    type: Literal["GlorotUniform"] = "GlorotUniform"


class GlorotNormal(_Seeded):
    """Bell-shaped draws whose spread fits linear, tanh and softmax units (Glorot and Bengio 2010)."""

    type: Literal["GlorotNormal"] = "GlorotNormal"


class HeUniform(_Seeded):
    """Even draws whose spread fits ReLU units (He et al. 2015)."""

    type: Literal["HeUniform"] = "HeUniform"


class HeNormal(_Seeded):
    """Bell-shaped draws whose spread fits ReLU units (He et al. 2015)."""

    type: Literal["HeNormal"] = "HeNormal"


class LecunUniform(_Seeded):
    """Even draws whose spread fits SELU units (LeCun et al. 1998)."""

    type: Literal["LecunUniform"] = "LecunUniform"


class LecunNormal(_Seeded):
    """Bell-shaped draws whose spread fits SELU units (LeCun et al. 1998)."""

    type: Literal["LecunNormal"] = "LecunNormal"


class Orthogonal(_Seeded):
    """A random matrix whose rows or columns stand at right angles (Saxe et al. 2014)."""

    type: Literal["Orthogonal"] = "Orthogonal"
    gain: Annotated[float, Field(title="Gain", description="Every weight is multiplied by this.")] = 1.0


class Identity(_Initializer):
    """The identity matrix: at first each unit passes one feature on."""

    type: Literal["Identity"] = "Identity"


VECTOR_INITIALIZERS: tuple[type[Option], ...] = (
    Zeros,
    Ones,
    Constant,
    RandomNormal,
    TruncatedNormal,
    RandomUniform,
    VarianceScaling,
    GlorotUniform,
    GlorotNormal,
    HeUniform,
    HeNormal,
    LecunUniform,
    LecunNormal,
)
INITIALIZERS: tuple[type[Option], ...] = (*VECTOR_INITIALIZERS, Orthogonal, Identity)

_VectorStart: TypeAlias = (
    Zeros
    | Ones
    | Constant
    | RandomNormal
    | TruncatedNormal
    | RandomUniform
    | VarianceScaling
    | GlorotUniform
    | GlorotNormal
    | HeUniform
    | HeNormal
    | LecunUniform
    | LecunNormal
)
VectorInitializer: TypeAlias = Annotated[_VectorStart, ByType()]
"""For weights in one row, such as a bias."""
KernelInitializer: TypeAlias = Annotated[_VectorStart | Orthogonal, ByType()]
"""For kernels of two or more axes."""
MatrixInitializer: TypeAlias = Annotated[_VectorStart | Orthogonal | Identity, ByType()]
"""For the two axes of a Dense kernel."""
