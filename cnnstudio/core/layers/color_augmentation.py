"""Layers that vary the colors, the sharpness and the noise of images at random in each training step.

Each says what it does to a picture, and when it harms: where what it changes is what tells the classes apart.
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from cnnstudio.core.layers.augmentation import (
    MovedInterpolation,
    RandomImages,
    Seeded,
    ValueRange,
    shown_range,
)
from cnnstudio.core.layers.requirements import Inputs, LayerError
from cnnstudio.core.layers.settings import SignedRange, UpwardRange, WindowSize, as_tuple
from cnnstudio.core.values.shape import Shape, shown

_Strength = Annotated[
    UpwardRange, Field(title="Strength", description="Bounds of how strong it is; 0 changes nothing.")
]
_Chance = Annotated[
    UpwardRange, Field(title="Chance", description="Bounds of the share of images that are changed.")
]


class _OfColors(RandomImages):
    """Keras gives it a shape whatever arrives, and then runs it on these numbers of channels only."""

    channels: ClassVar[tuple[int, ...]]

    def caution(self, inputs: Inputs) -> str | None:
        found = inputs[0][-1]
        if found in (*self.channels, None):
            return None
        counts = " or ".join(str(count) for count in self.channels)
        return f"{self.title} cannot run on {shown(inputs[0])}: it takes {counts} channels. Remove it."


class _Colored(_OfColors):
    channels = (3,)


class _GrayOrColored(_OfColors):
    channels = (1, 3)


class RandomHue(Seeded, _Colored):
    """Turns the colors of each image around the color wheel. Harms where the color is the class, as of ripe
    fruit.
    """

    title = "Random Hue"
    icon = "rainbow"
    takes_data_format = True
    type: Literal["RandomHue"] = "RandomHue"
    factor: _Strength = (0.0, 0.2)
    value_range: ValueRange = (0.0, 255.0)

    def details(self) -> str:
        return shown_range(self.factor)


class RandomSaturation(Seeded, _Colored):
    """Makes the colors of each image stronger or paler.

    Harms little; of gray images it changes nothing.
    """

    title = "Random Saturation"
    icon = "droplet"
    takes_data_format = True
    type: Literal["RandomSaturation"] = "RandomSaturation"
    factor: Annotated[
        SignedRange,
        Field(
            title="Strength", description="Bounds: 0 takes the colors away, 0.5 leaves them, 1 is strongest."
        ),
    ] = (0.3, 0.7)
    value_range: ValueRange = (0.0, 255.0)

    def details(self) -> str:
        return shown_range(self.factor)


class RandomGrayscale(_GrayOrColored):
    """Takes the colors out of some images.

    Harms where the color is the class.
    """

    title = "Random Grayscale"
    icon = "circle-dashed"
    takes_data_format = True
    keras_defaults: ClassVar[Mapping[str, Any]] = {"factor": 0.5}
    type: Literal["RandomGrayscale"] = "RandomGrayscale"
    factor: Annotated[
        float, Field(ge=0, le=1, title="Chance", description="The share of images that lose their colors.")
    ] = 0.5

    def details(self) -> str:
        return f"{self.factor:.0%} of the images"


def _or_nothing(*bounds: float) -> BeforeValidator:
    """Keras's `None`, which leaves something as it is, as the bounds that do."""
    return BeforeValidator(lambda value: bounds if value is None else value)


