"""What a trained network is worth on samples: one value for the page, the command line and files."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from cnnstudio.core.tasks import Task
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.catalog import Part
from cnnstudio.engine.data.stream import Batch, Stream, in_order
from cnnstudio.engine.evaluation.network import TrainedNetwork, open_network
from cnnstudio.engine.evaluation.per_class import class_figures
from cnnstudio.engine.evaluation.target import target_of
from cnnstudio.engine.keras.library import load_keras
from cnnstudio.engine.runs.folder import Run
from cnnstudio.engine.training.feed import ReadErrors, unshuffled
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested, never

_BATCH = 64


class Report(Struct, frozen=True):
    """Loss and metrics over a part of the data.

    `confusion[truth][answer]` counts samples, for segmentation pixels; it is empty for a task without
    classes. `classes` are the names of its rows.
    """

    task: str
    part: Part
    epoch: int | None
    count: int
    loss: float
    metrics: Mapping[str, float]
    confusion: tuple[tuple[int, ...], ...] = ()
    classes: tuple[str, ...] = ()

    def record(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "task": self.task,
            "part": self.part,
            "epoch": self.epoch,
            "count": self.count,
            "loss": self.loss,
            "metrics": dict(self.metrics),
            "confusion": [list(row) for row in self.confusion],
            "classes": [one.record() for one in class_figures(self.classes, self.confusion)],
        }


def evaluate(
    run: Run, part: Part = "test", checkpoint: str = "best", should_stop: ShouldStop = never
) -> Report:
    """Measure a run's network on a part of its data. Blocks; imports Keras.

    `checkpoint` is "best" or "last". StudioError when the run has no such weights, or the data cannot be
    read or have no such part; StopRequested once it was asked to stop.
    """
    network = open_network(run, checkpoint)
    stream = datasets.load(run.project.data, should_stop).stream(part)
    if not len(stream):
        raise StudioError(
            f"{stream.facts.title} has no {part} images. Choose another part, or add some to the data."
        )
    measured = _measured(network, stream, should_stop)
    confusion = _confusion(network, stream, should_stop)
    task = run.project.task
    return Report(
        task=task.type,
        part=part,
        epoch=network.epoch,
        count=len(stream),
        loss=measured.pop("loss"),
        metrics=measured,
        confusion=tuple(tuple(row) for row in confusion.tolist()) if confusion is not None else (),
        classes=task.output_names(stream.facts) if confusion is not None else (),
    )


def _measured(network: TrainedNetwork, stream: Stream, should_stop: ShouldStop) -> dict[str, float]:
    def poll(batch: int, logs: object) -> None:
        # Keras hands them over by these names.
        del batch, logs
        if should_stop():
            raise StopRequested

    target, errors = target_of(network.task, network.outputs), ReadErrors()
    with errors.told():
        found = network.model.evaluate(
            unshuffled(stream, _BATCH, target, errors),
            verbose=0,
            return_dict=True,
            callbacks=[load_keras().callbacks.LambdaCallback(on_test_batch_end=poll)],
        )
    return {name: float(value) for name, value in found.items()}


def _confusion(network: TrainedNetwork, stream: Stream, should_stop: ShouldStop) -> Any:
    """Counts (classes, classes), truths down; None for a task without classes."""
    count = len(network.task.output_names(stream.facts))
    if not count:
        return None
    total = np.zeros((count, count), np.int64)
    for batch in in_order(stream, _BATCH):
        if should_stop():
            raise StopRequested
        answers = network.classes_of(network.model.predict_on_batch(batch.pixels))
        pairs = _truths(network.task, batch).ravel().astype(np.int64) * count + answers.ravel()
        total += np.bincount(pairs, minlength=count * count).reshape(count, count)
    return total


def _truths(task: Task, batch: Batch) -> NDArray[Any]:
    if not task.needs_masks:
        return batch.labels
    assert batch.masks is not None  # or the task would have been refused before it was trained
    return batch.masks
