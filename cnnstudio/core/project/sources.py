"""Where the samples come from. A new kind is a model here and a reader in the engine's `SOURCES`."""

from collections.abc import Callable, Sequence
from functools import reduce
from operator import or_
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from cnnstudio.core.values.colors import usual_color
from cnnstudio.core.values.unions import ByType

MAX_CLASSES = 10_000
MAX_PATH = 4_096
MAX_NAME = 255

IncludedName: TypeAlias = Literal["mnist", "fashion_mnist", "shapes"]


def _each_once(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(names)) < len(names):
        raise ValueError("each class has a name of its own, and one stands here twice")
    return names


_ClassName = Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
ClassNames = Annotated[
    tuple[_ClassName, ...], Field(min_length=2, max_length=MAX_CLASSES), AfterValidator(_each_once)
]


_Count = Annotated[int, Field(ge=0)]
PartCounts: TypeAlias = tuple[_Count, _Count, _Count]
"""Training, validation and test images of one class."""


class Source(BaseModel):
    """One of the kinds of sources; its fields are what has to be known to find its samples again."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    type: str

    needs_preparation: ClassVar[bool] = False
    """Whether its pictures have any size and colors, so that the preparation must say both."""

    @property
    def name(self) -> str:
        """What the source is called, for a person."""
        raise NotImplementedError

    def is_at(self, other: "Source") -> bool:
        """Whether both lead to the same place, though what is there may have changed."""
        return self == other

    def continues(self, other: "Source") -> bool:
        """Whether this is the other data set again, perhaps moved or grown."""
        return self == other

    def colors_of(self, names: Sequence[str]) -> tuple[str, ...]:
        """How pixels of these classes are shown, as `#rrggbb`."""
        return tuple(usual_color(number) for number in range(len(names)))

    def with_paths(self, convert: Callable[[str], str]) -> Self:
        """The same source, its paths written another way; itself where it has none."""
        del convert
        return self


class Included(Source):
    """A data set that comes with the studio."""

    type: Literal["included"] = "included"
    set: Annotated[IncludedName, Field(title="Data set", description="The images to learn from.")] = "mnist"

    @property
    def name(self) -> str:
        return self.set


DownloadName: TypeAlias = Literal["mnist", "fashion_mnist", "cifar10", "cifar100"]


class Download(Source):
    """A whole data set that Keras fetches from the network once, and keeps."""

    type: Literal["download"] = "download"
    set: Annotated[DownloadName, Field(title="Data set", description="The images to learn from.")]

    @property
    def name(self) -> str:
        return self.set


Rules: TypeAlias = Literal[1, 2]
_Ends: TypeAlias = tuple[float, float]


class Levels(BaseModel):
    """Which numbers of deep pictures are black and which white: the same for all pictures of a folder.

    Deep are pictures of more than 8 bits a value. Whole numbers and real numbers have ends of their own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True)

    whole: Annotated[_Ends | None, Field(title="Whole numbers")] = None
    real: Annotated[_Ends | None, Field(title="Real numbers")] = None


class OwnData(Source):
    """A person's own data at a path, and what was found there when they were chosen.

    So a project says its classes even where the files are not at hand. Counts are of files, or of rows of
    arrays.
    """

    path: Annotated[
        str, Field(min_length=1, max_length=MAX_PATH, title="Path", description="Where they are.")
    ]
    class_names: Annotated[
        ClassNames, Field(title="Classes", description="The names of the classes, in their order.")
    ]
    train_count: Annotated[
        int,
        Field(
            ge=2, title="Training images", description="To learn from, without those of a validation part."
        ),
    ]
    validation_count: Annotated[
        Annotated[int, Field(ge=1)] | None,
        Field(
            title="Validation images",
            description="Of the data's own validation part; null where a share is held out.",
        ),
    ] = None
    test_count: Annotated[int, Field(ge=0, title="Test images")]
    class_counts: Annotated[
        tuple[PartCounts, ...],
        Field(title="Images of each class", description="Training, validation, test; empty when unknown."),
    ] = ()
    levels: Annotated[
        Levels | None,
        Field(title="Levels", description="What is black and white in deep pictures; null without any."),
    ] = None

    @model_validator(mode="after")
    def _counts_each_class(self) -> Self:
        if self.class_counts and len(self.class_counts) != len(self.class_names):
            raise ValueError(
                f"{len(self.class_counts)} classes are counted and {len(self.class_names)} named; count each"
            )
        return self

    @property
    def name(self) -> str:
        return PurePath(self.path).name or self.path

    def is_at(self, other: Source) -> bool:
        return isinstance(other, type(self)) and other.path == self.path

    def continues(self, other: Source) -> bool:
        return isinstance(other, type(self)) and other.class_names == self.class_names

    def with_paths(self, convert: Callable[[str], str]) -> Self:
        return self.model_copy(update={"path": convert(self.path)})


