"""What a confusion matrix says of each class."""

from collections.abc import Sequence

from msgspec import Struct

Confusion = Sequence[Sequence[int]]


class ClassFigures(Struct, frozen=True):
    """One class. A figure is `None` where nothing was counted that it could be a share of.

    precision: of the samples that were taken for it, the share that is of it.
    recall: of the samples of it, the share that was recognized.
    f1: the harmonic mean of both.
    support: how many samples are of it; of segmentation, pixels.
    """

    name: str
    precision: float | None
    recall: float | None
    f1: float | None
    support: int

    def record(self) -> dict[str, str | float | int | None]:
        """The JSON form."""
        return {name: getattr(self, name) for name in self.__struct_fields__}


def class_figures(names: Sequence[str], confusion: Confusion) -> tuple[ClassFigures, ...]:
    """The figures of each class, in the order of the rows; `confusion[truth][answer]` counts samples."""
    answered = [sum(column) for column in zip(*confusion, strict=True)]
    return tuple(
        _figures(name, row[at], sum(row), answered[at])
        for at, (name, row) in enumerate(zip(names, confusion, strict=True))
    )


def _figures(name: str, right: int, support: int, answered: int) -> ClassFigures:
    either = support + answered
    return ClassFigures(
        name=name,
        precision=right / answered if answered else None,
        recall=right / support if support else None,
        f1=2 * right / either if either else None,
        support=support,
    )
