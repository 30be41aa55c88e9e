"""Which images a project trains on, and what the studio knows of them."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from cnnstudio.core.shape import Shape

Seed = Annotated[int, Field(ge=0, le=2**31 - 1, json_schema_extra={"by_chance": True})]


class DataChoice(BaseModel):
    """The data set, the share held out for validation, and the seed of the split."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    kind: Annotated[
        Literal["mnist", "fashion_mnist"], Field(title="Data set", description="The images to learn from.")
    ] = "mnist"
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


@dataclass(frozen=True, slots=True)
class DataFacts:
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
