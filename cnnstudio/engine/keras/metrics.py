"""Keras's metrics by the names of `METRICS`.

A new one is a function here, a row there, and a name in its task.
"""

from collections.abc import Callable, Mapping
from typing import Any

from cnnstudio.core.tasks import Task


def _accuracy(keras: Any, task: Task, outputs: int) -> Any:
    # Keras chooses the kind of accuracy by the shapes of output and target when it is given by name.
    del keras, task, outputs
    return "accuracy"


def _iou(keras: Any, task: Task, outputs: int) -> Any:
    integer = getattr(task, "labels", "integer") == "integer"
    return keras.metrics.MeanIoU(outputs, name="iou", sparse_y_true=integer, sparse_y_pred=False)


def _mae(keras: Any, task: Task, outputs: int) -> Any:
    del task, outputs
    return keras.metrics.MeanAbsoluteError(name="mae")


_MAKERS: Mapping[str, Callable[[Any, Task, int], Any]] = {
    "accuracy": _accuracy,
    "iou": _iou,
    "mae": _mae,
}


def metrics_of(keras: Any, task: Task, outputs: int) -> list[Any]:
    """What a task measures beside the loss; `outputs` is the size of the output's last axis."""
    return [_MAKERS[name](keras, task, outputs) for name in task.metrics]
