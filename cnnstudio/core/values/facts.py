"""What is known of a data set without reading all of it."""

from msgspec import Struct

from cnnstudio.core.values.shape import Shape

GROUND = "ground"
"""What a mask is where no class is: number 0, before the classes."""


class DataFacts(Struct, frozen=True):
    """What a choice of data promises. `sample_shape` is (height, width, channels) as the network receives it.

    `train_count` are the pictures to learn from, those included that a share holds out for validation.
    """

    title: str
    sample_shape: Shape
    class_names: tuple[str, ...]
    train_count: int
    test_count: int
    value_range: tuple[float, float]
    """The smallest and largest pixel value the network receives."""
    has_masks: bool = False
    """Whether there is a class for each pixel too: 0 for the ground, then the classes in their order."""
    has_labels: bool = True
    """Whether each picture as a whole is of a class; pictures with masks alone are not."""
    validation_count: int | None = None
    """The pictures of the data's own validation part; None where a share of `train_count` is held out."""
    class_counts: tuple[tuple[int, int, int], ...] = ()
    """Training, validation and test pictures of each class; empty where they are not known."""

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return len(self.class_names)

    @property
    def counts_text(self) -> str:
        """How many pictures there are: `90 training, 10 test`, with those of a validation part between."""
        validation = "" if self.validation_count is None else f"{self.validation_count:,} validation, "
        return f"{self.train_count:,} training, {validation}{self.test_count:,} test"

    @property
    def mask_names(self) -> tuple[str, ...]:
        """What each number of a mask stands for; empty without masks."""
        return (GROUND, *self.class_names) if self.has_masks else ()
