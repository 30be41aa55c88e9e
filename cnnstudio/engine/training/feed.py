"""From a stream to what Keras's `fit` eats: batches made while the one before is trained on.

The order of each epoch is drawn in one piece by the stream's own rule; TensorFlow cuts it into batches and
asks the stream for each. `scripts/bench training` measures it against plain arrays.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np

from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.data.stream import Batch, Stream, order
from cnnstudio.engine.evaluation.target import Target
from cnnstudio.engine.training.probing import ReadingTime

_TRIES = 10
_AHEAD = 2
"""Batches that are ready while one is trained on."""


class ReadErrors:
    """Keeps why a stream could not be read: TensorFlow, which asks it, would tell it in words of its own."""

    def __init__(self) -> None:
        self._first: StudioError | None = None

    def kept(self, read: Callable[[Any], Batch]) -> Callable[[Any], Batch]:
        """The same reading, its errors kept; called in TensorFlow's threads."""

        def reading(places: Any) -> Batch:
            try:
                return read(places)
            except StudioError as error:
                self._first = self._first or error
                raise

        return reading

    @contextmanager
    def told(self) -> Iterator[None]:
        """Raise what was kept in place of what TensorFlow made of it."""
        try:
            yield
        except Exception as error:
            if self._first is None or isinstance(error, StudioError):
                raise
            raise self._first from error


def shuffled(
    stream: Stream,
    batch_size: int,
    target: Target,
    seed: int,
    first_epoch: int,
    errors: ReadErrors,
    reading: ReadingTime | None = None,
    class_weights: Sequence[float] = (),
) -> Any:
    """A `tf.data.Dataset` that gives another epoch each time it is gone through, from `first_epoch` on.

    `errors` keeps what the stream refuses; `reading` is told how long it takes for its batches. With
    `class_weights`, one for each class, a batch also says how much each of its samples counts in the loss.
    """
    import tensorflow as tf

    epochs = iter(range(first_epoch, 10**9))

    def next_order() -> Any:
        yield order(len(stream), seed, next(epochs))

    orders = tf.data.Dataset.from_generator(next_order, output_signature=tf.TensorSpec((None,), tf.int64))
    batches = _batch_count(stream, batch_size)

    def cut(whole: Any) -> Any:
        parts = tf.data.Dataset.range(batches)
        return parts.map(lambda part: whole[part * batch_size : (part + 1) * batch_size])

    fed = _filled(orders.flat_map(cut), stream, target, errors, reading, class_weights)
    return fed.apply(tf.data.experimental.assert_cardinality(batches))


def unshuffled(stream: Stream, batch_size: int, target: Target, errors: ReadErrors) -> Any:
    """A `tf.data.Dataset` of all samples as they stand."""
    import tensorflow as tf

    places = tf.data.Dataset.range(len(stream)).batch(batch_size)
    return _filled(places, stream, target, errors)


def _filled(
    places: Any,
    stream: Stream,
    target: Target,
    errors: ReadErrors,
    reading: ReadingTime | None = None,
    class_weights: Sequence[float] = (),
) -> Any:
    """Batches of pictures and targets in place of batches of places."""
    import tensorflow as tf

    shape = stream.facts.sample_shape
    has_masks = stream.facts.has_masks

    some = partial(_some_of, stream)
    timed = some if reading is None else reading.timed(some)
    given = errors.kept(timed)

    def read(wanted: Any) -> tuple[Any, ...]:
        batch = given(wanted)
        masks = np.zeros(0, np.uint8) if batch.masks is None else batch.masks
        return batch.pixels, batch.labels, masks

    def batch_at(wanted: Any) -> Any:
        pixels, labels, masks = tf.numpy_function(
            read, [wanted], [tf.uint8, tf.int64, tf.uint8], stateful=False
        )
        pixels.set_shape((None, *shape))
        labels.set_shape((None,))
        if has_masks:
            masks.set_shape((None, *shape[:2]))
        if not class_weights:
            return pixels, target(pixels, labels, masks)
        weights = tf.gather(tf.constant(class_weights, tf.float32), labels)
        return pixels, target(pixels, labels, masks), weights

    return places.map(batch_at).prefetch(_AHEAD)


def _some_of(stream: Stream, places: Any) -> Batch:
    """The samples at some places that can be read; the next that can where none of them can: Keras takes no
    empty batch.
    """
    for step in range(_TRIES):
        batch = stream.batch((places[:1] + step) % len(stream) if step else places)
        if len(batch.labels):
            break
    else:
        stream.sample(int(places[0]))  # says why
    return batch


def _batch_count(stream: Stream, batch_size: int) -> int:
    return -(-len(stream) // batch_size)
