"""What the live panel shows of one layer, and the sums over all."""

from math import prod

from msgspec import Struct

from cnnstudio.core.analysis.findings import Finding
from cnnstudio.core.analysis.receptive_field import ReceptiveField
from cnnstudio.core.layers import Layer, LayerError, WeightSpec, Window
from cnnstudio.core.layers.arithmetic import Sum
from cnnstudio.core.values.shape import Shape

BYTES_PER_NUMBER = 4
"""Weights and maps are float32."""
MOST_NUMBERS = 2**62
"""NumPy and TensorFlow count the values of an array in 64 bits."""


class Cost(Struct, frozen=True):
    """What follows from a layer and the shapes that arrive, wherever in a network it stands."""

    output_shape: Shape
    weights: tuple[WeightSpec, ...] = ()
    trainable: int = 0
    non_trainable: int = 0
    frozen: int = 0
    macs: int = 0
    window: Window | None = None
    activation_bytes: int | None = None
    weights_known: bool = True
    """Whether the counts of parameters are all there are; else they are 0 and the real ones are not known."""
    macs_known: bool = True


_NO_COST = Cost(())


class Row(Struct, frozen=True, eq=False):
    """What is known of one layer. A broken layer has a `problem`; one below a break `waits_for` it."""

    layer: Layer
    inputs: tuple[str, ...]
    """The names of the layers that feed this one."""
    input_shapes: tuple[Shape, ...]
    """The shapes that arrive; empty for a layer that waits."""
    work: Cost | None = None
    receptive_field: ReceptiveField | None = None
    problem: Finding | None = None
    waits_for: str | None = None
    stored: Cost | None = None
    """For a layer without a shape, the parameters that an imported file tells of."""

    @property
    def name(self) -> str:
        """The layer's name."""
        return self.layer.name

    @property
    def _cost(self) -> Cost:
        return self.work or self.stored or _NO_COST

    @property
    def stands(self) -> bool:
        """Whether the layer's shape is known."""
        return self.work is not None

    @property
    def output_shape(self) -> Shape | None:
        """The shape of what leaves the layer; `None` for one that does not stand."""
        return None if self.work is None else self.work.output_shape

    @property
    def weights_known(self) -> bool:
        """Whether the parameters of the layer are known; where they are not, they are given as 0."""
        return self._cost is not _NO_COST and self._cost.weights_known

    @property
    def macs_known(self) -> bool:
        """Whether the MACs of the layer are known; where they are not, they are given as 0."""
        return self.work is not None and self.work.macs_known

    @property
    def weights(self) -> tuple[WeightSpec, ...]:
        """The arrays the layer learns or keeps, in Keras's order."""
        return (self.work or _NO_COST).weights

    @property
    def trainable(self) -> int:
        """Parameters that training changes."""
        return self._cost.trainable

    @property
    def non_trainable(self) -> int:
        """Parameters that training leaves alone, those of a frozen layer included, as Keras counts them."""
        return self._cost.non_trainable

    @property
    def frozen(self) -> int:
        """The part of `non_trainable` that training would change if the layer were not frozen."""
        return self._cost.frozen

    @property
    def macs(self) -> int:
        """Multiply-accumulates for one sample."""
        return (self.work or _NO_COST).macs

    @property
    def parameters(self) -> int:
        """Trainable and non-trainable parameters together."""
        return self._cost.trainable + self._cost.non_trainable

    @property
    def bytes(self) -> int:
        """Memory of the weights."""
        return self.parameters * BYTES_PER_NUMBER

    @property
    def activation_bytes(self) -> int | None:
        """Memory of what leaves the layer for one sample; `None` while its size is open."""
        return None if self.work is None else self.work.activation_bytes

    def arithmetic(self) -> tuple[Sum, ...]:
        """The sums behind the numbers; empty for a layer without a shape, and for a disabled one."""
        return self.layer.arithmetic(self.input_shapes) if self.stands and self.layer.enabled else ()

    def letters(self) -> tuple[Sum, ...]:
        """The sum behind the sizes in letters; empty where the layer has none, or no shape."""
        return self.layer.letters(self.input_shapes) if self.stands and self.layer.enabled else ()


class Totals(Struct, frozen=True):
    """Sums over what is known of the rows: with a part that is not, there is more than they say."""

    trainable: int
    non_trainable: int
    frozen: int
    macs: int
    activation_bytes: int | None
    """For one sample; `None` while a size is open or a shape is not known."""
    weights_known: bool = True
    """Whether the parameters of all layers are known."""
    macs_known: bool = True

    @property
    def parameters(self) -> int:
        """Trainable and non-trainable parameters together."""
        return self.trainable + self.non_trainable

    @property
    def bytes(self) -> int:
        """Memory of the weights."""
        return self.parameters * BYTES_PER_NUMBER


def map_bytes(shape: Shape) -> int | None:
    """Memory of one sample's map, `None` while a size is open; refuses what no computer can count."""
    known = [size for size in shape if size is not None]
    numbers = prod(known)
    if numbers > MOST_NUMBERS:
        raise LayerError(
            "S01",
            f"One sample would have more than {MOST_NUMBERS:.0e} numbers here. Make its sizes smaller.",
            "No array can be as large.",
        )
    return numbers * BYTES_PER_NUMBER if len(known) == len(shape) else None
