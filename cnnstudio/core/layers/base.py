"""What every layer has: settings as fields, and pure rules for shape, weights and cost."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

from msgspec import Struct, field
from pydantic import BaseModel, ConfigDict, Field

from cnnstudio.core.layers.arithmetic import Sum
from cnnstudio.core.layers.options import Option
from cnnstudio.core.values.shape import Shape, shown

Family = Literal[
    "io",
    "preprocessing",
    "convolution",
    "pooling",
    "reshaping",
    "dense",
    "activation",
    "normalization",
    "regularization",
    "augmentation",
    "merging",
    "custom",
]
Inputs: TypeAlias = Sequence[Shape]
"""The shapes that arrive at a layer, in the order in which it names its inputs."""

Name = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^\S(.*\S)?$")]


class WeightSpec(Struct, frozen=True):
    """One array a layer learns or keeps: its name in Keras, its shape, whether training changes it."""

    name: str
    shape: tuple[int, ...]
    trainable: bool = True

    @property
    def count(self) -> int:
        """How many numbers the array holds."""
        return prod(self.shape)


class Window(Struct, frozen=True):
    """What a layer looks at along each spatial axis; the receptive field follows from it."""

    kernel: tuple[int, ...]
    strides: tuple[float, ...]
    """The step in input values; below 1 where the map grows, 0.5 for one twice as large."""
    dilation: tuple[int, ...]
    before: tuple[float, ...]
    """Padding in front of the first value, per axis; below 0 where values are cut off, broken where
    the centre of the first window lies between two values."""


class Remedy(Struct, frozen=True):
    """A change of the layer's own settings that would mend a problem."""

    label: str
    changes: Mapping[str, Any] = field(default_factory=dict)


