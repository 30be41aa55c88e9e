"""Random small projects, most of them faulty: any layers in any order, with any training."""

from random import Random

from msgspec import Struct

from cnnstudio.core.layers import (
    Activation,
    Add,
    AveragePooling2D,
    BatchNormalization,
    Concatenate,
    Conv1D,
    Conv2D,
    Dense,
    DepthwiseConv2D,
    Dropout,
    Flatten,
    GaussianDropout,
    GlobalAveragePooling2D,
    Input,
    Layer,
    MaxPooling2D,
    Multiply,
    Rescaling,
    Reshape,
    Softmax,
    SpatialDropout2D,
    UpSampling2D,
)
from cnnstudio.core.network import Network
from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice, Split
from cnnstudio.core.project.training import SGD, Adam, TrainingSettings
from cnnstudio.core.tasks import AnyTask, Classification, Reconstruction, Segmentation
from cnnstudio.core.values.facts import DataFacts

_LOSSES = (
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
    "binary_crossentropy",
    "mean_squared_error",
    "mean_absolute_error",
)
_ACTIVATIONS = ("linear", "relu", "softmax", "sigmoid")


class Case(Struct, frozen=True):
    """A project, and what is known of its data and of the machine."""

    project: Project
    facts: DataFacts | None
    free_memory: int | None


def random_case(seed: int) -> Case:
    """The same one for the same seed."""
    rng = Random(seed)
    facts = rng.choice((None, _facts(rng), _facts(rng), _facts(rng)))
    shape = facts.sample_shape if facts is not None and rng.random() < 0.7 else rng.choice(_SHAPES)
    project = Project(
        network=_network(rng, shape),
        task=_task(rng),
        data=DataChoice(split=Split(validation_share=rng.choice((0.001, 0.2, 0.2, 0.2, 0.5)))),
        training=_training(rng),
    )
    return Case(project, facts, rng.choice((None, None, 10**6, 10**7, 10**9)))


_SHAPES: tuple[tuple[int | None, ...], ...] = (
    (28, 28, 1),
    (32, 32, 3),
    (8, 8, 3),
    (9, 9, 2),
    (None, None, 3),
    (30, 2),
    (12,),
)


def _facts(rng: Random) -> DataFacts:
    classes = rng.choice((2, 3, 10))
    counts = tuple((rng.choice((5, 50, 500)), 0, 0) for _ in range(classes))
    shape = rng.choice(((28, 28, 1), (32, 32, 3), (8, 8, 1)))
    return DataFacts(
        "Data",
        shape,
        tuple(f"c{number}" for number in range(classes)),
        sum(row[0] for row in counts),
        10,
        rng.choice(((0.0, 255.0), (0.0, 1.0))),
        rng.random() < 0.5,
        class_counts=rng.choice(((), counts)),
    )


def _task(rng: Random) -> AnyTask:
    return rng.choice(
        (
            Classification(),
            Classification(),
            Classification(labels="integer"),
            Segmentation(),
            Reconstruction(),
        )
    )


def _training(rng: Random) -> TrainingSettings:
    return TrainingSettings.model_validate(
        {
            "optimizer": rng.choice(
                (Adam(), Adam(), Adam(learning_rate=50.0), SGD(learning_rate=1e-9, momentum=0.9))
            ),
            "loss": rng.choice(_LOSSES),
            "from_logits": rng.random() < 0.2,
            "batch_size": rng.choice((1, 4, 32, 32, 512, 4096)),
            "epochs": rng.choice((1, 3, 30)),
            "patience": rng.choice((None, 1, 5)),
            "start_from": rng.choice((None, None, "trained.h5")),
        }
    )


def _network(rng: Random, shape: tuple[int | None, ...]) -> Network:
    layers: list[Layer] = [Input(name="input", shape=shape)]
    for number in range(rng.randrange(1, 10)):
        layers.append(_layer(rng, f"l{number}", [layer.name for layer in layers]))
    return Network(layers=tuple(layers))


def _layer(rng: Random, name: str, above: list[str]) -> Layer:
    inputs: tuple[str, ...] = ()
    kind, settings = _kind(rng)
    if kind.merges or rng.random() < 0.03:
        inputs = tuple(rng.choice(above[-5:]) for _ in range(rng.choice((1, 2, 2, 2, 3))))
    elif rng.random() < 0.15:
        inputs = (rng.choice(above),)
    trainable = {} if kind.family in ("merging", "pooling") else {"trainable": rng.random() < 0.9}
    return kind.model_validate(
        {"name": name, "inputs": inputs, "enabled": rng.random() < 0.95, **trainable, **settings}
    )


def _kind(rng: Random) -> tuple[type[Layer], dict[str, object]]:
    window = {
        "kernel_size": (rng.choice((1, 2, 3, 5, 9)),) * 2,
        "strides": (rng.choice((1, 1, 1, 2, 3)),) * 2,
        "padding": rng.choice(("valid", "same")),
        "activation": rng.choice(_ACTIVATIONS),
        "dilation_rate": (rng.choice((1, 1, 1, 2)),) * 2,
        "use_bias": rng.random() < 0.7,
    }
    pool = {"pool_size": (rng.choice((2, 2, 3)),) * 2, "padding": rng.choice(("valid", "same"))}
    rate = {"rate": rng.choice((0.0, 0.2, 0.8))}
    units = {"units": rng.choice((1, 2, 3, 10, 512)), "activation": rng.choice(_ACTIVATIONS)}
    filters = {"filters": rng.choice((1, 2, 8, 9))}
    kinds: tuple[tuple[type[Layer], dict[str, object]], ...] = (
        (Conv2D, {**window, **filters, "groups": rng.choice((1, 1, 1, 2))}),
        (Conv2D, {**window, **filters}),
        (Conv1D, {**filters, "kernel_size": rng.choice((1, 3))}),
        (DepthwiseConv2D, dict(window)),
        (MaxPooling2D, dict(pool)),
        (AveragePooling2D, dict(pool)),
        (GlobalAveragePooling2D, {"keepdims": rng.random() < 0.3}),
        (Flatten, {}),
        (Dense, dict(units)),
        (Dense, dict(units)),
        (Dropout, dict(rate)),
        (GaussianDropout, dict(rate)),
        (SpatialDropout2D, dict(rate)),
        (BatchNormalization, {}),
        (Activation, {"activation": rng.choice(_ACTIVATIONS)}),
        (Softmax, {}),
        (Rescaling, {"scale": rng.choice((1 / 255, 1.0, 1 / 65_025))}),
        (UpSampling2D, {}),
        (Reshape, {"target_shape": rng.choice(((4, 4, -1), (-1,)))}),
        (Add, {}),
        (Multiply, {}),
        (Concatenate, {}),
    )
    return rng.choice(kinds)
