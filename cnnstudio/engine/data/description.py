"""What there is at a path: its kind, its task, its classes, and how much of it can be read."""

from typing import Any

import numpy as np
from msgspec import Struct

from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.shape import Shape
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.dataset import Dataset
from cnnstudio.engine.data.linting.measures import Progress
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested, never

_AT_ONCE = 64


class ClassCounts(Struct, frozen=True):
    """The pictures of a class: those to learn from, of the data's own validation part, for the test."""

    name: str
    train: int
    validation: int
    test: int


class Description(Struct, frozen=True):
    """A data set as it was found. `unreadable` counts pictures that cannot be read."""

    kind: str
    task: str
    title: str
    classes: tuple[ClassCounts, ...]
    sample_shape: Shape
    unreadable: int
    remarks: tuple[str, ...]

    def record(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "kind": self.kind,
            "task": self.task,
            "classes": [
                {"name": one.name, "train": one.train, "validation": one.validation, "test": one.test}
                for one in self.classes
            ],
            "sample_shape": list(self.sample_shape),
            "unreadable": self.unreadable,
        }


def described(
    choice: DataChoice,
    progress: Progress = lambda done, total: None,
    should_stop: ShouldStop = never,
) -> Description:
    """Decode every picture once, and say what there is. Blocks; StudioError, StopRequested."""
    data = datasets.load(choice, should_stop)
    facts, source = data.facts, choice.source
    assert source is not None  # or nothing was loaded
    listing = data.samples.listing
    parts = np.zeros(len(listing.labels), np.int64)
    parts[listing.train_count :] = 1
    parts[len(parts) - listing.test_count :] = 2
    labels = listing.labels
    counts = [np.bincount(labels[parts == part], minlength=facts.classes).tolist() for part in range(3)]
    return Description(
        kind=source.type,
        task="segmentation" if facts.has_masks else "classification",
        title=facts.title,
        classes=tuple(ClassCounts(*row) for row in zip(facts.class_names, *counts, strict=True)),
        sample_shape=facts.sample_shape,
        unreadable=_unreadable(data, progress, should_stop),
        remarks=data.samples.remarks,
    )


def _unreadable(data: Dataset, progress: Progress, should_stop: ShouldStop) -> int:
    count, total = 0, len(data.samples.listing.labels)
    for start in range(0, total, _AT_ONCE):
        if should_stop():
            raise StopRequested
        rows = np.arange(start, min(start + _AT_ONCE, total))
        count += _unreadable_of(data, rows)
        progress(int(rows[-1]) + 1, total)
    return count


def _unreadable_of(data: Dataset, rows: Any) -> int:
    try:
        return len(rows) - len(data.samples.read(rows).pixels)
    except StudioError:  # too many of them: each is tried by itself
        return sum(_is_unreadable(data, int(row)) for row in rows)


def _is_unreadable(data: Dataset, row: int) -> bool:
    try:
        data.samples.one(row)
    except StudioError:
        return True
    return False
