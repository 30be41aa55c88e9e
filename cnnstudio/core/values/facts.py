"""What is known of a data set without reading all of it."""

from msgspec import Struct

from cnnstudio.core.values.shape import Shape

GROUND = "ground"
"""What a mask is where no class is: number 0, before the classes."""


class DataFacts(Struct, frozen=True):
    """What a choice of data promises. `sample_shape` is (height, width, channels) as the network receives it.

    `train_count` are the pictures to learn from, those held out for validation included.
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
    class_counts: tuple[tuple[int, int, int], ...] = ()
    """Training, validation and test pictures of each class; empty where they are not known."""

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return len(self.class_names)

    @property
    def mask_names(self) -> tuple[str, ...]:
        """What each number of a mask stands for; empty without masks."""
        return (GROUND, *self.class_names) if self.has_masks else ()
