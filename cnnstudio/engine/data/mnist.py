"""MNIST: handwritten digits (LeCun and Cortes); a balanced part of it is shipped."""

from cnnstudio.core.project.data import DataFacts
from cnnstudio.engine.data.kind import included

FACTS = DataFacts(
    title="MNIST",
    sample_shape=(28, 28, 1),
    class_names=tuple("0123456789"),
    train_count=10_000,
    test_count=2_000,
    value_range=(0.0, 255.0),
)

MNIST = included("mnist", FACTS, "mnist_10k.npz")
