"""What every layer has: settings as fields, and pure rules for shape, weights and cost."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias, TypeVar

from msgspec import Struct
from pydantic import BaseModel, ConfigDict, Field

from cnnstudio.core.layers.arithmetic import Sum
from cnnstudio.core.layers.options import Option
from cnnstudio.core.layers.requirements import Inputs
from cnnstudio.core.values.shape import Shape

Family = Literal[
    "io",
    "preprocessing",
    "convolution",
    "pooling",
    "reshaping",
    "dense",
    "recurrent",
    "attention",
    "activation",
    "normalization",
    "regularization",
    "augmentation",
    "merging",
    "custom",
]
Arriving = TypeVar("Arriving")
Section: TypeAlias = Family | Literal["volume"]
"""A heading of the palette."""

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


class Layer(BaseModel):
    """A layer: its fields are its settings, named as in Keras; its methods are pure.

    Shapes are channels last and without the batch axis. The methods that take `inputs` raise `LayerError`
    when those shapes do not fit; the three that are not `output_shape` may rely on it having passed.
    """

    # Deferred: the rules of a type are worked out when its first layer is made, not at every start.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True)

    family: ClassVar[Family]
    section: ClassVar[Section | None] = None
    """Where the palette lists the type when that is not with its family."""
    title: ClassVar[str]
    icon: ClassVar[str]
    merges: ClassVar[bool] = False
    """Whether the layer takes two or more inputs."""
    takes_several: ClassVar[bool] = False
    """Whether the layer can take more than one input, as every one that merges must."""
    in_palette: ClassVar[bool] = True
    """Whether a person can add it by hand."""
    keeps_places: ClassVar[bool] = True
    """Whether a value leaves at the place where it came in, when the layer has no window."""
    moves_places: ClassVar[bool] = False
    """Whether it moves what is on the picture at random while training."""
    moves_masks: ClassVar[bool] = False
    """Whether a mask can be moved as the picture was: it does nothing else to a picture, nor to its size."""
    mixes_labels: ClassVar[bool] = False
    """Whether it mixes pictures while training, so that labels are to be mixed as they were."""
    takes_data_format: ClassVar[bool] = False
    """Whether Keras's class has a `data_format`; it is always written as channels last."""
    keras_defaults: ClassVar[Mapping[str, Any]] = {}
    """What Keras takes for a setting that a configuration leaves out, where our default differs."""
    hands_trainable_on: ClassVar[bool] = True
    """Whether Keras freezes all weights of a layer inside another that is made with `trainable` off."""
    keras_names: ClassVar[Mapping[str, str]] = {}
    """Settings that have another name in Keras; it would be that of a method here."""
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
        Field(
            title="Trainable",
            description="Whether training changes the weights. Off freezes the layer.",
            json_schema_extra={"advanced": True},
        ),
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

    def call_arguments(self, arriving: Sequence[Arriving]) -> tuple[Arriving | list[Arriving], ...]:
        """What Keras's layer is called with, of what arrives: one value, or all in one list."""
        return (list(arriving),) if self.merges else (arriving[0],)

    @property
    def fits_sequential(self) -> bool:
        """Whether Keras's layer takes one argument, as those of a Sequential model must."""
        return len(self.call_arguments((self,))) == 1

    def keras_config(self) -> dict[str, Any]:
        """The configuration Keras's own `from_config` takes."""
        config = {
            self.keras_names.get(name, name): in_keras(value)
            for name, value in self
            if name not in self.not_in_keras
        }
        return {**config, "data_format": "channels_last"} if self.takes_data_format else config

    def updated(self, **changes: Any) -> Self:
        """The layer with other settings; raises pydantic's `ValidationError` for values out of range."""
        return type(self).model_validate({**dict(self), **changes})


# pydantic works out every annotation anew for each class below, and by now it knows which are no fields:
# without those of the class variables a type of layer costs the start a fifth less.
for _name in Layer.__class_vars__:
    del Layer.__annotations__[_name]


def in_keras(value: Any) -> Any:
    """A setting as Keras writes it: options in their serialised form, tuples as lists."""
    if isinstance(value, Option):
        return value.keras_form()
    if isinstance(value, Layer):
        return keras_object(value)
    return [in_keras(part) for part in value] if isinstance(value, tuple) else value


def keras_object(layer: Layer) -> dict[str, Any]:
    """A layer as Keras writes it among the settings of another."""
    return {
        "module": "keras.layers",
        "class_name": layer.keras_class(),
        "config": layer.keras_config(),
        "registered_name": None,
    }