class RandomColorJitter(Seeded, _Colored):
    """Changes brightness, contrast, saturation and hue of each image. Harms where color or brightness is
    the class.
    """

    title = "Random Color Jitter"
    icon = "palette"
    takes_data_format = True
    keras_defaults: ClassVar[Mapping[str, Any]] = dict.fromkeys(
        ("brightness_factor", "contrast_factor", "saturation_factor", "hue_factor"), None
    )
    type: Literal["RandomColorJitter"] = "RandomColorJitter"
    brightness_factor: Annotated[
        SignedRange, _or_nothing(0.0, 0.0), Field(title="Brightness", description="Bounds of the change.")
    ] = (-0.2, 0.2)
    contrast_factor: Annotated[
        UpwardRange, _or_nothing(0.0, 0.0), Field(title="Contrast", description="Bounds of the change.")
    ] = (0.0, 0.2)
    saturation_factor: Annotated[
        SignedRange, _or_nothing(0.5, 0.5), Field(title="Saturation", description="Bounds; 0.5 leaves it.")
    ] = (0.3, 0.7)
    hue_factor: Annotated[
        UpwardRange, _or_nothing(0.0, 0.0), Field(title="Hue", description="Bounds of the change.")
    ] = (0.0, 0.1)
    value_range: ValueRange = (0.0, 255.0)


class RandomColorDegeneration(Seeded, RandomImages):
    """Mixes each image with its gray copy.

    Harms where the color is the class.
    """

    title = "Random Color Degeneration"
    icon = "blend"
    takes_data_format = True
    type: Literal["RandomColorDegeneration"] = "RandomColorDegeneration"
    factor: Annotated[
        SignedRange, Field(title="Strength", description="Bounds: 0 changes nothing, 1 leaves gray.")
    ] = (0.0, 0.5)
    value_range: ValueRange = (0.0, 255.0)

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = super().output_shape(inputs)
        if shape[-1] not in (3, None):
            raise LayerError(
                "S08",
                f"{self.title} needs 3 channels, and {shown(shape)} arrives. Remove it, or use color images.",
                "Colors are mixed of red, green and blue.",
            )
        return shape

    def details(self) -> str:
        return shown_range(self.factor)


class RandomGaussianBlur(Seeded, RandomImages):
    """Blurs some images.

    Harms where fine lines tell the classes apart, as of small digits.
    """

    title = "Random Gaussian Blur"
    icon = "aperture"
    takes_data_format = True
    keras_defaults: ClassVar[Mapping[str, Any]] = {"factor": 1.0, "kernel_size": 3}
    type: Literal["RandomGaussianBlur"] = "RandomGaussianBlur"
    factor: _Chance = (0.0, 1.0)
    kernel_size: Annotated[
        tuple[WindowSize, WindowSize],
        BeforeValidator(lambda value: (value, value) if isinstance(value, int) else as_tuple(value)),
        Field(title="Kernel", description="Rows and columns that are blurred together."),
    ] = (3, 3)
    sigma: Annotated[
        UpwardRange, Field(title="Sigma", description="Bounds of the width of the blur, in pixels.")
    ] = (0.0, 1.0)
    value_range: ValueRange = (0.0, 255.0)

    def details(self) -> str:
        return f"{self.kernel_size[0]} x {self.kernel_size[1]}"


class RandomSharpness(Seeded, RandomImages):
    """Makes each image sharper or softer.

    Harms little, but on very small images.
    """

    title = "Random Sharpness"
    icon = "focus"
    takes_data_format = True
    type: Literal["RandomSharpness"] = "RandomSharpness"
    factor: _Strength = (0.0, 0.5)
    value_range: ValueRange = (0.0, 255.0)

    def details(self) -> str:
        return shown_range(self.factor)


class RandomPosterization(Seeded, RandomImages):
    """Leaves each image few levels of color.

    Harms where soft shades matter, as of X-ray images.
    """

    title = "Random Posterization"
    icon = "layers-2"
    takes_data_format = True
    type: Literal["RandomPosterization"] = "RandomPosterization"
    factor: Annotated[
        tuple[Annotated[int, Field(ge=1, le=8)], Annotated[int, Field(ge=1, le=8)]],
        BeforeValidator(lambda value: (1, value) if isinstance(value, int) else as_tuple(value)),
        Field(title="Bits", description="Bounds of the bits of a value that are kept: 8 keeps all."),
    ] = (4, 8)
    value_range: ValueRange = (0.0, 255.0)

    def details(self) -> str:
        return f"{self.factor[0]} to {self.factor[1]} bits"


