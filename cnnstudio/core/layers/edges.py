"""Layers that add zeros around maps and sequences, or cut their edges off."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from cnnstudio.core.layers.arithmetic import Sum, Term, line
from cnnstudio.core.layers.base import (
    Layer,
    Window,
)
from cnnstudio.core.layers.requirements import (
    Inputs,
    LayerError,
    only_input,
    require_rank,
)
from cnnstudio.core.layers.settings import EdgePair, EdgeSingle, EdgeTriple
from cnnstudio.core.layers.windows import AXES
from cnnstudio.core.values.shape import Shape, shown, shown_size

_NO_PARAMETERS = line("parameters", "0")


class _Edges(Layer):
    """Adds or cuts the edges of a sequence or a map."""

    family = "reshaping"
    setting: ClassVar[str]
    sign: ClassVar[int]

    def _edges(self) -> tuple[tuple[int, int], ...]:
        """What is added or cut before and after each axis."""
        raise NotImplementedError

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = only_input(inputs)
        edges = self._edges()
        require_rank(shape, len(edges) + 1, self.title)
        sizes = tuple(
            [
                None if size is None else size + self.sign * sum(ends)
                for size, ends in zip(shape, edges, strict=False)
            ]
        )
        if any(size is not None and size <= 0 for size in sizes):
            raise LayerError(
                "S01",
                f"Cutting {self._shown()} leaves nothing of a {shown(shape[:-1])} input. Cut less.",
                "The result would have no rows or columns left.",
            )
        return (*sizes, shape[-1])

    def _shown(self) -> str:
        return " and ".join(f"{before} + {after}" for before, after in self._edges())

    def window(self, inputs: Inputs) -> Window:
        ones = (1,) * len(self._edges())
        return Window(ones, ones, ones, tuple(self.sign * before for before, _ in self._edges()))

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        edges = self._edges()
        sign = " + " if self.sign > 0 else " - "
        sums = []
        for label, size, (before, after) in zip(AXES[len(edges)], inputs[0][:-1], edges, strict=True):
            result = shown_size(None if size is None else size + self.sign * (before + after))
            ends = (Term(str(before), self.setting), sign, Term(str(after), self.setting))
            sums.append(line(label, shown_size(size), sign, *ends, f" = {result}"))
        return (*sums, _NO_PARAMETERS)

    def details(self) -> str:
        edges = [end for ends in self._edges() for end in ends]
        return str(edges[0]) if len(set(edges)) == 1 else self._shown()


class ZeroPadding2D(_Edges):
    """Adds rows and columns of zeros around each map."""

    title = "Zero Padding"
    icon = "frame"
    takes_data_format = True
    setting = "padding"
    sign = 1
    type: Literal["ZeroPadding2D"] = "ZeroPadding2D"
    padding: Annotated[
        EdgePair,
        Field(title="Zeros", description="Rows above and below, then columns left and right."),
    ] = ((1, 1), (1, 1))

    def _edges(self) -> tuple[tuple[int, int], ...]:
        return self.padding


class Cropping2D(_Edges):
    """Cuts rows and columns off the edges of each map."""

    title = "Cropping"
    icon = "crop"
    takes_data_format = True
    setting = "cropping"
    sign = -1
    type: Literal["Cropping2D"] = "Cropping2D"
    cropping: Annotated[
        EdgePair,
        Field(title="Cut", description="Rows above and below, then columns left and right."),
    ] = ((0, 0), (0, 0))

    def _edges(self) -> tuple[tuple[int, int], ...]:
        return self.cropping


class ZeroPadding1D(_Edges):
    """Adds zeros at both ends of a sequence."""

    title = "Zero Padding 1D"
    icon = "frame"
    takes_data_format = True
    setting = "padding"
    sign = 1
    type: Literal["ZeroPadding1D"] = "ZeroPadding1D"
    padding: Annotated[
        EdgeSingle, Field(title="Zeros", description="Steps before the sequence and after it.")
    ] = (1, 1)

    def _edges(self) -> tuple[tuple[int, int], ...]:
        return (self.padding,)


class Cropping1D(_Edges):
    """Cuts steps off both ends of a sequence."""

    title = "Cropping 1D"
    icon = "crop"
    setting = "cropping"
    sign = -1
    type: Literal["Cropping1D"] = "Cropping1D"
    cropping: Annotated[
        EdgeSingle, Field(title="Cut", description="Steps off the start and off the end.")
    ] = (1, 1)

    def _edges(self) -> tuple[tuple[int, int], ...]:
        return (self.cropping,)


class ZeroPadding3D(_Edges):
    """Adds planes of zeros around each volume."""

    title = "Zero Padding 3D"
    icon = "frame"
    section = "volume"
    takes_data_format = True
    setting = "padding"
    sign = 1
    type: Literal["ZeroPadding3D"] = "ZeroPadding3D"
    padding: Annotated[
        EdgeTriple,
        Field(title="Zeros", description="Planes before and after, along depth, height and width."),
    ] = ((1, 1), (1, 1), (1, 1))

    def _edges(self) -> tuple[tuple[int, int], ...]:
        return self.padding


class Cropping3D(_Edges):
    """Cuts planes off the faces of each volume."""

    title = "Cropping 3D"
    icon = "crop"
    section = "volume"
    takes_data_format = True
    setting = "cropping"
    sign = -1
    type: Literal["Cropping3D"] = "Cropping3D"
    cropping: Annotated[
        EdgeTriple,
        Field(title="Cut", description="Planes off both ends of depth, height and width."),
    ] = ((1, 1), (1, 1), (1, 1))

    def _edges(self) -> tuple[tuple[int, int], ...]:
        return self.cropping
