"""A dense layer over any axes, named by letters."""

import re
from collections.abc import Mapping
from math import prod
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Struct
from pydantic import BeforeValidator, Field

from cnnstudio.core.layers.arithmetic import Sum, Term, line
from cnnstudio.core.layers.base import WeightSpec
from cnnstudio.core.layers.requirements import (
    Inputs,
    LayerError,
    only_input,
)
from cnnstudio.core.layers.settings import ActivationName, Size, as_single
from cnnstudio.core.layers.weighted import Biased, Kernel, count
from cnnstudio.core.values.shape import Shape, shown

_EQUATIONS = (
    (re.compile("([a-zA-Z]+),([a-zA-Z]+)->([a-zA-Z]+)"), False),
    (re.compile("0([a-zA-Z]+),([a-zA-Z]+)->0([a-zA-Z]+)"), True),
    (re.compile("([a-zA-Z]{2,})0,([a-zA-Z]+)->([a-zA-Z]+)0"), False),
)
"""Keras's three forms, with `0` for `...`, and whether axes are left out in front."""


class _Read(Struct, frozen=True):
    """An equation over a shape: the result, the weights, and the sizes of the input that no kernel meets."""

    output: Shape
    kernel: tuple[int | None, ...]
    bias: tuple[int | None, ...] | None
    apart: Shape


class EinsumDense(Biased, Kernel):
    """Multiplies with a kernel along the axes that an equation names: `abc,cd->abd` is Dense on a sequence.

    The letters are those of `numpy.einsum`; the first of input and output is the batch.
    """

    family = "dense"
    section = "attention"
    title = "Einsum Dense"
    icon = "sigma"
    keeps_places = False
    keras_names: ClassVar[Mapping[str, str]] = {"result_shape": "output_shape"}
    keras_defaults: ClassVar[Mapping[str, Any]] = {"activation": "linear", "bias_axes": None}
    type: Literal["EinsumDense"] = "EinsumDense"

    equation: Annotated[
        str,
        Field(
            min_length=5,
            max_length=120,
            title="Equation",
            description="Letters for the axes of input, kernel and result, such as abc,cd->abd.",
        ),
    ] = "...a,ab->...b"
    result_shape: Annotated[
        tuple[Size | None, ...],
        BeforeValidator(as_single),
        Field(
            min_length=1,
            max_length=5,
            title="Result shape",
            description="Sizes of the result without the batch, and without the axes of `...`.",
        ),
    ] = (64,)
    activation: Annotated[
        ActivationName, Field(title="Activation", description="The function applied to every result.")
    ] = "relu"
    bias_axes: Annotated[
        Annotated[str, Field(max_length=8)] | None,
        Field(
            title="Bias axes",
            description="The letters of the result that have a bias of their own.",
            json_schema_extra={"without": "no bias"},
        ),
    ] = None

    def output_shape(self, inputs: Inputs) -> Shape:
        return self._read(only_input(inputs)).output

    def weights(self, inputs: Inputs) -> tuple[WeightSpec, ...]:
        read = self._read(inputs[0])
        specs = {"kernel": read.kernel, "bias": read.bias}
        return tuple(
            WeightSpec(name, tuple(size or 0 for size in shape))
            for name, shape in specs.items()
            if shape is not None
        )

    def macs(self, inputs: Inputs, output: Shape) -> int:
        del output
        read = self._read(inputs[0])
        return prod([size or 1 for size in (*read.kernel, *read.apart)])

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        weights = self.weights(inputs)
        pieces: list[str | Term] = []
        for weight, setting in zip(weights, ("equation", "bias_axes"), strict=False):
            pieces += [" + "] if pieces else []
            noun = "weights" if weight.name == "kernel" else "biases"
            pieces += [Term("*".join(map(str, weight.shape)), setting), f" {noun}"]
        return (
            line("result", Term(self.equation, "equation"), f": {shown(self.output_shape(inputs))}"),
            line("parameters", *pieces, f" = {count(weights):,}"),
        )

    def details(self) -> str:
        return self.equation

    def _read(self, shape: Shape) -> _Read:
        plain = self.equation.replace("...", "0")
        for pattern, elided in _EQUATIONS:
            if match := pattern.match(plain):
                return self._over(shape, match[1], match[2], match[3], elided)
        raise LayerError(
            "S08",
            f"“{self.equation}” is no equation of this layer. "
            "Write it as abc,cd->abd, as ...a,ab->...b, or as ab...,bc->ac....",
            "The letters before the arrow are the axes of the input and of the kernel.",
        )

    def _over(self, shape: Shape, source: str, kernel: str, result: str, left_elided: bool) -> _Read:
        """Keras's own rules, the batch in front."""
        whole: Shape = (None, *shape)
        elided = len(whole) - len(source)
        output = [None, *self.result_shape]
        if elided > 0 and left_elided:
            # Keras inserts them one by one in front of each other.
            output[1:1] = whole[1:elided][::-1]
        elif elided > 0:
            output += whole[len(whole) - elided :]
        ahead = elided if left_elided else 0
        # Keras gives such an equation a shape, and fails when the layer runs.
        unnamed = elided != 0 and "..." not in self.equation
        if unnamed or elided < 0 or len(output) != len(result) + elided:
            raise self._unfit(shape)
        taken = {letter: whole[at + ahead] for at, letter in enumerate(source)}
        given = {letter: output[at + ahead] for at, letter in enumerate(result)}
        if any(given.get(one) not in (None, size) for one, size in taken.items()):
            raise self._unfit(shape)
        sizes = {**taken, **given}
        if not (set(result) <= {*source, *kernel} and set(kernel) <= sizes.keys()):
            raise self._unfit(shape)
        bias = self._bias(result, given, 0 if left_elided else elided)
        weights = tuple(sizes[letter] for letter in kernel)
        if None in (*weights, *(bias or ())):
            raise self._unfit(shape)
        hidden = whole[:elided] if left_elided else whole[len(source) :]
        apart = (*hidden, *(size for letter, size in taken.items() if letter not in kernel))
        return _Read(tuple(output[1:]), weights, bias, apart)

    def _bias(self, result: str, given: Mapping[str, int | None], behind: int) -> Shape | None:
        if self.bias_axes is None:
            return None
        if not self.bias_axes or not set(self.bias_axes) <= set(result):
            raise LayerError(
                "S08",
                f"Bias axes “{self.bias_axes}” are not all in the result “{result}”. Use letters of it.",
                "A bias is added to the result.",
            )
        first = min(result.find(letter) for letter in self.bias_axes)
        sizes = tuple(given[letter] if letter in self.bias_axes else 1 for letter in result[first:])
        return (*sizes, *(1,) * behind)

    def _unfit(self, shape: Shape) -> LayerError:
        return LayerError(
            "S08",
            f"The equation {self.equation} with the result {shown(self.result_shape)} does not fit "
            f"{shown(shape)}. Give each letter one size, and the kernel known ones.",
            "A letter stands for the same size wherever it is written.",
        )
