"""How much a picture of each class counts in the loss, so that a rare class is not learned to be ignored."""

from collections.abc import Sequence


def class_weights(counts: Sequence[int]) -> tuple[float, ...]:
    """A weight for each class, from how many pictures of it are trained on.

    All classes then weigh the same in the loss, and a picture 1 on average: total / (classes * count), as
    scikit-learn's "balanced" (King and Zeng 2001). A class without a picture weighs nothing.
    """
    present = sum(count > 0 for count in counts)
    total = sum(counts)
    return tuple(total / (present * count) if count else 0.0 for count in counts)
