"""Layers that vary images at random in each training step, and leave them alone afterwards."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from cnnstudio.core.layers.base import Layer
from cnnstudio.core.layers.requirements import (
    Inputs,
    only_input,
    require_rank,
)
from cnnstudio.core.layers.settings import Seed, SignedRange, Size, UpwardRange, as_range, as_tuple
from cnnstudio.core.values.shape import Shape, shown

FillMode = Annotated[
    Literal["reflect", "wrap", "constant", "nearest"],
    Field(title="Fill", description="What is put where the image leaves its place."),
]
MovedInterpolation = Annotated[
    Literal["nearest", "bilinear"],
    Field(title="Interpolation", description="How pixels between pixels are made."),
]
OptionalRange = Annotated[
    tuple[Annotated[float, Field(gt=-1, le=1)], Annotated[float, Field(gt=-1, le=1)]] | None,
    BeforeValidator(as_range),
]
ValueRange = Annotated[
    tuple[float, float],
    BeforeValidator(as_tuple),
    Field(title="Range of values", description="The darkest and the brightest value a pixel can have."),
]


class RandomImages(Layer):
    """Works on images of any size."""

    family = "augmentation"

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = only_input(inputs)
        require_rank(shape, 3, self.title)
        return shape


class Seeded(Layer):
    seed: Seed = None


class _Moved(Layer):
    fill_mode: FillMode = "reflect"
    fill_value: Annotated[
        float, Field(title="Fill value", description="The value put there when Fill is 'constant'.")
    ] = 0.0
    interpolation: MovedInterpolation = "bilinear"


def shown_range(bounds: tuple[float, float]) -> str:
    """Bounds in few words: `up to 0.2`, `0.3 to 0.7`."""
    low, high = bounds
    return f"up to {high:g}" if low in (0, -high) else f"{low:g} to {high:g}"


class RandomFlip(Seeded, RandomImages):
    """Mirrors half of the images."""

    title = "Random Flip"
    icon = "flip-horizontal-2"
    moves_places = True
    moves_masks = True
    takes_data_format = True
    type: Literal["RandomFlip"] = "RandomFlip"
    mode: Annotated[
        Literal["horizontal", "vertical", "horizontal_and_vertical"],
        Field(title="Direction", description="Left and right, upside down, or both."),
    ] = "horizontal_and_vertical"

    def details(self) -> str:
        return self.mode.replace("_", " ")


class RandomRotation(Seeded, _Moved, RandomImages):
    """Turns each image by a random angle."""

    title = "Random Rotation"
    icon = "rotate-cw"
    moves_places = True
    moves_masks = True
    takes_data_format = True
    type: Literal["RandomRotation"] = "RandomRotation"
    factor: Annotated[
        SignedRange, Field(title="Turn", description="Bounds of the angle as shares of a full turn.")
    ] = (-0.1, 0.1)

    def details(self) -> str:
        return f"{self.factor[0] * 360:g}° to {self.factor[1] * 360:g}°"


class RandomZoom(Seeded, _Moved, RandomImages):
    """Moves each image nearer or further away."""

    title = "Random Zoom"
    icon = "zoom-in"
    moves_places = True
    moves_masks = True
    takes_data_format = True
    type: Literal["RandomZoom"] = "RandomZoom"
    height_factor: Annotated[
        tuple[Annotated[float, Field(gt=-1, le=1)], Annotated[float, Field(gt=-1, le=1)]],
        BeforeValidator(as_range),
        Field(title="Height", description="Bounds of the zoom as shares of the height; below 0 zooms in."),
    ] = (-0.2, 0.2)
    width_factor: Annotated[
        OptionalRange,
        Field(
            title="Width",
            description="Bounds along the width; empty keeps the proportions.",
            json_schema_extra={"without": "as the height"},
        ),
    ] = None

    def details(self) -> str:
        return shown_range(self.height_factor)


class RandomTranslation(Seeded, _Moved, RandomImages):
    """Moves each image up, down, left or right."""

    title = "Random Translation"
    icon = "move"
    moves_places = True
    moves_masks = True
    takes_data_format = True
    type: Literal["RandomTranslation"] = "RandomTranslation"
    height_factor: Annotated[
        SignedRange, Field(title="Up and down", description="Bounds of the move as shares of the height.")
    ] = (-0.1, 0.1)
    width_factor: Annotated[
        SignedRange, Field(title="Left and right", description="Bounds of the move as shares of the width.")
    ] = (-0.1, 0.1)

    def details(self) -> str:
        return shown_range(self.height_factor)


class RandomContrast(Seeded, RandomImages):
    """Makes the differences within each image stronger or weaker."""

    title = "Random Contrast"
    icon = "contrast"
    takes_data_format = True
    type: Literal["RandomContrast"] = "RandomContrast"
    factor: Annotated[
        UpwardRange, Field(title="Strength", description="Bounds of the share by which contrast changes.")
    ] = (0.0, 0.2)
    value_range: ValueRange = (0.0, 255.0)

    def details(self) -> str:
        return shown_range(self.factor)


class RandomBrightness(Seeded, RandomImages):
    """Makes each image brighter or darker."""

    title = "Random Brightness"
    icon = "sun"
    takes_data_format = True
    type: Literal["RandomBrightness"] = "RandomBrightness"
    factor: Annotated[
        SignedRange, Field(title="Strength", description="Bounds of the change as shares of the value range.")
    ] = (-0.2, 0.2)
    value_range: ValueRange = (0.0, 255.0)

    def details(self) -> str:
        return shown_range(self.factor)


_Upward = Annotated[
    UpwardRange, Field(title="Strength", description="Bounds of how strong it is; 0 changes nothing.")
]


class RandomShear(Seeded, _Moved, RandomImages):
    """Slants each image.

    Harms where the slant is the class, as of italics and signs.
    """

    title = "Random Shear"
    icon = "italic"
    moves_places = True
    moves_masks = True
    takes_data_format = True
    keras_defaults: ClassVar[Mapping[str, Any]] = {"x_factor": 0.0}
    type: Literal["RandomShear"] = "RandomShear"
    x_factor: Annotated[
        UpwardRange, Field(title="Sideways", description="Bounds of the slant as shares of the width.")
    ] = (0.0, 0.2)
    y_factor: Annotated[
        UpwardRange, Field(title="Up and down", description="Bounds of the slant as shares of the height.")
    ] = (0.0, 0.0)

    def details(self) -> str:
        return shown_range(self.x_factor)


class RandomPerspective(Seeded, RandomImages):
    """Shows some images as if seen from the side.

    Harms where exact shapes matter, as in measuring.
    """

    title = "Random Perspective"
    icon = "triangle-right"
    moves_places = True
    moves_masks = True
    takes_data_format = True
    keras_defaults: ClassVar[Mapping[str, Any]] = {"factor": 1.0, "scale": 1.0}
    type: Literal["RandomPerspective"] = "RandomPerspective"
    factor: Annotated[
        UpwardRange, Field(title="Chance", description="Bounds of the share of images that are changed.")
    ] = (0.0, 1.0)
    scale: Annotated[
        float, Field(ge=0, le=1, title="Strength", description="How far the corners move, of half the size.")
    ] = 0.3
    interpolation: MovedInterpolation = "bilinear"
    fill_value: Annotated[
        float, Field(title="Fill value", description="The value put where the image leaves its place.")
    ] = 0.0

    def caution(self, inputs: Inputs) -> str | None:
        if 1 in inputs[0][:2]:
            return (
                f"Random Perspective cannot run on {shown(inputs[0])}: the image has a single row or column."
            )
        return None

    def details(self) -> str:
        return f"up to {self.scale:g}"


class RandomElasticTransform(Seeded, _Moved, RandomImages):
    """Bends each image like a sheet of rubber (Simard et al. 2003). Helps with handwriting; harms straight
    things.
    """

    title = "Random Elastic Transform"
    icon = "spline"
    moves_places = True
    moves_masks = True
    takes_data_format = True
    keras_defaults: ClassVar[Mapping[str, Any]] = {"factor": 1.0}
    type: Literal["RandomElasticTransform"] = "RandomElasticTransform"
    factor: Annotated[
        UpwardRange, Field(title="Chance", description="Bounds of the share of images that are changed.")
    ] = (0.0, 1.0)
    scale: Annotated[
        UpwardRange, Field(title="Strength", description="Bounds of how strong it is; 0 changes nothing.")
    ] = (0.0, 1.0)
    value_range: ValueRange = (0.0, 255.0)

    def details(self) -> str:
        return shown_range(self.scale)


class RandomErasing(Seeded, RandomImages):
    """Covers a box of each image (Zhong et al. 2017).

    Harms where the box hides all that tells the class.
    """

    title = "Random Erasing"
    icon = "eraser"
    takes_data_format = True
    keras_defaults: ClassVar[Mapping[str, Any]] = {"factor": 1.0}
    type: Literal["RandomErasing"] = "RandomErasing"
    factor: Annotated[
        UpwardRange, Field(title="Chance", description="Bounds of the share of images that are changed.")
    ] = (0.0, 1.0)
    scale: Annotated[
        UpwardRange, Field(title="Box", description="Bounds of its area as shares of the image.")
    ] = (0.02, 0.33)
    fill_value: Annotated[
        float | None,
        Field(
            title="Fill value",
            description="The value of the box; empty fills it with noise.",
            json_schema_extra={"without": "noise"},
        ),
    ] = None
    value_range: ValueRange = (0.0, 255.0)

    def details(self) -> str:
        return f"{self.scale[0]:.0%} to {self.scale[1]:.0%}"


class RandomCrop(Seeded, RandomImages):
    """Cuts a window of fixed size out of each image: anywhere in training, the middle afterwards."""

    title = "Random Crop"
    icon = "crop"
    moves_places = True
    takes_data_format = True
    type: Literal["RandomCrop"] = "RandomCrop"
    height: Annotated[Size, Field(title="Height", description="Rows of the window, in pixels.")] = 24
    width: Annotated[Size, Field(title="Width", description="Columns of the window, in pixels.")] = 24

    def output_shape(self, inputs: Inputs) -> Shape:
        return (self.height, self.width, super().output_shape(inputs)[-1])

    def caution(self, inputs: Inputs) -> str | None:
        if None in inputs[0][:2]:
            return f"Random Crop cannot run on {shown(inputs[0])}: set height and width in the Input."
        return None

    def details(self) -> str:
        return f"{self.height} x {self.width}"
