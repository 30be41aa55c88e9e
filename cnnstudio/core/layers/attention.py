"""Layers in which every place of a sequence or a map can look at every other."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from cnnstudio.core.layers.arithmetic import Sum, Term, line
from cnnstudio.core.layers.base import (
    Arriving,
    WeightSpec,
)
from cnnstudio.core.layers.requirements import (
    Inputs,
    LayerError,
    axis_at,
)
from cnnstudio.core.layers.settings import Axis, Fraction, Size, Units, as_single
from cnnstudio.core.layers.weighted import ADVANCED, Biased, Kernel, Seeded, count
from cnnstudio.core.values.shape import Shape, shown, shown_size

_MOST_INPUTS = 3
_PARTS = ("query", "key", "gate", "value", "attention_output")


class MultiHeadAttention(Seeded, Biased, Kernel):
    """Each place asks all others what they hold, and mixes their answers; several heads ask differently.

    Weights and costs as in Vaswani et al. 2017, "Attention Is All You Need", section 3.2. With one input it
    attends to itself; with two, the first asks (query) and the second answers (value); a third is the key.
    """

    family = "attention"
    title = "Multi-Head Attention"
    icon = "scan-eye"
    keeps_places = False
    takes_several = True
    keras_names: ClassVar[Mapping[str, str]] = {"result_shape": "output_shape"}
    type: Literal["MultiHeadAttention"] = "MultiHeadAttention"

    num_heads: Annotated[
        Units, Field(title="Heads", description="How many questions each place asks at the same time.")
    ] = 4
    key_dim: Annotated[
        Units, Field(title="Key size", description="How many numbers of a head a question is compared by.")
    ] = 16
    value_dim: Annotated[
        Units | None,
        Field(
            title="Value size",
            description="How many numbers a head answers with.",
            json_schema_extra={"without": "as the key size"},
        ),
    ] = None
    dropout: Annotated[
        Fraction, Field(title="Dropout", description="The share of the attention set to 0 in training.")
    ] = 0.0
    use_bias: Annotated[
        bool, Field(title="Use bias", description="Adds learned numbers to questions, keys and answers.")
    ] = True
    use_gate: Annotated[
        bool,
        Field(
            title="Gate",
            description="Each place also learns how much of the answer it takes.",
            json_schema_extra=ADVANCED,
        ),
    ] = False
    result_shape: Annotated[
        Annotated[tuple[Size, ...], Field(min_length=1, max_length=4), BeforeValidator(as_single)] | None,
        Field(
            title="Result size",
            description="The size of what leaves at each place.",
            json_schema_extra={**ADVANCED, "without": "as the query"},
        ),
    ] = None
    attention_axes: Annotated[
        Annotated[tuple[Axis, ...], Field(min_length=1), BeforeValidator(as_single)] | None,
        Field(
            title="Attention axes",
            description="The axes along which places look at each other, counted from 1.",
            json_schema_extra={**ADVANCED, "without": "all but the channels"},
        ),
    ] = None
    sliding_window: Annotated[
        Size | None,
        Field(
            title="Window",
            description="How far a place can look.",
            json_schema_extra={**ADVANCED, "without": "everywhere"},
        ),
    ] = None

    def caution(self, inputs: Inputs) -> str | None:
        if self.sliding_window is None or len(inputs[0]) == 2:
            return None
        return f"{self.title} has a window along a sequence, and {shown(inputs[0])} arrives. Leave it empty."

    def call_arguments(self, arriving: Sequence[Arriving]) -> tuple[Arriving | list[Arriving], ...]:
        query, *others = arriving
        return (query, *(others or (query,)))

    def output_shape(self, inputs: Inputs) -> Shape:
        query, value, key = self._roles(inputs)
        for shape in (query, value, key):
            self._require_places(shape)
        if len(value) != len(query) or value[:-1] != key[:-1]:
            raise _do_not_fit(inputs)
        places = self._attended(query)
        apart = [at for at in range(len(query) - 1) if at not in places]
        if any(query[at] != value[at] for at in apart):
            raise _do_not_fit(inputs)
        return (*query[:-1], *self._result(query))

    def _roles(self, inputs: Inputs) -> tuple[Shape, Shape, Shape]:
        """The shapes of query, value and key."""
        if not 1 <= len(inputs) <= _MOST_INPUTS:
            raise LayerError(
                "S03",
                f"Multi-Head Attention takes a query, a value and a key, and has {len(inputs)} inputs. "
                "Leave at most three.",
            )
        value = inputs[min(1, len(inputs) - 1)]
        return inputs[0], value, inputs[2] if len(inputs) == _MOST_INPUTS else value

    def _require_places(self, shape: Shape) -> None:
        if len(shape) < 2 or shape[-1] is None:
            raise LayerError(
                "S07" if len(shape) < 2 else "S01",
                f"Multi-Head Attention needs length x channels, or a map, and {shown(shape)} arrives.",
                "Places look at each other; a list of features has only one.",
            )

    def _attended(self, query: Shape) -> tuple[int, ...]:
        """The axes along which places look at each other, counted from 0 without the batch."""
        if self.attention_axes is None:
            return tuple(range(len(query) - 1))
        places = tuple(axis_at(axis, query, self.title) for axis in self.attention_axes)
        if len(query) - 1 in places or len(set(places)) < len(places):
            raise LayerError(
                "S07",
                f"Attention axes {', '.join(map(str, self.attention_axes))} name the channels or an axis "
                "twice. Name each other axis at most once.",
                "The channels are what is compared.",
            )
        return places

    def _result(self, query: Shape) -> tuple[int, ...]:
        return self.result_shape or (query[-1] or 0,)

    def _value_dim(self) -> int:
        return self.value_dim or self.key_dim

    def _kernels(self, inputs: Inputs) -> dict[str, tuple[int, ...]]:
        """The shape of each part's kernel; those of the output end with the result's."""
        query, value, key = (shape[-1] or 0 for shape in self._roles(inputs))
        heads, size, answer = self.num_heads, self.key_dim, self._value_dim()
        kernels = {
            "query": (query, heads, size),
            "key": (key, heads, size),
            "gate": (query, heads, answer),
            "value": (value, heads, answer),
            "attention_output": (heads, answer, *self._result(inputs[0])),
        }
        return {part: kernels[part] for part in _PARTS if part != "gate" or self.use_gate}

    def weights(self, inputs: Inputs) -> tuple[WeightSpec, ...]:
        specs: list[WeightSpec] = []
        for part, kernel in self._kernels(inputs).items():
            specs.append(WeightSpec(f"{part}/kernel", kernel))
            if self.use_bias:
                bias = kernel[2:] if part == "attention_output" else kernel[1:]
                specs.append(WeightSpec(f"{part}/bias", bias))
        return tuple(specs)

    def macs(self, inputs: Inputs, output: Shape) -> int:
        """Those of the kernels, and those of comparing and mixing each pair of places."""
        del output
        query, value, key = self._roles(inputs)
        places = {"key": _places(key), "value": _places(value)}
        by_kernels = sum(
            places.get(part, _places(query)) * prod(kernel) for part, kernel in self._kernels(inputs).items()
        )
        others = prod([value[at] or 1 for at in self._attended(query)])
        pairs = _places(query) * others
        return by_kernels + pairs * self.num_heads * (self.key_dim + self._value_dim())

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        weights = self.weights(inputs)
        sums = [
            line(part, "*".join(map(str, kernel)), " weights", *self._bias_terms(part, kernel))
            for part, kernel in self._kernels(inputs).items()
        ]
        result = line("channels", " x ".join(shown_size(size) for size in self._result(inputs[0])))
        return (result, *sums, line("parameters", f"all of these = {count(weights):,}"))

    def _bias_terms(self, part: str, kernel: tuple[int, ...]) -> tuple[Term | str, ...]:
        if not self.use_bias:
            return ()
        sizes = kernel[2:] if part == "attention_output" else kernel[1:]
        return (" + ", Term("*".join(map(str, sizes)), "use_bias"), " biases")

    def details(self) -> str:
        return f"{self.num_heads} heads of {self.key_dim}"


def _places(shape: Shape) -> int:
    return prod([size or 1 for size in shape[:-1]])


def _do_not_fit(inputs: Inputs) -> LayerError:
    names = ("query", "value", "key")
    shapes = ", ".join(f"{name} {shown(shape)}" for name, shape in zip(names, inputs, strict=False))
    return LayerError(
        "S03",
        f"The inputs do not fit together: {shapes}. Give them as many axes, and the key the value's places.",
        "Each place of the query is compared with each place of the value.",
    )