class Solarization(Seeded, RandomImages):
    """Inverts the bright pixels of each image. Harms where bright and dark mean something, as of clouds or
    scans.
    """

    title = "Solarization"
    icon = "sun-moon"
    keras_defaults: ClassVar[Mapping[str, Any]] = {"threshold_factor": 0.0}
    type: Literal["Solarization"] = "Solarization"
    addition_factor: Annotated[
        UpwardRange,
        Field(title="Addition", description="Bounds of what is added first, as shares of the range."),
    ] = (0.0, 0.0)
    threshold_factor: Annotated[
        UpwardRange,
        Field(title="Threshold", description="Bounds of the brightness above which pixels are inverted."),
    ] = (0.0, 0.5)
    value_range: ValueRange = (0.0, 255.0)

    def details(self) -> str:
        return f"above {self.threshold_factor[0]:g} to {self.threshold_factor[1]:g}"


class RandomInvert(Seeded, RandomImages):
    """Inverts the values of some images.

    Harms where bright and dark mean something.
    """

    title = "Random Invert"
    icon = "contrast"
    takes_data_format = True
    keras_defaults: ClassVar[Mapping[str, Any]] = {"factor": 1.0}
    type: Literal["RandomInvert"] = "RandomInvert"
    factor: _Chance = (0.0, 1.0)
    value_range: ValueRange = (0.0, 255.0)

    def details(self) -> str:
        return shown_range(self.factor)


class AutoContrast(RandomImages):
    """Stretches each image from the darkest to the brightest value. Harms where the brightness itself is
    the class.
    """

    title = "Auto Contrast"
    icon = "blinds"
    type: Literal["AutoContrast"] = "AutoContrast"
    value_range: ValueRange = (0.0, 255.0)


class AugMix(Seeded, _GrayOrColored):
    """Mixes each image with chains of random changes of itself (Hendrycks et al. 2020). Harms as its
    changes do.
    """

    title = "AugMix"
    icon = "shuffle"
    moves_places = True
    takes_data_format = True
    keras_defaults: ClassVar[Mapping[str, Any]] = {"factor": 0.3}
    type: Literal["AugMix"] = "AugMix"
    value_range: ValueRange = (0.0, 255.0)
    num_chains: Annotated[
        int, Field(ge=1, le=16, title="Chains", description="How many changed images are mixed.")
    ] = 3
    chain_depth: Annotated[
        int, Field(ge=1, le=16, title="Depth", description="How many changes are made one after the other.")
    ] = 3
    factor: Annotated[
        UpwardRange, Field(title="Strength", description="Bounds of how strong each change is.")
    ] = (0.0, 0.3)
    alpha: Annotated[
        float,
        Field(gt=0, le=100, title="Alpha", description="How evenly the chains are mixed: more is more even."),
    ] = 1.0
    all_ops: Annotated[
        bool, Field(title="All changes", description="With brightness, contrast, color and sharpness too.")
    ] = True
    interpolation: MovedInterpolation = "bilinear"

    def caution(self, inputs: Inputs) -> str | None:
        # The changes of color are among all changes only.
        return super().caution(inputs) if self.all_ops else None


class RandAugment(Seeded, _GrayOrColored):
    """Makes a few random changes, of place and color (Cubuk et al. 2020). Harms as its changes do: it turns
    digits.
    """

    title = "RandAugment"
    icon = "dice-5"
    moves_places = True
    takes_data_format = True
    keras_defaults: ClassVar[Mapping[str, Any]] = {"factor": 0.5}
    type: Literal["RandAugment"] = "RandAugment"
    value_range: ValueRange = (0.0, 255.0)
    num_ops: Annotated[
        int, Field(ge=1, le=14, title="Changes", description="How many are made of each image.")
    ] = 2
    factor: Annotated[
        UpwardRange, Field(title="Strength", description="Bounds of how strong each change is.")
    ] = (0.0, 0.5)
    interpolation: MovedInterpolation = "bilinear"

    def details(self) -> str:
        return f"{self.num_ops} changes, {shown_range(self.factor)}"