class Folder(OwnData):
    """A folder with a folder of pictures for each class."""

    needs_preparation: ClassVar[bool] = True

    type: Literal["folder"] = "folder"
    rules: Annotated[
        Rules,
        Field(
            title="Rules",
            description="How the folder is looked through: 1 as the first version did, without folders in "
            "class folders and without a validation folder.",
        ),
    ] = 1


_ArrayName = Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
_Side = Annotated[int, Field(ge=1, le=65_536)]


class PartArrays(BaseModel):
    """The arrays of one part, by the names they have in their file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    images: Annotated[_ArrayName, Field(title="Images", description="A picture in each row.")]
    labels: Annotated[_ArrayName, Field(title="Labels", description="The class of each picture.")]


class Arrays(OwnData):
    """Arrays in a file: NumPy's archive, HDF5, MNIST's own format, or a table with a pixel in each column."""

    type: Literal["arrays"] = "arrays"
    training: Annotated[PartArrays, Field(title="Training", description="The arrays to learn from.")]
    validation: Annotated[
        PartArrays | None, Field(title="Validation", description="null where a share is held out.")
    ] = None
    test: Annotated[
        PartArrays | None, Field(title="Test", description="null where one picture in ten is kept for it.")
    ] = None
    sample_shape: Annotated[
        tuple[_Side, _Side, Annotated[int, Field(ge=1, le=4)]],
        Field(title="Shape", description="Height, width and channels of a picture."),
    ]


class Table(OwnData):
    """A table (CSV) with the file and the class of a picture in each row."""

    needs_preparation: ClassVar[bool] = True

    type: Literal["table"] = "table"
    files: Annotated[_ArrayName, Field(title="Files", description="The column of the picture files.")]
    labels: Annotated[_ArrayName, Field(title="Labels", description="The column of the classes.")]
    parts: Annotated[
        _ArrayName | None,
        Field(title="Parts", description="The column that says train, validation or test; null for none."),
    ] = None


_MaskValue = Annotated[int, Field(ge=0, le=0xFFFFFF)]


class MaskPairs(OwnData):
    """Pictures with masks of the same names: a class for each pixel, none for a whole picture."""

    needs_preparation: ClassVar[bool] = True

    type: Literal["masks"] = "masks"
    class_names: Annotated[
        tuple[_ClassName, ...],
        Field(
            min_length=1,
            max_length=255,
            title="Classes",
            description="A name for each of the values, in order.",
        ),
        AfterValidator(_each_once),
    ]
    values: Annotated[
        tuple[_MaskValue, ...],
        Field(
            min_length=1,
            max_length=255,
            title="Values",
            description="The number in the masks of each class, or its color as a number; others are ground.",
        ),
    ]
    in_color: Annotated[
        bool,
        Field(title="Color", description="Whether the values are colors: red, green, blue in one number."),
    ] = False

    colors: Annotated[
        tuple[Annotated[str, Field(pattern="^#[0-9a-f]{6}$")], ...],
        Field(
            max_length=255,
            title="Colors",
            description="How each class is shown, as #rrggbb; empty for the usual colors.",
        ),
    ] = ()

    def colors_of(self, names: Sequence[str]) -> tuple[str, ...]:
        if not self.colors:
            return super().colors_of(names)
        known = dict(zip(self.class_names, self.colors, strict=True))
        return tuple(known.get(name, usual_color(number)) for number, name in enumerate(names))

    @model_validator(mode="after")
    def _names_each_value(self) -> Self:
        if self.colors and len(self.colors) != len(self.values):
            raise ValueError(
                f"{len(self.colors)} colors are given for {len(self.values)} values; give one each, or none"
            )
        if len(self.values) != len(self.class_names):
            raise ValueError(
                f"{len(self.values)} values are given and {len(self.class_names)} names; give each value a "
                "name"
            )
        return self


SOURCE_MODELS: tuple[type[Source], ...] = (Included, Download, Folder, Arrays, Table, MaskPairs)
if TYPE_CHECKING:
    AnySource: TypeAlias = Source
else:
    AnySource = Annotated[reduce(or_, SOURCE_MODELS), ByType()]
