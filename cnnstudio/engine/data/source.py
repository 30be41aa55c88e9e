"""What the engine knows of a kind of source. Needs no NumPy: the window shows facts before it is loaded."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from cnnstudio.core.project.data import DataChoice, Preparation
from cnnstudio.core.project.sources import Source
from cnnstudio.core.values.facts import DataFacts
from cnnstudio.engine.training.stopping import ShouldStop

if TYPE_CHECKING:
    from cnnstudio.engine.data.images import Images, Pixels


class SourceKind(Struct, frozen=True):
    """How sources of one model are read; each function takes one of that model.

    `facts_of` reads nothing. `read` blocks, raises StudioError for what is missing or damaged, and
    StopRequested once it was asked to stop; what it gives is prepared as the preparation says. `stamp`
    is another text whenever the same source would give other samples.
    """

    model: type[Source]
    facts_of: Callable[[Any, Preparation], DataFacts]
    read: Callable[[Any, Preparation, ShouldStop], "Images"]
    first: Callable[[Any, Preparation], "Pixels"]
    """The first picture to learn from, without reading the others where that can be."""
    stamp: Callable[[Any], str]


def limited(facts: DataFacts, choice: DataChoice) -> DataFacts:
    """The facts of a source as the choice narrows them; counts are shared among the classes as if evenly."""
    names = facts.class_names if choice.classes is None else choice.classes
    share = len(names) / max(facts.classes, 1)
    train = round(facts.train_count * share)
    return DataFacts(
        title=facts.title,
        sample_shape=facts.sample_shape,
        class_names=names,
        train_count=train if choice.limit is None else min(train, choice.limit),
        test_count=round(facts.test_count * share),
        value_range=facts.value_range,
        has_masks=facts.has_masks,
    )
