"""Getting slow libraries ready before they are needed."""

import numpy as np

from cnnstudio.core.layers import Conv2D, Dense, Flatten, Input
from cnnstudio.core.network import Network
from cnnstudio.core.project.training import TrainingSettings
from cnnstudio.core.tasks import Classification
from cnnstudio.engine.keras.library import KERAS_LOCK, load_keras
from cnnstudio.engine.keras.model import build_model, compile_model


def load_file_libraries() -> None:
    """Import what reads pictures, weights and the free memory; slow: call it in a background thread."""
    import h5py  # noqa: F401
    import PIL.Image  # noqa: F401
    import psutil  # noqa: F401


def warm_up() -> None:
    """Import Keras and run one batch through a tiny network, so that the first training starts at once.

    Takes seconds and blocks: call it in a background thread. Any number of threads may call it, and
    training may start meanwhile. Never raises for a missing or broken TensorFlow: training will tell.
    """
    try:
        load_keras()
        _train_one_batch()
    except (ImportError, OSError, RuntimeError, ValueError):
        return


def _train_one_batch() -> None:
    network = Network(
        layers=(
            Input(name="input", shape=(8, 8, 1)),
            Conv2D(name="conv", filters=2),
            Flatten(name="flatten"),
            Dense(name="dense", units=2, activation="softmax"),
        )
    )
    images, labels = np.zeros((4, 8, 8, 1), np.uint8), np.eye(2, dtype=np.float32)[[0, 1, 0, 1]]
    with KERAS_LOCK:
        model = build_model(network)
        compile_model(model, TrainingSettings(), Classification())
    model.fit(images, labels, validation_data=(images, labels), batch_size=4, epochs=1, verbose=0)
