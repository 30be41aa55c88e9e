"""Layers that prepare pixels, inside the network so that they travel with it."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from cnnstudio.core.layers.arithmetic import Sum, line
from cnnstudio.core.layers.base import (
    Layer,
    WeightSpec,
    Window,
)
from cnnstudio.core.layers.requirements import (
    Inputs,
    LayerError,
    axis_at,
    only_input,
    require_features,
    require_rank,
)
from cnnstudio.core.layers.settings import AxisList, Interpolation, Numbers, Size
from cnnstudio.core.layers.upsampling import TAPS
from cnnstudio.core.layers.weighted import count
from cnnstudio.core.layers.windows import resampled
from cnnstudio.core.values.shape import Shape, shown


class Rescaling(Layer):
    """Multiplies every value by a scale and adds an offset: 1/255 brings pixels to 0..1."""

    family = "preprocessing"
    title = "Rescaling"
    icon = "ruler"
    type: Literal["Rescaling"] = "Rescaling"
    scale: Annotated[
        Numbers,
        Field(title="Scale", description="Values are multiplied by this: one number, or one per channel."),
    ] = 1 / 255
    offset: Annotated[
        Numbers, Field(title="Offset", description="Then this is added; one number, or one per channel.")
    ] = 0.0

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = only_input(inputs)
        for numbers in (self.scale, self.offset):
            if isinstance(numbers, tuple) and shape[-1] not in (None, len(numbers)) and len(numbers) > 1:
                raise LayerError(
                    "S08",
                    f"Rescaling has {len(numbers)} numbers, one per channel, and {shown(shape)} arrives. "
                    f"Give one number, or {shape[-1]}.",
                )
        return shape

    def details(self) -> str:
        if isinstance(self.scale, tuple) or isinstance(self.offset, tuple):
            return "per channel"
        inverse = 1 / self.scale if self.scale else 0.0
        factor = (
            f"1/{round(inverse)}"
            if abs(inverse) > 1 and abs(inverse - round(inverse)) < 1e-6
            else f"{self.scale:g}"
        )
        return f"× {factor}" + (f" {self.offset:+g}" if self.offset else "")


def _known(title: str) -> Any:
    return Field(
        title=title,
        description="One number, or one per entry of the axis; empty learns them from the data.",
        json_schema_extra={"without": "from the data"},
    )


class Normalization(Layer):
    """Subtracts a mean and divides by a spread, both given or taken from the data once."""

    family = "preprocessing"
    title = "Normalization"
    icon = "align-vertical-space-around"
    type: Literal["Normalization"] = "Normalization"
    axis: Annotated[
        AxisList,
        Field(title="Axes", description="Axes whose entries have a mean each; none for a single mean."),
    ] = (-1,)
    mean: Annotated[Numbers | None, _known("Known mean")] = None
    variance: Annotated[Numbers | None, _known("Known variance")] = None
    invert: Annotated[
        bool, Field(title="Invert", description="Multiplies and adds instead, which undoes a normalization.")
    ] = False

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.mean is None) != (self.variance is None):
            raise ValueError("mean and variance are given together, or neither")
        if _length(self.mean) != _length(self.variance):
            raise ValueError("mean and variance need the same number of values")
        if _length(self.mean) and not self.axis:
            raise ValueError("without an axis there is one mean and one variance")
        return self

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = only_input(inputs)
        kept = self._kept(shape)
        known = _length(self.mean)
        if known > 1 and shape[kept[-1]] != known:
            raise LayerError(
                "S08",
                f"Normalization has {known} means, and {shown(shape)} arrives. Give one mean per entry.",
            )
        return shape

    def _kept(self, shape: Shape) -> tuple[int, ...]:
        """The axes with means of their own, counted from 0, all of a known size."""
        kept = tuple(sorted(axis_at(axis, shape, self.title) for axis in self.axis))
        if len(set(kept)) < len(kept):
            raise LayerError("S07", "Normalization names one axis twice. Name each axis once.")
        for at in kept:
            require_features(shape[: at + 1], self.title)
        return kept

    def weights(self, inputs: Inputs) -> tuple[WeightSpec, ...]:
        if self.mean is not None:
            return ()
        sizes = tuple(inputs[0][at] or 0 for at in self._kept(inputs[0]))
        named = (("mean", sizes), ("variance", sizes), ("count", ()))
        return tuple(WeightSpec(name, shape, trainable=False) for name, shape in named)

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        weights = self.weights(inputs)
        terms = " + ".join(f"{weight.count} {weight.name}" for weight in weights) or "none"
        return (line("parameters", f"{terms} = {count(weights):,}"),)


def _length(numbers: float | tuple[float, ...] | None) -> int:
    """How many values; 0 for a single number or none."""
    return len(numbers) if isinstance(numbers, tuple) else 0


class _Sized(Layer):
    """Gives images a fixed height and width."""

    family = "preprocessing"
    takes_data_format = True

    height: Annotated[Size, Field(title="Height", description="Rows of the result, in pixels.")] = 32
    width: Annotated[Size, Field(title="Width", description="Columns of the result, in pixels.")] = 32

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = only_input(inputs)
        require_rank(shape, 3, self.title)
        return (self.height, self.width, shape[-1])

    def _ratios(self, inputs: Inputs) -> tuple[float, ...]:
        sizes = zip(inputs[0], (self.height, self.width), strict=False)
        return tuple((before or after) / after for before, after in sizes)

    def details(self) -> str:
        return f"{self.height} x {self.width}"


class Resizing(_Sized):
    """Brings images of any size to one height and width."""

    title = "Resizing"
    icon = "scaling"
    type: Literal["Resizing"] = "Resizing"
    interpolation: Annotated[
        Interpolation, Field(title="Interpolation", description="How the new pixels are made.")
    ] = "bilinear"
    crop_to_aspect_ratio: Annotated[
        bool, Field(title="Crop to fit", description="Cuts the longer side instead of distorting the image.")
    ] = False
    pad_to_aspect_ratio: Annotated[
        bool, Field(title="Pad to fit", description="Fills the shorter side instead of distorting the image.")
    ] = False
    fill_mode: Annotated[
        Literal["constant"], Field(title="Fill", description="What the padding is made of.")
    ] = "constant"
    fill_value: Annotated[float, Field(title="Fill value", description="The value of the padding.")] = 0.0
    antialias: Annotated[
        bool, Field(title="Antialias", description="Smooths before making an image smaller.")
    ] = False

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.crop_to_aspect_ratio and self.pad_to_aspect_ratio:
            raise ValueError("an image is either cropped or padded to fit, not both")
        return self

    def window(self, inputs: Inputs) -> Window:
        return resampled(self._ratios(inputs), TAPS[self.interpolation])


class CenterCrop(_Sized):
    """Cuts the middle out of images; smaller ones are enlarged first."""

    title = "Center Crop"
    icon = "crop"
    type: Literal["CenterCrop"] = "CenterCrop"

    def window(self, inputs: Inputs) -> Window:
        ratios = self._ratios(inputs)
        if min(ratios) < 1:
            return resampled((min(ratios),) * 2, TAPS["bilinear"])
        cut = ((inputs[0][0] or self.height) - self.height, (inputs[0][1] or self.width) - self.width)
        return Window((1, 1), (1, 1), (1, 1), (-(cut[0] // 2), -(cut[1] // 2)))
