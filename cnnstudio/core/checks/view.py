"""What a check may look at."""

from collections.abc import Iterator
from dataclasses import dataclass

from cnnstudio.core.analysis import Analysis, Row
from cnnstudio.core.data import DataFacts
from cnnstudio.core.layers import Layer
from cnnstudio.core.network import Network
from cnnstudio.core.project import Project


@dataclass(frozen=True, eq=False)
class View:
    """A project with its analysis, and the facts of its data where they are known."""

    project: Project
    analysis: Analysis
    facts: DataFacts | None = None

    @property
    def network(self) -> Network:
        """The project's network."""
        return self.project.network

    @property
    def last(self) -> Row:
        """The row of the output layer."""
        return self.analysis.rows[-1]

    def standing(self, *types: type[Layer]) -> Iterator[Row]:
        """The rows with a shape whose layer is of one of the types, in stack order."""
        return (row for row in self.analysis.rows if row.stands and isinstance(row.layer, types))
