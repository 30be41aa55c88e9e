"""Which images a project learns from, what they are brought to, and how they are shared out."""

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cnnstudio.core.project.sources import MAX_NAME, MAX_PATH, AnySource, ClassNames, Levels, OwnData, Source
from cnnstudio.core.values.shape import Shape

MAX_SIDE = 1024
"""Of a picture, in pixels, as the network receives it."""

Colors: TypeAlias = Literal["gray", "color"]
Fit: TypeAlias = Literal["stretch", "crop", "pad"]
Resampling: TypeAlias = Literal["nearest", "bilinear", "bicubic", "area"]
Seed = Annotated[int, Field(ge=0, le=2**31 - 1, json_schema_extra={"by_chance": True})]
Side = Annotated[int, Field(ge=1, le=MAX_SIDE)]


class _Values(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True)


class Preparation(_Values):
    """What every picture is brought to before the network sees it.

    What is left open stays as the source has it.
    """

    size: Annotated[
        tuple[Side, Side] | None,
        Field(title="Size", description="Height and width every picture is brought to, in pixels."),
    ] = None
    fit: Annotated[
        Fit,
        Field(
            title="Fit",
            description="For pictures of another shape: stretch them, crop their edges, or pad with black.",
        ),
    ] = "stretch"
    colors: Annotated[
        Colors | None,
        Field(title="Colors", description="Gray: one channel. Color: red, green and blue."),
    ] = None

    resampling: Annotated[
        Resampling,
        Field(
            title="Resampling",
            description="How pixels are made when the size changes: nearest copies one and keeps hard edges, "
            "area averages those it covers, bilinear and bicubic weigh neighbors.",
        ),
    ] = "bicubic"
    background: Annotated[
        str,
        Field(
            title="Background",
            pattern=r"^#[0-9a-f]{6}$",
            description="What transparent parts lie on: a color such as #ffffff, white.",
        ),
    ] = "#ffffff"

    def shape_of(self, shape: Shape) -> Shape:
        """The shape (height, width, channels) of a sample of `shape` once it is prepared."""
        channels = {None: shape[-1], "gray": 1, "color": 3}[self.colors]
        return (*(self.size or shape[:-1]), channels)


class Split(_Values):
    """Which of the pictures to learn from are held out to measure by."""

    validation_share: Annotated[
        float,
        Field(gt=0.0, le=0.9, title="Validation share", description="The share of training images held out."),
    ] = 0.2
    seed: Annotated[
        Seed, Field(title="Split seed", description="The same seed holds out the same images.")
    ] = 0
    groups: Annotated[
        Annotated[str, Field(min_length=1, max_length=MAX_NAME)] | None,
        Field(
            title="Groups",
            description="Keeps images together whose names have the same text where this stands, such as "
            "patient*_: none of a patient is measured by who was learned from.",
        ),
    ] = None


_Locator = Annotated[str, Field(min_length=1, max_length=MAX_PATH)]


class Corrections(_Values):
    """What a person has put right in the data; pictures are named by their locator, such as `cat/3.png`."""

    relabelled: Annotated[
        dict[_Locator, Annotated[str, Field(min_length=1, max_length=MAX_NAME)]],
        Field(title="Relabelled", description="The class that pictures really are of."),
    ] = {}
    left_out: Annotated[
        tuple[_Locator, ...], Field(title="Left out", description="Pictures that take no part.")
    ] = ()


class DataChoice(_Values):
    """The source of the samples, and all that is done before the network sees one.

    `source` is None where nobody has chosen data: then nothing that depends on them is said.
    """

    source: Annotated[AnySource | None, Field(title="Source")] = None
    preparation: Preparation = Preparation()
    split: Split = Split()
    classes: Annotated[
        ClassNames | None,
        Field(title="Classes", description="Only these, in this order; all when left open."),
    ] = None
    limit: Annotated[
        Annotated[int, Field(ge=2, le=1_000_000_000)] | None,
        Field(
            title="At most", description="So many images to learn from, evenly of all classes; off takes all."
        ),
    ] = None
    corrections: Corrections = Corrections()

    @model_validator(mode="after")
    def _has_what_its_source_needs(self) -> Self:
        is_open = None in (self.preparation.size, self.preparation.colors)
        if self.source is not None and self.source.needs_preparation and is_open:
            raise ValueError(
                "pictures in files have any size, so preparation.size and preparation.colors must be "
                "there; add them"
            )
        return self

    @property
    def levels(self) -> Levels | None:
        """What is black and white in deep pictures, where the source says it."""
        return self.source.levels if isinstance(self.source, OwnData) else None

    def with_source(self, source: Source, preparation: Preparation | None = None) -> Self:
        """The same split over other data. What was said of the pictures of before is dropped."""
        return self.model_copy(
            update={
                "source": source,
                "preparation": preparation or Preparation(),
                "classes": None,
                "corrections": Corrections(),
            }
        )

    def with_preparation(self, preparation: Preparation) -> Self:
        """The same data, brought to something else."""
        return self.model_copy(update={"preparation": preparation})

    def with_split(self, split: Split) -> Self:
        """The same data, shared out another way."""
        return self.model_copy(update={"split": split})
