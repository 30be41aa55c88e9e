"""From a stream to what Keras's `fit` eats: batches made while the one before is trained on.

The order of each epoch is drawn in one piece by the stream's own rule; TensorFlow cuts it into batches and
asks the stream for each. `scripts/bench training` measures it against plain arrays.
"""

from typing import Any

import numpy as np

from cnnstudio.engine.data.stream import Stream, order
from cnnstudio.engine.evaluation.target import Target
from cnnstudio.engine.training.probing import ReadingTime

_AHEAD = 2
"""Batches that are ready while one is trained on."""


def shuffled(
    stream: Stream,
    batch_size: int,
    target: Target,
    seed: int,
    first_epoch: int,
    reading: ReadingTime | None = None,
) -> Any:
    """A `tf.data.Dataset` that gives another epoch each time it is gone through, from `first_epoch` on.

    `reading` is told how long the stream takes for its batches.
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

    fed = _filled(orders.flat_map(cut), stream, target, reading)
    return fed.apply(tf.data.experimental.assert_cardinality(batches))


def unshuffled(stream: Stream, batch_size: int, target: Target) -> Any:
    """A `tf.data.Dataset` of all samples as they stand."""
    import tensorflow as tf

    places = tf.data.Dataset.range(len(stream)).batch(batch_size)
    return _filled(places, stream, target)


def _filled(places: Any, stream: Stream, target: Target, reading: ReadingTime | None = None) -> Any:
    """Batches of pictures and targets in place of batches of places."""
    import tensorflow as tf

    shape = stream.facts.sample_shape
    has_masks = stream.facts.has_masks

    given = stream.batch if reading is None else reading.timed(stream.batch)

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
        return pixels, target(pixels, labels, masks)

    return places.map(batch_at).prefetch(_AHEAD)


def _batch_count(stream: Stream, batch_size: int) -> int:
    return -(-len(stream) // batch_size)
