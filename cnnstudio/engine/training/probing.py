"""What is measured beside loss and metrics: what guessing would give, dead units, the time of reading."""

from collections.abc import Callable, Mapping
from math import prod
from time import perf_counter
from typing import Any, TypeAlias

import numpy as np
from msgspec.structs import replace

from cnnstudio.core.analysis import Analysis, Row, analyze
from cnnstudio.core.keras_format.layer_names import keras_names
from cnnstudio.core.project import Project
from cnnstudio.core.tasks.losses import loss_of_guessing
from cnnstudio.engine.data.catalog import Catalog
from cnnstudio.engine.data.dataset import Dataset
from cnnstudio.engine.data.stream import Batch, Stream
from cnnstudio.engine.keras.library import KerasModel, load_keras
from cnnstudio.engine.training.events import Baseline, Measured

Measure: TypeAlias = Callable[[int, float], Measured]
"""Given an epoch's number and the seconds of its training."""

_IMAGES = 128
_MOST_BYTES = 128 * 2**20
"""What the looked-at results of all layers may take together."""


def _baseline(project: Project, data: Dataset) -> Baseline:
    """What a network that learned nothing would reach on these data."""
    names = project.task.output_names(data.facts)
    shape = analyze(project.network).output_shape
    if not names or not shape:
        return Baseline()
    loss = loss_of_guessing(project.training.loss, shape[-1] or 0)
    if project.task.tells_of_places:
        return Baseline(loss)
    return Baseline(loss, *_majority(data.catalog))


def _majority(catalog: Catalog) -> tuple[float | None, str]:
    """The largest share of a class among the held-out images, and that class where it is one alone."""
    counts = catalog.counts[:, 1]
    if not counts.sum():
        return None, ""
    most = np.flatnonzero(counts == counts.max())
    answer = catalog.class_names[int(most[0])] if len(most) == 1 else ""
    return float(counts.max() / counts.sum()), answer


class Measuring:
    """All of it for one run; `baseline` is known before the first epoch."""

    def __init__(self, project: Project, data: Dataset) -> None:
        self.baseline = _baseline(project, data)
        self.reading = ReadingTime()
        self._project, self._validation = project, data.stream("validation")
        self._last = Measured(0, None, {})

    def of(self, model: KerasModel) -> Measure:
        """What measures an epoch of the model."""
        units = DeadUnits(model, self._project, self._validation)

        def measure(epoch: int, training_s: float) -> Measured:
            share = min(self.reading.taken() / training_s, 1.0) if training_s > 0 else None
            # At the powers of two: units that die do so early, and to look takes time.
            looks = epoch > 1 and epoch & (epoch - 1) == 0
            now = Measured(epoch, share, units.shares() if looks else None)
            self._last = now if looks else replace(now, dead_units=self._last.dead_units)
            return now

        return measure

    def record(self) -> dict[str, Any]:
        """What the record of the run keeps of it."""
        return {
            "guessing_loss": self.baseline.loss,
            "majority_share": self.baseline.accuracy,
            "majority_class": self.baseline.answer,
            "reading_share": self._last.reading_share,
            "dead_units": dict(self._last.dead_units or {}),
        }


class ReadingTime:
    """Adds up how long a stream takes to give its batches; read in the thread that trains."""

    def __init__(self) -> None:
        self._seconds = 0.0

    def timed(self, read: Callable[[Any], Batch]) -> Callable[[Any], Batch]:
        """The same reading, with its time added."""

        def timed(places: Any) -> Batch:
            began = perf_counter()
            batch = read(places)
            self._seconds += perf_counter() - began
            return batch

        return timed

    def taken(self) -> float:
        """The seconds since it was asked last."""
        seconds, self._seconds = self._seconds, 0.0
        return seconds


class DeadUnits:
    """Looks at held-out images with the layers that end with ReLU.

    Made and called in the thread that trains.
    """

    def __init__(self, model: KerasModel, project: Project, validation: Stream) -> None:
        self._model = model
        analysis = analyze(project.network).active
        in_keras = keras_names(analysis.network)
        self._names = {row.name: in_keras[row.name] for row in analysis.rows if _ends_with_relu(row)}
        self._images = validation.batch(np.arange(min(len(validation), _affordable(analysis)))).pixels
        self._look: Any = None

    def shares(self) -> Mapping[str, float]:
        """By layer: the part of its units, or filters, that gave 0 for every image at every place."""
        if not self._names or not len(self._images):
            return {}
        if self._look is None:
            self._look = self._probe()
        largest = self._look(self._images.astype(np.float32))
        return {
            name: float(np.mean(np.asarray(values) <= 0))
            for name, values in zip(self._names, largest, strict=True)
        }

    def _probe(self) -> Any:
        import tensorflow as tf

        keras = load_keras()
        outputs = [self._model.get_layer(name).output for name in self._names.values()]
        maps = keras.Model(self._model.inputs, outputs)

        def largest(images: Any) -> list[Any]:
            results = maps(images, training=False)
            every = results if isinstance(results, list | tuple) else [results]
            return [tf.reduce_max(result, axis=list(range(len(result.shape) - 1))) for result in every]

        return tf.function(largest)


def _ends_with_relu(row: Row) -> bool:
    """Whether every unit of the layer has a cut at 0; a ReLU with a slope below has none."""
    layer = vars(row.layer)
    if row.layer.type == "ReLU":
        return not layer.get("negative_slope") and not layer.get("threshold")
    return layer.get("activation") == "relu" and bool(row.output_shape)


def _affordable(analysis: Analysis) -> int:
    shapes = [row.output_shape or () for row in analysis.rows if _ends_with_relu(row)]
    each = 4 * sum(prod(size or 1 for size in shape) for shape in shapes)
    return max(1, min(_IMAGES, _MOST_BYTES // max(each, 1)))
