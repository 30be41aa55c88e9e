"""What the engine knows of a kind of source. Needs no NumPy: the window shows facts before it is loaded."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from cnnstudio.core.project.data import DataChoice, Preparation
from cnnstudio.core.project.sources import OwnData, Source
from cnnstudio.core.values.facts import DataFacts
from cnnstudio.core.values.shape import Shape
from cnnstudio.engine.training.stopping import ShouldStop

if TYPE_CHECKING:
    from cnnstudio.engine.data.samples import Samples


Tell: TypeAlias = Callable[[int], None]
"""Told, in the thread that works, how many pictures were found so far."""


def silent(_count: int) -> None:
    """Tell nobody."""


class Found(Struct, frozen=True):
    """What lies at a path a person gave: the source, what its pictures had better be brought to, and how it
    was looked through as sentences for a person.
    """

    source: Source
    preparation: Preparation = Preparation()
    remarks: tuple[str, ...] = ()


class Finder(Struct, frozen=True):
    """How a person's own files become a source.

    `accepts` tells by name and kind alone whether a path may be one. `find` looks through it: it blocks, and
    raises StudioError, in one sentence, for what is none, and StopRequested once it was asked to stop; where
    that may take long, it tells how far it is.
    """

    accepts: Callable[[Path], bool]
    find: Callable[[Path, ShouldStop, Tell], Found]


class SourceKind(Struct, frozen=True):
    """How sources of one model are read; each function takes one of that model.

    `facts_of` reads nothing. `open` blocks for the time of listing what there is, or of reading arrays; it
    raises StudioError for what is missing or damaged, and StopRequested once it was asked to stop; what
    it gives is prepared as the preparation says. `stamp` is another text whenever the same source would give
    other samples than those that carry the text of before. `absence` is a sentence where the files are not
    there, or empty.
    """

    model: type[Source]
    facts_of: Callable[[Any, Preparation], DataFacts]
    open: "Callable[[Any, Preparation, ShouldStop], Samples]"
    stamp: Callable[[Any], str]
    absence: Callable[[Any], str] = lambda source: ""
    finder: Finder | None = None
    """How it is found among a person's files; None where it comes with the program."""
    file_of: Callable[[Any, str], Path | None] = lambda source, locator: None
    """The file of the sample with a locator; None where samples have no files of their own."""


def facts_of_own(source: OwnData, sample_shape: Shape, **more: bool) -> DataFacts:
    """The facts that a person's own data hold as they were found; `more` are fields of `DataFacts`."""
    return DataFacts(
        title=source.name,
        sample_shape=sample_shape,
        class_names=source.class_names,
        train_count=source.train_count,
        test_count=source.test_count,
        validation_count=source.validation_count,
        class_counts=source.class_counts,
        value_range=(0.0, 255.0),
        **more,
    )


def folder_absence(source: OwnData) -> str:
    """A sentence where the files of a source are not there, or empty."""
    if Path(source.path).exists():
        return ""
    return (
        f"The data, {source.path}, are not there. Bring them back, or choose the data anew on the Data page."
    )


def limited(facts: DataFacts, choice: DataChoice) -> DataFacts:
    """The facts of a source as the choice narrows them.

    Where the source does not say the counts of each class, they are shared among the classes as if evenly.
    """
    if choice.classes is not None:
        facts = _of_classes(facts, choice.classes)
    if choice.limit is None or choice.limit >= facts.train_count:
        return facts
    return replace(facts, train_count=choice.limit, class_counts=())


def _of_classes(facts: DataFacts, names: tuple[str, ...]) -> DataFacts:
    counts = _counts_of(facts, names)
    if counts:
        train, validation, test = (sum(column) for column in zip(*counts, strict=True))
    else:
        whole = (facts.train_count, facts.validation_count or 0, facts.test_count)
        train, validation, test = (round(count * len(names) / max(facts.classes, 1)) for count in whole)
    return replace(
        facts,
        class_names=names,
        train_count=train,
        validation_count=None if facts.validation_count is None else validation,
        test_count=test,
        class_counts=counts,
    )


def _counts_of(facts: DataFacts, names: tuple[str, ...]) -> tuple[tuple[int, int, int], ...]:
    """Those of some classes; empty where the facts count none, or have no class of such a name."""
    counts = dict(zip(facts.class_names, facts.class_counts, strict=False))
    return tuple(counts[name] for name in names) if counts.keys() >= set(names) else ()
