"""Fashion-MNIST: pictures of clothes (Xiao, Rasul and Vollgraf 2017); a part of it is shipped."""

from cnnstudio.core.project.data import DataFacts
from cnnstudio.engine.data.kind import included

FACTS = DataFacts(
    title="Fashion-MNIST",
    sample_shape=(28, 28, 1),
    class_names=(
        "T-shirt",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
    train_count=6_000,
    test_count=1_000,
    value_range=(0.0, 255.0),
)

FASHION_MNIST = included("fashion_mnist", FACTS, "fashion_mnist_6k.npz")
