"""Which images a project trains on, and what the studio knows of them."""

from pathlib import PurePath
from typing import Annotated, Any, Literal, Self, TypeAlias

from msgspec import Struct
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from cnnstudio.core.values.shape import Shape

MAX_CLASSES = 10_000
MAX_SIDE = 1024
"""Of a picture of a folder, in pixels, as the network receives it."""
MAX_PATH = 4_096
MAX_NAME = 255

DataKind: TypeAlias = Literal["mnist", "fashion_mnist", "folder"]
Colors: TypeAlias = Literal["gray", "color"]
Seed = Annotated[int, Field(ge=0, le=2**31 - 1, json_schema_extra={"by_chance": True})]


def _each_once(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(names)) < len(names):
        raise ValueError("each class has a name of its own, and one stands here twice")
    return names


_Side = Annotated[int, Field(ge=1, le=MAX_SIDE)]
_ClassName = Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
_ClassNames = Annotated[
    tuple[_ClassName, ...], Field(min_length=2, max_length=MAX_CLASSES), AfterValidator(_each_once)
]


class FolderSource(BaseModel):
    """A folder with a folder of pictures for each class, and what was found in it when it was chosen.

    So a project says its classes and the shape of its samples even where the folder is not at hand.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    path: Annotated[
        str,
        Field(min_length=1, max_length=MAX_PATH, title="Folder", description="It holds the class folders."),
    ]
    class_names: Annotated[
        _ClassNames, Field(title="Classes", description="The names of the class folders, in their order.")
    ]
    train_count: Annotated[int, Field(ge=2, title="Training images")]
    test_count: Annotated[int, Field(ge=0, title="Test images")]
    size: Annotated[
        tuple[_Side, _Side],
        Field(title="Size", description="Height and width every picture is brought to, in pixels."),
    ]
    colors: Annotated[
        Colors, Field(title="Colors", description="Gray: one channel. Color: red, green and blue.")
    ]

    @property
    def name(self) -> str:
        """The folder's own name, for a person."""
        return PurePath(self.path).name or self.path

    @property
    def sample_shape(self) -> tuple[int, int, int]:
        """Height, width and channels of every picture as the network receives it."""
        return (*self.size, 1 if self.colors == "gray" else 3)


class DataChoice(BaseModel):
    """The data set, the share held out for validation, and the seed of the split."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    kind: Annotated[DataKind, Field(title="Data set", description="The images to learn from.")] = "mnist"
    folder: Annotated[
        FolderSource | None,
        Field(title="Folder", description='The class folders, exactly when the kind is "folder".'),
    ] = None
    labels: Annotated[
        Literal["one-hot", "integer"],
        Field(
            title="Labels", description="One-hot: a 1 at the class, 0 elsewhere. Integer: the class number."
        ),
    ] = "one-hot"
    validation_share: Annotated[
        float,
        Field(gt=0.0, le=0.9, title="Validation share", description="The share of training images held out."),
    ] = 0.2
    seed: Annotated[
        Seed, Field(title="Split seed", description="The same seed holds out the same images.")
    ] = 0

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        if (self.kind == "folder") != (self.folder is not None):
            raise ValueError(
                'the kind "folder" needs the setting "folder", and no other kind has it; add it, or remove it'
            )
        return self

    @model_serializer(mode="wrap")
    def _without_what_other_kinds_need(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        document: dict[str, Any] = write(self)
        if self.folder is None:
            # An older program, which knows no folders, reads the file as well.
            document.pop("folder", None)
        return document

    def with_folder(self, source: FolderSource) -> Self:
        """The same labels and split, over the pictures of a folder."""
        return self.model_copy(update={"kind": "folder", "folder": source})

    def with_included(self, kind: DataKind) -> Self:
        """The same labels and split, over an included data set."""
        return self.model_copy(update={"kind": kind, "folder": None})


class DataFacts(Struct, frozen=True):
    """What is known of a data set without reading all of it."""

    title: str
    sample_shape: Shape
    class_names: tuple[str, ...]
    train_count: int
    test_count: int
    value_range: tuple[float, float]
    """The smallest and largest pixel value the network receives."""

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return len(self.class_names)
