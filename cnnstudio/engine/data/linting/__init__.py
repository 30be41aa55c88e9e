"""The data linter: looks at every picture and says what is amiss. A new rule is a function and a line in
`RULES`.
"""

from typing import Any

from msgspec import Struct

from cnnstudio.core.project.data import DataChoice
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.linting.copies import in_two_classes, in_two_parts, near_copies, repeated
from cnnstudio.engine.data.linting.finding import DataFinding, Looked, Rule
from cnnstudio.engine.data.linting.giveaways import giveaway
from cnnstudio.engine.data.linting.measures import Progress, measured
from cnnstudio.engine.data.linting.single import (
    blank,
    blurred,
    dark_or_bright,
    few_of_a_class,
    odd_sizes,
    unreadable,
)
from cnnstudio.engine.training.stopping import ShouldStop, never

RULES: tuple[Rule, ...] = (
    unreadable,
    repeated,
    in_two_classes,
    in_two_parts,
    near_copies,
    odd_sizes,
    blank,
    dark_or_bright,
    blurred,
    few_of_a_class,
    giveaway,
)
_MOST_FILES = 20


class DataReport(Struct, frozen=True):
    """What was found in how many pictures."""

    findings: tuple[DataFinding, ...]
    pictures: int

    def record(self) -> dict[str, Any]:
        """The JSON form; of the files of a finding, the first."""
        return {
            "findings": [
                {
                    "code": one.code,
                    "severity": one.severity,
                    "message": one.message,
                    "count": one.count,
                    "files": list(one.locators[:_MOST_FILES]),
                }
                for one in self.findings
            ]
        }


def check_data(
    choice: DataChoice,
    progress: Progress = lambda done, total: None,
    should_stop: ShouldStop = never,
) -> DataReport:
    """Look at every picture that takes part, as the network receives it.

    Blocks for the time of decoding them all. StudioError when nothing is chosen or the data cannot be opened,
    StopRequested once it was asked to stop.
    """
    data = datasets.load(choice, should_stop)
    looked = Looked(data.catalog, measured(data, progress, should_stop))
    found = (rule(looked) for rule in RULES)
    return DataReport(tuple(one for one in found if one is not None), len(looked.measures.rows))


__all__ = ["RULES", "DataFinding", "DataReport", "check_data"]
