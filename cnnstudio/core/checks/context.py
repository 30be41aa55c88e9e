"""What a check may look at."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct

from cnnstudio.core.analysis import Analysis, Row, analyze
from cnnstudio.core.analysis.findings import Fix
from cnnstudio.core.layers import BatchNormalization, Layer
from cnnstudio.core.network import Network
from cnnstudio.core.project import Project
from cnnstudio.core.values.facts import DataFacts

WEIGHTED_FAMILIES = ("convolution", "dense")


class CheckContext(Struct, frozen=True, eq=False):
    """A project with its analysis, and the facts of its data and machine where they are known.

    Disabled layers are in `whole` only: the rules look at what is built.
    """

    project: Project
    whole: Analysis
    facts: DataFacts | None = None
    free_memory: int | None = None
    """Bytes that training may take; `None` when nobody measured."""

    @property
    def analysis(self) -> Analysis:
        """The rows of what is built."""
        return self.whole.active

    @property
    def network(self) -> Network:
        """The network that is built."""
        return self.analysis.network

    @property
    def last(self) -> Row:
        """The row of the output layer."""
        return self.analysis.rows[-1]

    @property
    def takers(self) -> Mapping[str, Sequence[Row]]:
        """The rows that take what leaves each layer."""
        return self.analysis.takers

    def standing(self, *types: type[Layer]) -> Iterator[Row]:
        """The rows with a shape whose layer is of one of the types, in stack order within each type."""
        for kind, rows in self.analysis.by_type.items():
            if issubclass(kind, types):
                yield from rows

    def of_family(self, *families: str) -> Iterator[Row]:
        """The rows with a shape whose layer is of one of the families, in stack order within each type."""
        for kind, rows in self.analysis.by_type.items():
            if kind.family in families:
                yield from rows

    def below(self, row: Row) -> Iterator[Row]:
        """Every row that depends on this one, nearest first."""
        return _reached(row, lambda one: self.takers.get(one.name, ()))

    def above(self, row: Row) -> Iterator[Row]:
        """Every row that this one depends on, nearest first."""
        return _reached(row, lambda one: [self.analysis.row(name) for name in one.inputs])

    def after(self, fix: Fix) -> Analysis:
        """The analysis of the network that a fix would make; takes a while in a large network."""
        return analyze(fix.apply(self.project).network, self.whole)

    def breaks_by(self, after: Analysis) -> bool:
        """Whether more layers are without a shape in the other analysis than there are now."""
        return len(after.findings) > len(self.whole.findings)


def _reached(row: Row, step: Callable[[Row], Sequence[Row]]) -> Iterator[Row]:
    seen: set[str] = set()
    front = [row]
    while front:
        following = {one.name: one for near in front for one in step(near) if one.name not in seen}
        seen.update(following)
        front = list(following.values())
        yield from front


def activation_of(row: Row) -> str | None:
    """The function that ends a layer: `relu`, `softmax`, `linear`; `None` where there is none to speak of."""
    name = vars(row.layer).get("activation")
    if isinstance(name, str):
        return name
    if row.layer.family == "activation":
        return row.layer.type.lower()
    return None


def is_weighted(row: Row) -> bool:
    """Whether the layer multiplies values with learned kernels."""
    return row.layer.family in WEIGHTED_FAMILIES


def learning_normalization(context: CheckContext) -> Row | None:
    """The first BatchNormalization that takes its mean over the batch, if there is one."""
    return next((row for row in context.standing(BatchNormalization) if row.layer.trainable), None)
