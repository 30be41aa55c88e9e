"""The tasks a network can be trained for. A new one is a file here and a line in `TASKS`."""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, TypeAlias

from cnnstudio.core.tasks.classification import Classification
from cnnstudio.core.tasks.metrics import METRICS, VALIDATION, Metric, Monitor, metric
from cnnstudio.core.tasks.reconstruction import Reconstruction
from cnnstudio.core.tasks.segmentation import Segmentation
from cnnstudio.core.tasks.task import Head, Task
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.unions import ByType

TASKS: tuple[type[Task], ...] = (Classification, Segmentation, Reconstruction)
"""In the order in which a person chooses among them."""
if TYPE_CHECKING:
    AnyTask: TypeAlias = Task
else:
    AnyTask = Annotated[reduce(or_, TASKS), ByType()]


def task_key(task: type[Task]) -> str:
    """The name that stands for it in project files and on the command line."""
    return str(task.model_fields["type"].default)


def task_named(key: str) -> AnyTask:
    """A task with its usual settings; StudioError when there is none of that name."""
    for task in TASKS:
        if task_key(task) == key:
            return task.model_validate({})
    known = ", ".join(task_key(task) for task in TASKS)
    raise StudioError(f"There is no task '{key[:60]}'. Choose one of {known}.")


__all__ = [
    "METRICS",
    "TASKS",
    "VALIDATION",
    "AnyTask",
    "Classification",
    "Head",
    "Metric",
    "Monitor",
    "Reconstruction",
    "Segmentation",
    "Task",
    "metric",
    "task_key",
    "task_named",
]
