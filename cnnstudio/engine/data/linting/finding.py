"""What the linter says, and what it is said from."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from cnnstudio.core.analysis.findings import Finding, Fix, Severity
from cnnstudio.core.project.corrections import left_out
from cnnstudio.core.values.words import counted
from cnnstudio.engine.data.catalog import Catalog
from cnnstudio.engine.data.images import Indices
from cnnstudio.engine.data.linting.measures import Measures


class DataFinding(Struct, frozen=True):
    """One remark on the data: `message` says what, `why` what it does to the training. `count` pictures are
    concerned, which `locators` name; leaving out those in `leave_out` mends it.
    """

    code: str
    severity: Severity
    message: str
    why: str
    locators: tuple[str, ...]
    leave_out: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many pictures are concerned."""
        return len(self.locators)

    def for_a_project(self) -> Finding:
        """The same as one of the findings of a project, with a fix that leaves pictures out."""
        fixes = (_leaving_out(self.leave_out),) if self.leave_out else ()
        return Finding(self.code, self.severity, None, self.message, self.why, fixes)


def _leaving_out(locators: tuple[str, ...]) -> Fix:
    return Fix(
        f"Leave out {counted(len(locators), 'picture')}",
        lambda project: project.with_data(left_out(project.data, locators)),
    )


class Looked(Struct, frozen=True, eq=False):
    """What a rule is asked about: the catalog, and the measures of the pictures that take part."""

    catalog: Catalog
    measures: Measures

    @property
    def labels(self) -> NDArray[np.int64]:
        """The class of each measured picture, (count,)."""
        return self.catalog.labels[self.measures.rows]

    @property
    def parts(self) -> NDArray[np.uint8]:
        """The part of each measured picture, (count,)."""
        return self.catalog.parts[self.measures.rows]

    def names(self, places: Indices) -> tuple[str, ...]:
        """The locators of some measured pictures."""
        return tuple(self.catalog.locators[int(row)] for row in self.measures.rows[places])


Rule: TypeAlias = Callable[[Looked], DataFinding | None]
