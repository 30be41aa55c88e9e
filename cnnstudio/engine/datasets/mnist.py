"""MNIST: handwritten digits (LeCun and Cortes); a balanced part of it is shipped."""

from cnnstudio.core.data import DataFacts
from cnnstudio.engine.datasets.base import DatasetKind, Images
from cnnstudio.engine.datasets.npz import read_npz
from cnnstudio.engine.resources import resource_path

FACTS = DataFacts(
    title="MNIST",
    sample_shape=(28, 28, 1),
    class_names=tuple("0123456789"),
    train_count=10_000,
    test_count=2_000,
    value_range=(0.0, 255.0),
)


def _load() -> Images:
    return read_npz(resource_path("data", "mnist_10k.npz"), FACTS)


MNIST = DatasetKind("mnist", FACTS, _load)
