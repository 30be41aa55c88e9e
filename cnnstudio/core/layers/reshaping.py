"""Layers that give the same numbers another shape."""

from math import prod
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from cnnstudio.core.layers.arithmetic import Sum, Term, line, product
from cnnstudio.core.layers.base import Layer
from cnnstudio.core.layers.requirements import (
    Inputs,
    LayerError,
    only_input,
    require_rank,
)
from cnnstudio.core.layers.settings import (
    MAX_UNITS,
    Units,
    as_single,
    as_tuple,
)
from cnnstudio.core.values.shape import Shape, shown, shown_size, size_of

_NO_PARAMETERS = line("parameters", "0")


class Flatten(Layer):
    """Lays all numbers of a sample out in one row, channels last."""

    family = "reshaping"
    title = "Flatten"
    icon = "rows-3"
    takes_data_format = True
    keeps_places = False
    type: Literal["Flatten"] = "Flatten"

    def output_shape(self, inputs: Inputs) -> Shape:
        return (size_of(only_input(inputs)),)

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        factors = product(*(Term(shown_size(size)) for size in inputs[0]))
        return (line("features", *factors, f" = {shown_size(size_of(inputs[0]))}"), _NO_PARAMETERS)


def _one_open(shape: tuple[int, ...]) -> tuple[int, ...]:
    if 0 in shape:
        raise ValueError("sizes must be 1 or more, or -1 for the one that follows from the others")
    if shape.count(-1) > 1:
        raise ValueError("only one size can be -1; it follows from the others")
    return shape


class Reshape(Layer):
    """Reads the same numbers in the same order as another shape."""

    family = "reshaping"
    title = "Reshape"
    icon = "proportions"
    keeps_places = False
    type: Literal["Reshape"] = "Reshape"
    target_shape: Annotated[
        tuple[Annotated[int, Field(ge=-1, le=MAX_UNITS * 1_000)], ...],
        Field(
            min_length=1,
            max_length=8,
            title="Shape",
            description="The new sizes; one of them may be -1 and follows from the others.",
        ),
        BeforeValidator(as_single),
        AfterValidator(_one_open),
    ] = (-1,)

    def output_shape(self, inputs: Inputs) -> Shape:
        total = size_of(only_input(inputs))
        target = self.target_shape
        if total is None:
            return tuple(None if size == -1 else size for size in target)
        known = prod([size for size in target if size != -1])
        if -1 not in target and known == total:
            return target
        if -1 not in target or total % known:
            raise self._refusal(inputs[0], total, known)
        return tuple(total // known if size == -1 else size for size in target)

    def _refusal(self, shape: Shape, total: int, known: int) -> LayerError:
        wanted = f"{known:,}" + (" or a multiple of it" if -1 in self.target_shape else "")
        return LayerError(
            "S08",
            f"{shown(shape)} holds {total:,} numbers, and the new shape {shown(self.target_shape)} "
            f"needs {wanted}. Choose sizes whose product is {total:,}.",
            "Reshape keeps every number.",
        )

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        before = product(*(Term(shown_size(size)) for size in inputs[0]))
        after = product(*(Term(shown_size(size), "target_shape") for size in self.output_shape(inputs)))
        return (line("numbers", *before, " = ", *after), _NO_PARAMETERS)

    def details(self) -> str:
        return " x ".join("?" if size == -1 else str(size) for size in self.target_shape)


def _permutation(dims: tuple[int, ...]) -> tuple[int, ...]:
    if sorted(dims) != list(range(1, len(dims) + 1)):
        raise ValueError(f"each axis from 1 to {len(dims)} must be named once")
    return dims


class Permute(Layer):
    """Puts the axes of each sample into another order."""

    family = "reshaping"
    title = "Permute"
    icon = "shuffle"
    keeps_places = False
    type: Literal["Permute"] = "Permute"
    dims: Annotated[
        tuple[int, ...],
        Field(
            min_length=1,
            max_length=8,
            title="Order",
            description="The axes in their new order, counted from 1; the batch stays in front.",
        ),
        BeforeValidator(as_tuple),
        AfterValidator(_permutation),
    ] = (2, 1, 3)

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = only_input(inputs)
        if len(shape) != len(self.dims):
            raise LayerError(
                "S07",
                f"Permute orders {len(self.dims)} axes, and {shown(shape)} has {len(shape)}. "
                "Name each axis once.",
            )
        return tuple(shape[axis - 1] for axis in self.dims)

    def details(self) -> str:
        return ", ".join(str(axis) for axis in self.dims)


class RepeatVector(Layer):
    """Gives a list of features several times, as the steps of a sequence."""

    family = "reshaping"
    section = "recurrent"
    title = "Repeat Vector"
    icon = "copy-plus"
    keeps_places = False
    type: Literal["RepeatVector"] = "RepeatVector"
    n: Annotated[Units, Field(title="Times", description="How many steps the sequence gets.")] = 8

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = only_input(inputs)
        require_rank(shape, 1, self.title)
        return (self.n, *shape)

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        del inputs
        return (line("length", Term(str(self.n), "n"), " times"), _NO_PARAMETERS)

    def details(self) -> str:
        return f"{self.n} times"


class Identity(Layer):
    """Passes everything on as it is: a place for a layer to come."""

    family = "reshaping"
    title = "Identity"
    icon = "equal"
    type: Literal["Identity"] = "Identity"

    def output_shape(self, inputs: Inputs) -> Shape:
        return only_input(inputs)


class Masking(Layer):
    """Tells recurrent layers below to pass over the steps whose values are all one number."""

    family = "reshaping"
    section = "recurrent"
    title = "Masking"
    icon = "scissors"
    type: Literal["Masking"] = "Masking"
    mask_value: Annotated[
        float, Field(title="Value", description="A step that holds only this number is passed over.")
    ] = 0.0

    def output_shape(self, inputs: Inputs) -> Shape:
        return only_input(inputs)

    def details(self) -> str:
        return f"steps of {self.mask_value:g}"