class LayerError(Exception):
    """A layer cannot take its inputs. The message is for a person and does not repeat the layer's name.

    `severity` is "error" where Keras would refuse too, "advice" where only the shape is unknown here.
    """

    def __init__(
        self,
        code: str,
        message: str,
        why: str = "",
        remedy: Remedy | None = None,
        severity: Literal["error", "advice"] = "error",
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.why = why
        self.remedy = remedy
        self.severity = severity


class Layer(BaseModel):
    """A layer: its fields are its settings, named as in Keras; its methods are pure.

    Shapes are channels last and without the batch axis. The methods that take `inputs` raise `LayerError`
    when those shapes do not fit; the three that are not `output_shape` may rely on it having passed.
    """

    # Deferred: the rules of a type are worked out when its first layer is made, not at every start.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True)

    family: ClassVar[Family]
    title: ClassVar[str]
    icon: ClassVar[str]
    merges: ClassVar[bool] = False
    """Whether the layer takes two or more inputs."""
    in_palette: ClassVar[bool] = True
    """Whether a person can add it by hand."""
    keeps_places: ClassVar[bool] = True
    """Whether a value leaves at the place where it came in, when the layer has no window."""
    takes_data_format: ClassVar[bool] = False
    """Whether Keras's class has a `data_format`; it is always written as channels last."""
    keras_defaults: ClassVar[Mapping[str, Any]] = {}
    """What Keras takes for a setting that a configuration leaves out, where our default differs."""
    not_in_keras: ClassVar[frozenset[str]] = frozenset({"type", "inputs", "enabled", "group", "weights_of"})
    """Fields that Keras's class does not take."""

    type: str
    name: Name
    inputs: Annotated[
        tuple[Name, ...],
        Field(
            title="Inputs", description="Earlier layers this one takes; the layer above when none is named."
        ),
    ] = ()
    trainable: Annotated[
        bool,
        Field(title="Trainable", description="Whether training changes the weights. Off freezes the layer."),
    ] = True

    enabled: Annotated[
        bool,
        Field(
            title="Enabled",
            description="Off disables the layer: it stays in the stack and passes its first input on.",
        ),
    ] = True
    group: Annotated[
        str,
        Field(
            max_length=120,
            pattern=r"^(\S(.*\S)?)?$",
            title="Group",
            description="Neighbours with the same group name are one group, which can be collapsed.",
        ),
    ] = ""

    weights_of: Annotated[
        str,
        Field(
            max_length=120,
            title="Weights of",
            description="An earlier layer whose weights this one uses too; empty: it has its own.",
        ),
    ] = ""

    def output_shape(self, inputs: Inputs) -> Shape:
        """The shape of what leaves the layer."""
        raise NotImplementedError

    def weights(self, inputs: Inputs) -> tuple[WeightSpec, ...]:
        """The arrays the layer learns or keeps, in Keras's order."""
        del inputs
        return ()

    @property
    def may_have_weights(self) -> bool:
        """Whether layers of this type can have arrays that they learn or keep."""
        return type(self).weights is not Layer.weights

    @property
    def weights_known(self) -> bool:
        """Whether `weights` tells of all arrays; those of a class without code here may not be known."""
        return True

    @property
    def macs_known(self) -> bool:
        """Whether `macs` counts all there are."""
        return True

    def macs(self, inputs: Inputs, output: Shape) -> int:
        """Multiplications of a weight with a value, for one sample; open sizes count as 1.

        The usual rule (Sze et al. 2017, "Efficient Processing of Deep Neural Networks"): one
        multiply-accumulate a weight and position; additions of biases, activations and pooling are free.
        """
        del inputs, output
        return 0

    def window(self, inputs: Inputs) -> Window | None:
        """The layer's window over its input; `None` where each value depends on one value only."""
        del inputs
        return None

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        """The sums behind the output shape and the parameter count."""
        del inputs
        return ()

    def letters(self, inputs: Inputs) -> tuple[Sum, ...]:
        """The sum behind the sizes with letters in place of numbers; empty where there is none to tell."""
        del inputs
        return ()

    def caution(self, inputs: Inputs) -> str | None:
        """What stops TensorFlow on a CPU although Keras gives the layer a shape; `None` mostly."""
        del inputs
        return None

    def details(self) -> str:
        """The settings that matter most, for the block's second line."""
        return ""

    def keras_class(self) -> str:
        """The name of the class in `keras.layers`."""
        return self.type

    def keras_config(self) -> dict[str, Any]:
        """The configuration Keras's own `from_config` takes."""
        config = {name: in_keras(value) for name, value in self if name not in self.not_in_keras}
        return {**config, "data_format": "channels_last"} if self.takes_data_format else config

    def updated(self, **changes: Any) -> Self:
        """The layer with other settings; raises pydantic's `ValidationError` for values out of range."""
        return type(self).model_validate({**dict(self), **changes})


def in_keras(value: Any) -> Any:
    """A setting as Keras writes it: options in their serialised form, tuples as lists."""
    if isinstance(value, Option):
        return value.keras_form()
    return [in_keras(part) for part in value] if isinstance(value, tuple) else value


def only_input(inputs: Inputs) -> Shape:
    """The single input of a layer that takes one."""
    if len(inputs) != 1:
        raise LayerError(
            "S03",
            f"This layer takes one input and got {len(inputs)}.",
            "Only merging layers such as Add or Concatenate take several.",
            Remedy("Keep the first input only"),
        )
    return inputs[0]


def require_features(shape: Shape, what: str) -> int:
    """The size of the last axis, which must be known; `what` names the layer."""
    size = shape[-1] if shape else None
    if size is None:
        raise LayerError(
            "S01",
            f"{what} needs a known number of channels, and {shown(shape)} arrives. "
            "Set the sizes in the Input.",
            "The number of weights follows from it.",
        )
    return size


def axis_at(axis: int, shape: Shape, what: str) -> int:
    """Where `axis` lies in a shape without batch; counted from 1, or from the end below 0. Refuses others."""
    rank = len(shape)
    at = axis - 1 if axis > 0 else rank + axis
    if axis == 0 or not 0 <= at < rank:
        raise LayerError(
            "S07",
            f"{what} works along axis {axis}, and {shown(shape)} has the axes 1 to {rank}. "
            "Use -1 for the last one.",
            "Axis 0 is the batch.",
        )
    return at


def require_rank(shape: Shape, rank: int, what: str) -> None:
    """Refuse a shape with another number of axes than `rank`; `what` names the layer's own view."""
    if len(shape) == rank:
        return
    expected = {1: "a list of features", 2: "length x channels", 3: "height x width x channels"}[rank]
    raise LayerError(
        "S07",
        f"{what} needs {expected}, and {shown(shape)} arrives. {_way_out(shape)}",
        "The axes of a map are gone after Flatten, Dense and global pooling; a 1-D layer needs a sequence.",
    )


def _way_out(shape: Shape) -> str:
    """What to do with a layer where such a shape arrives."""
    if len(shape) > 1:
        return f"Use a {len(shape) - 1}-D layer here."
    return "Put it above the layer that made a list of the map, or make a map again with Reshape."
